"""A study explains the predicted class or the true one, by the preset that it chose."""

import pytest
from pytest_django import Settings

from analysis.networks.errors import NetworkError
from analysis.regions import explain
from analysis.regions.settings import PRESETS, RegionSettings
from labeling.models import Image, Job, LabelGroup, Study
from labeling.models.job import JobKind, JobState
from labeling.models.study import Target
from labeling.services.answers import Answer, round_answer
from labeling.services.explanations import explanations_work
from labeling.services.measures import measures_work
from labeling.services.networks import network_load
from labeling.services.photographs import photo_read
from labeling.services.preparation import NO_TRUTH
from labeling.services.studies import images_add
from tests.analysis.networks.tiny import NAMES
from tests.factories import make_player, make_round
from tests.labeling.photos import job_of
from tests.labeling.tiny_studies import TINY, find_regions, make_tiny_study, measures_job, tiny_photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def tiny_is_allowed(settings: Settings) -> None:
    settings.GLIMPSE_NETWORK_FACTORIES = [TINY]


def prepared(study: Study, class_name: str) -> Image:
    images_add(study=study, uploads=[tiny_photo(1, class_name)])
    return find_regions(study)[0]


def wrong_class() -> str:
    """One that the network does not see in the photograph."""
    predicted = prepared(make_tiny_study(), "").predicted_class
    assert predicted is not None
    return NAMES[(predicted + 1) % len(NAMES)]


def test_the_predicted_class_is_explained_by_default() -> None:
    image = prepared(make_tiny_study(), wrong_class())
    assert image.explained_class == image.predicted_class != image.true_class
    assert (image.explained_name, image.notes) == (image.predicted_name, [])
    assert image.explained_probability == image.probability


def test_the_true_class_is_explained_where_the_study_says_so() -> None:
    study, truth = make_tiny_study(target=Target.TRUE), wrong_class()
    image = prepared(study, truth)
    assert (image.explained_name, image.explained_class) == (truth, NAMES.index(truth))
    assert image.explained_class == image.true_class != image.predicted_class
    assert image.notes == []
    network, photo = network_load(study.network), photo_read(image).image
    assert image.predicted_class is not None
    predicted = explain(network, photo, RegionSettings(effects=False))
    assert image.probability == pytest.approx(predicted.probability, abs=1e-6)
    assert image.probability is not None
    assert image.explained_probability is not None
    assert image.probability > image.explained_probability

    wanted = explain(network, photo, RegionSettings(effects=True), class_index=image.explained_class)
    assert image.logit == pytest.approx(wanted.logit)
    assert image.explained_probability == pytest.approx(wanted.probability, abs=1e-6)
    assert not measures_work(study_id=study.pk, seconds=60)
    effects = [region.effect for layer in wanted.layers for region in layer.regions]
    rows = image.regions.order_by("depth", "index")
    assert list(rows.values_list("effect", flat=True)) == pytest.approx(effects, abs=1e-5)


@pytest.mark.parametrize("class_name", ["", "platypus"])
def test_without_a_truth_the_predicted_class_is_explained_with_a_note(class_name: str) -> None:
    study = make_tiny_study(target=Target.TRUE)
    image = prepared(study, class_name)
    assert image.explained_class == image.predicted_class
    assert image.notes == [NO_TRUTH]
    Job.objects.filter(kind=JobKind.REGIONS).update(state=JobState.QUEUED)
    (image,) = find_regions(study)
    assert image.notes == [NO_TRUTH], "once"


def test_labels_are_grouped_under_the_explained_class() -> None:
    study, truth = make_tiny_study(target=Target.TRUE), wrong_class()
    image = prepared(study, truth)
    Study.objects.filter(pk=study.pk).update(state="open")
    study.refresh_from_db()
    round_ = make_round(study, make_player(study))
    assert round_answer(round_=round_, answer=Answer((f"{truth} wing",), image.true_class))
    assert Job.objects.get(kind=JobKind.EXPLANATIONS).subject == image.explained_class
    assert not explanations_work(study_id=study.pk, seconds=60)
    group = LabelGroup.objects.get()
    assert (group.explained_class, group.name) == (image.explained_class, "wing"), "without its own name"
    manifest = image.explanations.get().manifest
    assert (manifest["explained_class"], manifest["region_preset"]) == (image.explained_class, "faithful")


@pytest.mark.parametrize("preset", list(PRESETS))
def test_regions_are_those_of_the_studys_preset_and_seed(preset: str) -> None:
    study = make_tiny_study(preset=preset, seed=7)
    image = prepared(study, "")
    assert job_of(image).error == ""
    chosen = RegionSettings(preset=preset, seed=7, effects=False)  # type: ignore[arg-type]
    try:
        found = explain(network_load(study.network), photo_read(image).image, chosen)
    except NetworkError as error:
        pytest.fail(str(error))
    rows = image.regions.order_by("depth", "index").values_list("layer", "map_indices")
    assert [(layer, tuple(indices)) for layer, indices in rows] == [
        (layer.name, region.map_indices) for layer in found.layers for region in layer.regions
    ]
    assert not measures_work(study_id=study.pk, seconds=60)
    assert measures_job(image).state == JobState.DONE
    assert not image.regions.filter(stability=None).exists()


def test_the_shares_of_every_layer_add_up_to_one() -> None:
    for preset in PRESETS:
        image = prepared(make_tiny_study(preset=preset), "")
        layers = list(image.layers.order_by("depth"))
        assert [layer.depth for layer in layers] == list(range(len(layers)))
        for layer in layers:
            assert layer.kept + layer.dropped + layer.discarded + layer.opposing == pytest.approx(1)
            weights = image.regions.filter(layer=layer.layer, sign="supports").values_list("weight")
            assert sum(weight for (weight,) in weights) == pytest.approx(layer.kept)
            assert layer.opposing == 0 or preset != "paper"
