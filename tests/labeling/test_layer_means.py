"""How layers do over a study's images."""

import pytest

from labeling.models import ImageLayer, Region, Study
from labeling.selectors.layers import Mean, layer_means, mean_with_interval
from tests.factories import make_image, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    """Two images with regions, one of them not measured, and an image of another study."""
    study = make_study()
    make_image(study, layers=2, regions=3)
    make_image(study, layers=2, regions=3, measured=False)
    make_image(make_study(), layers=3)
    return study


def test_shares_are_means_in_the_order_of_depth(study: Study) -> None:
    ImageLayer.objects.filter(layer="blocks.0").update(depth=1)
    ImageLayer.objects.filter(layer="blocks.1").update(depth=0)
    ImageLayer.objects.filter(pk=min(ImageLayer.objects.values_list("pk", flat=True))).update(
        kept=0.5, opposing=0.5
    )
    deep, shallow = reversed(layer_means(study))
    assert (deep.layer, shallow.layer) == ("blocks.0", "blocks.1")
    assert (deep.images, deep.clusters, deep.silhouette) == (2, 3, 0.5)
    assert deep.kept == pytest.approx(0.7)
    assert deep.opposing == pytest.approx(0.3)


def test_only_what_was_measured_counts(study: Study) -> None:
    ImageLayer.objects.filter(fidelity=None).update(silhouette=None)
    (layer, _) = layer_means(study)
    assert layer.fidelity is None, "equal weights have no rank correlation"
    ImageLayer.objects.filter(pk=min(ImageLayer.objects.values_list("pk", flat=True))).update(fidelity=0.5)
    (layer, _) = layer_means(study)
    assert layer.fidelity == Mean(0.5, None, None, 1)
    assert layer.silhouette is None
    assert layer.effect == pytest.approx((1 + 1 / 2 + 1 / 3) / 3), "of supporting regions"


def test_stability_counts_regions_alike_or_by_weight(study: Study) -> None:
    Region.objects.filter(study=study, layer="blocks.0", sign="opposes", effect__isnull=False).update(
        stability=0.1, weight=0.3
    )
    (layer, _) = layer_means(study)
    assert layer.stability == pytest.approx((3 * 0.9 + 0.1) / 4)
    assert layer.weighted_stability == pytest.approx((0.9 * 0.9 + 0.3 * 0.1) / 1.2)


def test_a_study_without_layers_has_none() -> None:
    assert layer_means(make_study()) == []


def test_another_revision_does_not_count(study: Study) -> None:
    Study.objects.update(revision=2)
    assert layer_means(Study.objects.get(pk=study.pk)) == []


def test_intervals_are_students() -> None:
    assert mean_with_interval([]) is None
    assert mean_with_interval([0.4]) == Mean(0.4, None, None, 1)
    found = mean_with_interval([0.2, 0.4, 0.6])
    assert found is not None
    assert found.count == 3
    assert found.value == pytest.approx(0.4)
    reach = 4.3027 * 0.2 / 3**0.5  # t of two degrees of freedom
    assert found.low == pytest.approx(0.4 - reach, abs=1e-4)
    assert found.high == pytest.approx(0.4 + reach, abs=1e-4)
    wide = mean_with_interval([1.0, 0.9])
    assert wide is not None
    assert wide.low == pytest.approx(0.3147, abs=1e-3)
    assert wide.high == 1, "no correlation is above"
