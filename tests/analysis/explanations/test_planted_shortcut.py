"""A network tells one class by a coloured mark: the mark's label is confirmed for it and for no other."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray

from analysis.explanations.concept_activations import PhotoRegions, collect
from analysis.explanations.concept_evidence import LabelledRegions, LayerEvidence
from analysis.explanations.concept_records import ConceptResult
from analysis.explanations.concept_settings import ConceptSettings
from analysis.explanations.concepts import concept_tests
from tests.analysis.explanations.planted import (
    MARKED,
    SIDE,
    Box,
    Picture,
    accuracy,
    pictures,
    planted_network,
)

LAYERS = {"1": 16, "3": 8, "5": 8}
DEEPEST = "5"
PATCH = 8
MARK, DISC, ANY = 0, 1, 2
NAMES = {MARK: "red mark", DISC: "green disc", ANY: "anything"}
SETTINGS = ConceptSettings(randoms=999)


def test_the_network_has_learnt_the_shortcut() -> None:
    network = planted_network()
    assert accuracy(network, pictures(90, seed=5)) > 0.95
    without = [one for one in pictures(90, seed=6, marked=False) if one.kind == MARKED]
    assert accuracy(network, without) < 0.2, "without its mark the class is not seen"


def test_the_mark_is_confirmed_for_its_class() -> None:
    found = {result.layer: result for result in results(MARKED) if result.group == MARK}
    assert found[DEEPEST].verdict == "confirmed for"
    assert found[DEEPEST].score == 1
    assert {result.verdict for result in found.values()} <= {"confirmed for", "not confirmed"}


def test_and_for_no_other() -> None:
    for kind in (1, 2):
        found = {result.layer: result for result in results(kind) if result.group == MARK}
        assert "confirmed for" not in {result.verdict for result in found.values()}
        assert found[DEEPEST].verdict == "confirmed against", (
            "with the mark, the network sees the marked class"
        )
        assert found[DEEPEST].score == 0


def test_patches_of_anything_are_not_confirmed() -> None:
    verdicts = [result.verdict for kind in range(3) for result in results(kind) if result.group == ANY]
    assert verdicts == ["not confirmed"] * 9


def test_discs_speak_for_no_class_where_it_is_decided() -> None:
    """They lie on half of all pictures; what they hide can speak against a class."""
    deep = [
        result
        for kind in range(3)
        for result in results(kind)
        if result.group == DISC and result.layer == DEEPEST
    ]
    assert len(deep) == 3
    assert "confirmed for" not in {result.verdict for result in deep}


def test_labels_that_fell_by_chance_are_confirmed_as_rarely_as_the_level_says() -> None:
    """Forty in each layer, on regions of the network that has learnt something."""
    dice = np.random.default_rng(3)
    layers = [
        LayerEvidence(
            layer.layer, layer.regions, layer.images, layer.vectors, layer.class_images, layer.gradients,
            [
                LabelledRegions(n, "noise", frozenset(dice.choice(layer.regions, 16, replace=False).tolist()))
                for n in range(40)
            ],
        )
        for layer in evidence(MARKED)
    ]  # fmt: skip
    for layer in layers:
        found = concept_tests([layer], ConceptSettings(randoms=499))
        assert sum(result.verdict != "not confirmed" for result in found) <= 2


@cache
def results(kind: int) -> tuple[ConceptResult, ...]:
    return concept_tests(evidence(kind), SETTINGS)


@cache
def evidence(kind: int) -> tuple[LayerEvidence, ...]:
    """Forty pictures of the class, all with a mark, whatever the class; boxes instead of saliency regions."""
    shown = [one for one in pictures(120, seed=50 + kind, marked=True) if one.kind == kind]
    dice = np.random.default_rng(kind)
    boxes = [boxes_of(one, dice) for one in shown]
    flat = [(image, label, box) for image, own in enumerate(boxes) for label, box in own]
    photos = [
        PhotoRegions(
            image,
            torch.from_numpy(one.pixels),
            kind,
            {
                layer: {n: box_map(box, side) for n, (own, _, box) in enumerate(flat) if own == image}
                for layer, side in LAYERS.items()
            },
        )
        for image, one in enumerate(shown)
    ]
    found = collect(planted_network(), photos, list(LAYERS))
    labels = [
        LabelledRegions(
            group, name, frozenset(n for n, (_, label, _) in enumerate(flat) if chosen(n, label, group))
        )
        for group, name in NAMES.items()
    ]
    return tuple(
        LayerEvidence(name, own.regions, own.images, own.vectors, own.photos, own.gradients, labels)
        for name, own in found.items()
    )


def boxes_of(shown: Picture, dice: np.random.Generator) -> Sequence[tuple[int, Box]]:
    """The mark, the disc, and two patches anywhere."""
    named = [(MARK, shown.mark), (DISC, shown.disc)]
    corners = dice.integers(0, SIDE - PATCH + 1, (2, 2)).tolist()
    patches = [(ANY, (top, left, top + PATCH, left + PATCH)) for top, left in corners]
    return [(label, box) for label, box in named if box is not None] + patches


def chosen(number: int, label: int, group: int) -> bool:
    """Half of the patches carry a label, the others are there to be compared with."""
    return label == group and (group != ANY or number % 2 == 0)


def box_map(box: Box, side: int) -> NDArray[np.float32]:
    """The share of each of a layer's positions that lies in the box, (side, side)."""
    pixels = np.zeros((SIDE, SIDE), np.float32)
    top, left, bottom, right = box
    pixels[top:bottom, left:right] = 1
    found: NDArray[np.float32] = pixels.reshape(side, SIDE // side, side, SIDE // side).mean(axis=(1, 3))
    return found
