"""Concept tests: whether the logit of a class depends on what a label names."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from analysis.explanations.concept_evidence import LabelledRegions, LayerEvidence
from analysis.explanations.concept_records import ConceptResult, Verdict
from analysis.explanations.concept_scores import mean_slopes, scores_against_sets, scores_of_each
from analysis.explanations.concept_settings import ConceptSettings
from analysis.explanations.concept_space import ConceptSpace, concept_space
from analysis.explanations.held_out import folds_of, held_out_accuracy
from analysis.explanations.random_concepts import Hands, random_concepts

Table = NDArray[np.float64]
MIDDLE = 0.95
_BLOCK = 499  # random concepts at once, and as many whose accuracy is measured
_ROUNDING = 1e-9


def concept_tests(
    layers: Iterable[LayerEvidence], settings: ConceptSettings | None = None
) -> tuple[ConceptResult, ...]:
    r"""Test every label in every layer, and correct for so many tests.

    The label's direction in a layer is the normal v of a linear classifier between its regions and others of
    the layer. Its TCAV score against one random set of such others, as large as itself, is

    .. math:: \frac{1}{N} \#\{n : g_n \cdot v > 0\}

    for the gradients g of the class's N images; the score is the mean over the sets. What is tested is the
    mean slope t of the logit along the unit v, against all others at once: two-sided, by the share of
    `random_concepts` whose t* is as far from their mean,

    .. math:: p = (1 + \#\{|t^* - \bar t| \ge |t - \bar t|\}) / (1 + R);

    they go through the very same. R is `randoms`, or less where `enough` lie so far out before. p is then
    corrected by Benjamini and Hochberg's rule: of confirmed labels, a share of `level` at most is expected to
    be wrong. Confirmed is only what can also be told from the other regions, on images held out, better
    than random concepts can; for the class where score and slope are up, against it where both are down.

    Args:
        layers: of one class; each name once.
        settings: thresholds and seed; the defaults where None.

    Returns:
        One result for each label in each layer, layers in their order, labels by group.

    Sources: arXiv 1711.11279; Besag and Clifford 1991, doi 10.1093/biomet/78.2.301; Benjamini and Hochberg
    1995, doi 10.1111/j.2517-6161.1995.tb02031.x.
    """
    chosen = settings or ConceptSettings()
    results = [result for layer in layers for result in _layer(layer.in_order(), chosen)]
    tested = [result.p for result in results if result.p is not None]
    corrected = iter(false_discovery_control(tested).tolist() if tested else ())
    return tuple(
        result if result.p is None else _judged(replace(result, corrected_p=next(corrected)), chosen.level)
        for result in results
    )


def is_testable(layer: LayerEvidence, label: LabelledRegions, settings: ConceptSettings) -> bool:
    """Whether there are enough regions with the label and without it, in enough images, for a verdict."""
    carries = layer.carries(label)
    images = min(len(np.unique(layer.images[carries])), len(layer.class_images))
    return min(carries.sum(), (~carries).sum()) >= settings.examples and images >= settings.images


def _layer(layer: LayerEvidence, settings: ConceptSettings) -> Iterator[ConceptResult]:
    space: ConceptSpace | None = None
    for label in sorted(layer.labels, key=lambda label: label.group):
        if not is_testable(layer, label, settings):
            yield _unknown(layer, label)
            continue
        space = space or concept_space(np.asarray(layer.vectors), np.asarray(layer.gradients))
        yield _tested(layer, label, space, settings)


def _tested(
    layer: LayerEvidence, label: LabelledRegions, space: ConceptSpace, settings: ConceptSettings
) -> ConceptResult:
    carries = layer.carries(label)
    dice = np.random.default_rng([settings.seed, zlib.crc32(layer.layer.encode()), label.group])
    folds = folds_of(layer.images, settings.folds, dice)
    scores = scores_against_sets(space, carries, settings.sets, dice)
    slope = float(mean_slopes(space, carries[None])[0])
    accuracy = float(held_out_accuracy(space.inner, carries[None], folds)[0])
    first = random_concepts(layer.images, carries, _BLOCK, dice)
    slopes = _random_slopes(layer.images, carries, space, slope, first, settings, dice)
    as_well = held_out_accuracy(space.inner, first, folds) >= accuracy - _ROUNDING
    low, high = np.quantile(scores, [(1 - MIDDLE) / 2, (1 + MIDDLE) / 2]).tolist()
    spread, size = float(slopes.std()), float(np.abs(slopes).max())
    return replace(
        _unknown(layer, label),
        score=float(scores.mean()),
        low=low,
        high=high,
        random_score=float(scores_of_each(space, first, dice).mean()),
        sensitivity=(slope - float(slopes.mean())) / spread if spread > _ROUNDING * size else 0.0,
        p=_share(_as_far(slope, slopes), len(slopes)),
        accuracy=accuracy,
        accuracy_p=_share(int(as_well.sum()), len(first)),
        sets=settings.sets,
    )


def _random_slopes(
    images: NDArray[np.integer],
    carries: Hands,
    space: ConceptSpace,
    slope: float,
    first: Hands,
    settings: ConceptSettings,
    dice: np.random.Generator,
) -> Table:
    """Of random concepts, `first` and others, until enough of them lie as far out as the label."""
    slopes = mean_slopes(space, first)
    while len(slopes) < settings.randoms and _as_far(slope, slopes) < settings.enough:
        concepts = random_concepts(images, carries, min(_BLOCK, settings.randoms - len(slopes)), dice)
        slopes = np.append(slopes, mean_slopes(space, concepts))
    return slopes


def _as_far(slope: float, slopes: Table) -> int:
    """How many of the random slopes are as far from their mean, but for rounding."""
    away, least = np.abs(slopes - slopes.mean()), abs(slope - float(slopes.mean()))
    return int((away >= least - _ROUNDING * max(least, float(np.abs(slopes).max()))).sum())


def _share(count: int, draws: int) -> float:
    return (1 + count) / (1 + draws)


def _judged(result: ConceptResult, level: float) -> ConceptResult:
    """With the verdict that its numbers bear out."""
    verdict: Verdict = "not confirmed"
    if _certain(result, level):
        assert result.score is not None
        assert result.sensitivity is not None
        if result.score > 0.5 and result.sensitivity > 0:
            verdict = "confirmed for"
        elif result.score < 0.5 and result.sensitivity < 0:
            verdict = "confirmed against"
    return replace(result, verdict=verdict)


def _certain(result: ConceptResult, level: float) -> bool:
    return all(p is not None and p <= level for p in (result.corrected_p, result.accuracy_p))


def _unknown(layer: LayerEvidence, label: LabelledRegions) -> ConceptResult:
    carries = layer.carries(label)
    return ConceptResult(
        group=label.group,
        name=label.name,
        layer=layer.layer,
        verdict="too few examples",
        score=None,
        low=None,
        high=None,
        random_score=None,
        sensitivity=None,
        p=None,
        corrected_p=None,
        accuracy=None,
        accuracy_p=None,
        examples=int(carries.sum()),
        images=len(np.unique(layer.images[carries])),
        class_images=len(layer.class_images),
        sets=0,
    )
