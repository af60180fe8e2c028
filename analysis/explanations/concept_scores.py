"""Slopes and TCAV scores of concepts in one layer: the label's and random ones by the same functions."""

import numpy as np
from numpy.typing import NDArray

from analysis.explanations.concept_space import ConceptSpace
from analysis.explanations.random_concepts import Hands, random_sets

Table = NDArray[np.float64]


def mean_slopes(space: ConceptSpace, concepts: Hands) -> Table:
    """Mean over the class's images of the logit's slope from all other regions towards each concept, (R,)."""
    found: Table = space.derivatives(shares(concepts) - shares(~concepts)).mean(axis=1)
    return found


def scores_against_sets(
    space: ConceptSpace, concept: NDArray[np.bool_], sets: int, dice: np.random.Generator
) -> Table:
    """TCAV scores of one concept, (M,), against `sets` random sets of its size, or of all others if fewer."""
    others = np.flatnonzero(~concept)
    size = min(int(concept.sum()), len(others))
    drawn = random_sets(others, size, sets, len(concept), dice)
    return _scores(space, shares(concept[None]) - shares(drawn))


def scores_of_each(space: ConceptSpace, concepts: Hands, dice: np.random.Generator) -> Table:
    """TCAV scores of concepts of one size, (R, M), each against one random set of its own, (R,)."""
    size = int(min(concepts[0].sum(), (~concepts[0]).sum()))
    luck = np.where(concepts, -1, dice.random(concepts.shape))
    picked = np.argpartition(luck, -size, axis=1)[:, -size:]
    sets = np.zeros_like(concepts)
    np.put_along_axis(sets, picked, True, axis=1)
    return _scores(space, shares(concepts) - shares(sets))


def shares(sets: Hands) -> Table:
    """The same weight for each region of a set, as rows that sum to 1; none may be empty."""
    found: Table = sets / sets.sum(axis=1, keepdims=True)
    return found


def _scores(space: ConceptSpace, differences: Table) -> Table:
    found: Table = (space.derivatives(differences) > 0).mean(axis=1)
    return found
