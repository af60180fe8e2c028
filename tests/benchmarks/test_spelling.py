"""How many real errors are put right, what is changed that was right, and how many words a second."""

import math
import time
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from analysis.labels.correction import corrections
from analysis.labels.known_words import is_word
from analysis.labels.meant_words import NEAR, SPLIT, Candidate, near_candidates, split_candidates
from analysis.labels.scope_words import ScopeWords
from analysis.labels.slips import slip_meant
from analysis.labels.spelling import suggestion
from tests.analysis.labels.misspelt import Misspelt, misspelt, typed_by_scope
from tests.benchmarks.tables import Cell, publish

FOLDS, RIDGE, WEIGHT_OF_RIGHT = 5, 0.1, 0.5
NAMES = ["changed", *NEAR, "parted", *(f"{name} of parts" for name in SPLIT)]
PRIOR = {"changed": 5.0, "itself": 3.0, "cost": 1.0, "common": 1.8, "rare": 2.5}

Floats = NDArray[np.float64]
Choice = tuple[Misspelt, list[str], Floats]
"""A word, what it may have meant, and the evidence for each."""


@pytest.mark.benchmark_table
def test_errors_that_people_made(capsys: pytest.CaptureFixture[str]) -> None:
    words, typed = misspelt(), typed_by_scope()
    scopes = [typed.get(one.scope, Counter()) + Counter([one.phrase]) for one in words]
    ways = {
        "dictionary, one edit": [suggestion(one.word, "en") or one.word for one in words],
        "alone": [_meant(one, Counter([one.phrase])) for one in words],
        "with its scope": [_meant(one, counts) for one, counts in zip(words, scopes, strict=True)],
        "weights of other scopes": _by_others(words, scopes),
    }
    rows: list[dict[str, Cell]] = [
        {
            "way": way,
            "errors right": sum(
                given in one.right for one, given in zip(words, meant, strict=True) if one.is_error
            ),
            "of errors": sum(one.is_error for one in words),
            "right changed": sum(
                given not in one.right for one, given in zip(words, meant, strict=True) if not one.is_error
            ),
            "of right": sum(not one.is_error for one in words),
        }
        for way, meant in ways.items()
    ]
    with capsys.disabled():
        publish("spelling", rows, "Weights were chosen on these words, but for the last row.")


@pytest.mark.benchmark_table
def test_words_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    corrections({"load the wrods": 1}, "en", ["lists"])
    typed, unknown = typed_by_scope(), {one.word: 1 for one in misspelt()}
    start = time.process_time()
    for scope, counts in typed.items():
        corrections(counts, "en", [scope])
    between = time.process_time()
    corrections(unknown, "en")
    end = time.process_time()
    words = sum(len(text.split()) for counts in typed.values() for text in counts)
    rows: list[dict[str, Cell]] = [
        {"words": "as typed, by scope", "number": words, "a second": round(words / (between - start))},
        {"words": "none known", "number": len(unknown), "a second": round(len(unknown) / (end - between))},
    ]
    with capsys.disabled():
        publish("spelling_speed", rows, "Seconds of one core, after the lists are loaded.")


def _meant(one: Misspelt, counts: Counter[str]) -> str:
    found = corrections(counts, "en", [one.scope]).get(one.phrase, ())
    return {each.word: each.meant for each in found}.get(one.word, one.word)


def _by_others(words: Sequence[Misspelt], scopes: Sequence[Counter[str]]) -> list[str]:
    """By weights that were fitted to the words of the other scopes, a fifth of the scopes at a time."""
    names = sorted({one.scope for one in words})
    np.random.default_rng(0).shuffle(names)
    choices = [_choice(one, counts) for one, counts in zip(words, scopes, strict=True)]
    meant = [one.word for one in words]
    for fold in range(FOLDS):
        aside = set(names[fold::FOLDS])
        weights = _fitted([choice for choice in choices if choice[0].scope not in aside])
        for place, (one, rivals, evidence) in enumerate(choices):
            if one.scope in aside:
                scores = evidence @ weights
                meant[place] = [*rivals, one.word][int(np.argmax([*scores, 0.0]))]
    return meant


def _choice(one: Misspelt, counts: Counter[str]) -> Choice:
    slip = slip_meant(one.word, "en")
    if is_word(one.word) or slip:
        sure = np.zeros((1, len(NAMES)))
        sure[0, 0] = 100
        return (one, [slip], sure) if slip and not is_word(one.word) else (one, [], sure[:0])
    scope = ScopeWords(counts, [one.scope])
    rivals = [*near_candidates([one.word], scope, "en"), *split_candidates([one.word], scope, "en")]
    evidence = np.array([_row(rival) for rival in rivals]).reshape(-1, len(NAMES))
    return one, [rival.meant for rival in rivals], evidence


def _row(rival: Candidate) -> list[float]:
    near, parts = dict.fromkeys(NEAR, 0.0), dict.fromkeys(SPLIT, 0.0)
    if " " in rival.meant:
        return [0.0, *near.values(), 1.0, *(parts | rival.evidence).values()]
    return [1.0, *(near | rival.evidence).values(), 0.0, *parts.values()]


def _fitted(choices: Sequence[Choice]) -> Floats:
    """Weights of a conditional logit, drawn towards those of the misspellings that edits were fitted to."""
    prior = np.array([PRIOR.get(name, 0.0) for name in NAMES])
    told = [
        (
            evidence,
            np.array([each in one.right for each in (*rivals, one.word)]),
            1 if one.is_error else WEIGHT_OF_RIGHT,
        )
        for one, rivals, evidence in choices
        if len(rivals) > 1 and any(each in one.right for each in (*rivals, one.word))
    ]

    def loss(weights: Floats) -> tuple[float, Floats]:
        away = weights - prior
        total, slope = RIDGE * float(away @ away), 2 * RIDGE * away
        for evidence, right, weight in told:
            scores = np.append(evidence @ weights, 0.0)
            odds = np.exp(scores - scores.max())
            odds /= odds.sum()
            likely = odds[right].sum()
            total -= weight * math.log(likely)
            slope -= weight * evidence.T @ (np.where(right, odds / likely, 0) - odds)[:-1]
        return total, slope

    return np.asarray(minimize(loss, prior, jac=True, method="L-BFGS-B").x, dtype=np.float64)
