"""Trends over layers: slopes by hand and by SciPy, intervals by the t formula."""

import random

import numpy as np
import pytest
from scipy.stats import linregress, norm, t

from analysis.explanations.class_records import ClassTrends, ImageEvidence, Trend
from analysis.explanations.export import LocalRecord
from analysis.explanations.trend_table import TrendTable, coefficients
from analysis.explanations.trends import class_trends, spread
from tests.analysis.explanations.classes import LAYERS, image, region, scored


def of(trends: ClassTrends, group: int) -> Trend:
    (found,) = (trend for trend in trends.trends if trend.group == group)
    return found


def three() -> list[ImageEvidence]:
    return [
        scored(1, {1: 1.0}, {1: 2.0}, {1: 6.0, 2: 1.0}),
        scored(2, {}, {1: 1.0}, {2: 3.0}),
        scored(3, {2: 8.0}, {}, {}),
    ]


def test_slopes_are_of_the_means_with_absent_labels_as_zero() -> None:
    trends = class_trends(three(), LAYERS)
    stripes, legs = of(trends, 1), of(trends, 2)
    assert stripes.means == pytest.approx((1 / 3, 1.0, 2.0))
    assert legs.means == pytest.approx((8 / 3, 0.0, 4 / 3))
    assert stripes.slope == pytest.approx(2 - 1 / 3)
    assert legs.slope == pytest.approx(4 / 3 - 8 / 3)
    assert stripes.intercept == pytest.approx((1 / 3 + 1 + 2) / 3 - 0.5 * 5 / 3)
    assert (trends.rising, trends.falling) == ((1,), (2,))
    assert [trend.group for trend in trends.trends] == [1, 2]


def test_several_regions_of_a_layer_add_up_and_opposing_ones_do_not_count() -> None:
    one = image(
        1,
        {
            "deep": [region(1, 0.1, {1: 2.0}), region(2, 0.4, {2: 3.0, 1: 1.0})],
            "shallow": [region(3, 0.1, {1: 7.0}, sign="opposes")],
        },
    )
    trends = class_trends([one, scored(2, {}, {}, {})], LAYERS)
    assert of(trends, 1).means == pytest.approx((0, 0, 1.5))
    assert of(class_trends([one, scored(2, {}, {}, {})], LAYERS, sign="opposes"), 1).means == (3.5, 0, 0)


def test_a_label_that_is_best_nowhere_has_no_trend_but_one_that_is_counts_everywhere() -> None:
    images = [scored(1, {1: 2.0, 2: 1.0, 3: 0.5}, {2: 5.0}, {}), scored(2, {}, {}, {})]
    trends = class_trends(images, LAYERS)
    assert {trend.group for trend in trends.trends} == {1, 2}
    assert of(trends, 2).means == pytest.approx((0.5, 2.5, 0))


@pytest.mark.parametrize("seed", range(4))
def test_lines_equal_scipys(seed: int) -> None:
    rng = random.Random(seed)
    layers = [f"layer {i}" for i in range(7)]
    images = []
    for number in range(8):
        own = [layer for layer in layers if layer != "layer 3" and rng.random() < 0.8]
        shown = {
            layer: [region(10 * number + i, 0.2, {g: rng.random() for g in (1, 2)})]
            for i, layer in enumerate(own)
        }
        images.append(image(number, shown, layers=own))
    trends = class_trends(images, layers)
    for trend in trends.trends:
        assert trend.means[3] is None
        known = [(i / 6, mean) for i, mean in enumerate(trend.means) if mean is not None]
        line = linregress(*np.array(known).T)
        assert trend.slope == pytest.approx(line.slope)
        assert trend.intercept == pytest.approx(line.intercept)


def noisy(count: int, seed: int) -> list[ImageEvidence]:
    rng = np.random.default_rng(seed)
    return [scored(i, *({1: float(s)} for s in rng.gamma(2.0, [1.0, 1.5, 3.0]))) for i in range(count)]


def test_the_interval_nears_that_of_the_t_formula() -> None:
    for count, near in ((400, 0.06), (20, 0.25)):
        images = noisy(count, seed=3)
        table = TrendTable.of(images, LAYERS, "supports")
        each = np.array([table.slopes(row[None])[0, 0] for row in np.eye(count)])
        half = t.ppf(0.975, count - 1) * each.std(ddof=1) / np.sqrt(count)
        trend = of(class_trends(images, LAYERS, draws=4000), 1)
        assert trend.slope == pytest.approx(each.mean())
        assert trend.low == pytest.approx(each.mean() - half, abs=near * half)
        assert trend.high == pytest.approx(each.mean() + half, abs=near * half)


def test_resampled_slopes_equal_those_of_the_images_so_many_times() -> None:
    uneven = image(4, {"deep": [region(40, 0.5, {1: 4.0})]}, layers=("shallow", "deep"))
    images = [*three(), uneven]
    table = TrendTable.of(images, LAYERS, "supports")
    rng = np.random.default_rng(0)
    for _ in range(20):
        times = rng.multinomial(4, [0.25] * 4)
        cells = np.array([[1, 2, 6], [0, 1, 0], [0, 0, 0], [0, 0, 4.0]])
        has = np.array([[1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 0, 1.0]])
        slope = table.slopes(times[None].astype(float))[0, 0]
        if not times[:3].any():
            assert np.isnan(slope)
            continue
        means = times @ cells / (times @ has)
        assert slope == pytest.approx(linregress([0, 0.5, 1], means).slope)


def test_percentiles_are_wider_for_few_images() -> None:
    drawn = np.linspace(0, 1, 100_001)[:, None]
    q = norm.cdf(-np.sqrt(5 / 4) * 2.7764451)
    assert spread(drawn, 5, 0.95)[:, 0] == pytest.approx([q, 1 - q], abs=1e-6)
    assert q < 0.001
    assert spread(drawn, 100_000, 0.95)[:, 0] == pytest.approx([0.025, 0.975], abs=1e-5)
    assert np.isnan(spread(np.full((3, 1), np.nan), 2, 0.95)).all()


def test_coefficients_by_hand() -> None:
    present = np.array([[True, True, True], [True, False, True], [False, True, False]])
    assert coefficients(present).tolist() == [[-1, 0, 1], [-1, 0, 1], [0, 0, 0]]


def test_the_steepest_are_named_and_flat_ones_are_not() -> None:
    images = [scored(i, {5: 4.0, 4: 2.0, 6: 1.1}, {}, {1: 3.0, 2: 5.0, 3: 1.0, 6: 1.1}) for i in range(2)]
    images = [*images, scored(7, {4: 9.0}, {6: 9.0}, {2: 9.0}), scored(8, {5: 9.0}, {}, {3: 9.0})]
    trends = class_trends(images, LAYERS, steepest=2)
    assert trends.rising == (2, 3)
    assert trends.falling == (5, 4)
    assert of(trends, 6).slope == 0
    assert {trend.group for trend in trends.trends} == {2, 3, 4, 5, 6}, "stripes are best nowhere"


def test_all_ties_are_in_the_order_of_names() -> None:
    images = [scored(i, {}, {}, {1: 1.0, 2: 1.0, 3: 1.0}) for i in range(3)]
    trends = class_trends(images, LAYERS)
    assert [trend.name for trend in trends.trends] == ["grass", "legs", "stripes"]
    assert trends.rising == (3, 2, 1)
    for trend in trends.trends:
        assert (trend.low, trend.slope, trend.high) == pytest.approx((1, 1, 1))


def test_without_enough_layers_or_images_there_is_a_reason_and_no_slope() -> None:
    layers = ("shallow", "deep")
    two = [image(i, {"deep": [region(i, 0.1, {1: 1.0})]}, layers=layers) for i in range(3)]
    for trends, reason in (
        (class_trends(two, layers), "fewer than three layers"),
        (class_trends(two, LAYERS), "fewer than three layers"),
        (class_trends(three()[:1], LAYERS), "fewer than two images"),
        (class_trends([], LAYERS), "fewer than two images"),
    ):
        assert trends.reason == reason
        assert (trends.rising, trends.falling) == ((), ())
        assert all(
            (trend.slope, trend.intercept, trend.low, trend.high) == (None,) * 4 for trend in trends.trends
        )
    assert of(class_trends(two, LAYERS), 1).means == (0, None, 1)


def test_layers_that_no_two_images_share_give_a_slope_of_few_resamples() -> None:
    images = [
        image(1, {"shallow": [region(1, 0.1, {1: 1.0})]}, layers=("shallow", "middle")),
        image(2, {"deep": [region(2, 0.1, {1: 3.0})]}, layers=("deep",)),
    ]
    trend = of(class_trends(images, LAYERS), 1)
    assert (trend.slope, trend.low, trend.high) == pytest.approx((2.0, 2.0, 2.0))


def test_images_without_a_region_in_a_layer_that_they_have_count_as_zero() -> None:
    bare: LocalRecord = {"layers": []}
    images = [*three(), ImageEvidence(9, LAYERS, bare), ImageEvidence(10, (), bare)]
    assert of(class_trends(images, LAYERS), 1).means == pytest.approx((1 / 4, 3 / 4, 6 / 4))


def test_the_seed_repeats_and_parameters_out_of_range_are_refused() -> None:
    images = noisy(6, seed=0)
    assert class_trends(images, LAYERS, seed=1) == class_trends(images, LAYERS, seed=1)
    assert class_trends(images, LAYERS, seed=1) != class_trends(images, LAYERS, seed=2)
    with pytest.raises(ValueError, match="draws must be positive"):
        class_trends(images, LAYERS, draws=0)
    with pytest.raises(ValueError, match="confidence"):
        class_trends(images, LAYERS, confidence=1)
    with pytest.raises(ValueError, match="steepest"):
        class_trends(images, LAYERS, steepest=-1)
