"""How labels go through the layers of a class, from shallow to deep."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

from analysis.explanations.class_records import ClassTrends, ImageEvidence, Trend
from analysis.explanations.mentions import in_order
from analysis.explanations.records import Sign
from analysis.explanations.trend_table import TrendTable

STEEPEST = 3
DRAWS = 1000
CONFIDENCE = 0.95
_AT_ONCE = 5_000_000  # numbers held while drawing


def class_trends(
    images: Iterable[ImageEvidence],
    layers: Sequence[str],
    *,
    sign: Sign = "supports",
    steepest: int = STEEPEST,
    draws: int = DRAWS,
    confidence: float = CONFIDENCE,
    seed: int = 0,
) -> ClassTrends:
    r"""Fit a straight line to the mean score of each label in each layer.

    .. math:: \bar s_l = \frac{1}{n_l} \sum_{i \ni l} s_{il}, \quad
              b = \sum_l (x_l - \bar x) \bar s_l / \sum_l (x_l - \bar x)^2

    with s_il the label's score in layer l of image i, summed over regions and 0 where it is absent; n_l the
    images that have the layer; x_l = 0 for the first of `layers`, 1 for the last, evenly spaced. Layers that
    no image has are left out of the line.

    The interval resamples images with replacement, all layers of an image together, and takes percentiles,
    for few images wider ones: see `spread`. Resamples in which the slope is undefined are left out. Each
    interval is of its own label: of the steepest of many, some are steep by chance.

    Args:
        images: of one class, any order.
        layers: all layers of the study, shallow to deep.
        sign: of the regions that count.
        steepest: how many labels to name in `rising` and `falling`, of slopes above and below 0.
        draws: resamples, at least 1; the same for the same `seed`.
        confidence: of the interval, between 0 and 1.

    Raises:
        ValueError: a parameter out of range, or as `explain_class`.

    Source: arXiv 2405.03301.
    """
    if draws < 1 or steepest < 0 or not 0 < confidence < 1:
        raise ValueError("draws must be positive, steepest not negative, and confidence between 0 and 1")
    table = TrendTable.of(in_order(images, layers), layers, sign)
    reason = table.reason()
    if reason is not None:
        plain = sorted(_undefined(table), key=_by_name)
        return ClassTrends(tuple(layers), sign, tuple(plain), (), (), reason)
    drawn = _resampled(table, draws, np.random.default_rng(seed))
    trends = sorted(_defined(table, spread(drawn, len(table.has), confidence)), key=_by_name)
    down = sorted(trends, key=lambda trend: -(trend.slope or 0))
    up = sorted(trends, key=lambda trend: trend.slope or 0)
    return ClassTrends(
        layers=tuple(layers),
        sign=sign,
        trends=tuple(down),
        rising=tuple(trend.group for trend in down if (trend.slope or 0) > 0)[:steepest],
        falling=tuple(trend.group for trend in up if (trend.slope or 0) < 0)[:steepest],
        reason=None,
    )


def spread(drawn: NDArray[np.float64], images: int, confidence: float) -> NDArray[np.float64]:
    r"""Interval of each column of resampled values, (draws, G) -> (2, G); rows of NaN are left out.

    .. math:: q = \Phi(-\sqrt{n / (n - 1)} \, t_{n-1, (1 + c) / 2})

    is the lower percentile for n images, 1 - q the upper: plain percentiles are too narrow for few. NaN where
    no row is defined.

    Source: Hesterberg 2015, What teachers should know about the bootstrap, doi 10.1080/00031305.2015.1089789.
    """
    defined = drawn[~np.isnan(drawn).any(axis=1)]
    if not len(defined):
        return np.full((2, drawn.shape[1]), np.nan)
    q = norm.cdf(-np.sqrt(images / (images - 1)) * t.ppf((1 + confidence) / 2, images - 1))
    ends: NDArray[np.float64] = np.quantile(defined, [q, 1 - q], axis=0)
    return ends


def _resampled(table: TrendTable, draws: int, dice: np.random.Generator) -> NDArray[np.float64]:
    images, layers = table.has.shape
    at_once = max(1, _AT_ONCE // (images * layers))
    even = np.full(images, 1 / images)
    return np.concatenate(
        [
            table.slopes(dice.multinomial(images, even, min(at_once, draws - first)).astype(np.float64))
            for first in range(0, draws, at_once)
        ]
    )


def _defined(table: TrendTable, ends: NDArray[np.float64]) -> list[Trend]:
    slopes, intercepts = table.line()
    lines = np.stack([slopes, intercepts, *ends], axis=1)
    return [
        Trend(group, name, _row(row), *_row(line))
        for (group, name), row, line in zip(table.labels, table.means(), lines, strict=True)
    ]


def _undefined(table: TrendTable) -> list[Trend]:
    return [
        Trend(group, name, _row(row), None, None, None, None)
        for (group, name), row in zip(table.labels, table.means(), strict=True)
    ]


def _row(means: NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(mean) else float(mean) for mean in means)


def _by_name(trend: Trend) -> tuple[str, int]:
    return trend.name, trend.group
