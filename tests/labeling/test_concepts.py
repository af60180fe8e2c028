"""A worker tests the labels of a class, from stored photographs and regions, and keeps one row of results."""

import pytest
from django.core.files.storage import default_storage
from pytest_django import DjangoAssertNumQueries, Settings

from analysis.explanations.concepts import concept_tests
from analysis.networks.errors import NetworkError
from labeling.models import ClassExplanation, ConceptTest, Explanation, Image, Region, Study
from labeling.services import concept_evidence, concepts
from labeling.services.concept_evidence import ConceptsError
from labeling.services.concepts import CHANGED, concepts_test
from labeling.services.measures import OTHER_NETWORK
from tests.labeling.tiny_studies import TINY, add_tiny_photos, find_regions, make_tiny_study

pytestmark = pytest.mark.django_db(transaction=True)

PHOTOS = 9
BLUE, ROUND, RARE = 3, 5, 8
NAMES = {BLUE: "blue", ROUND: "something round", RARE: "a hat"}


@pytest.fixture(autouse=True)
def tiny_is_allowed(settings: Settings) -> None:
    settings.GLIMPSE_NETWORK_FACTORIES = [TINY]


@pytest.fixture
def study() -> Study:
    """Photographs of one class with explanations; every region is described."""
    study = make_tiny_study(measure=False)
    add_tiny_photos(study, PHOTOS)
    find_regions(study)
    study.images.update(explained_class=1)
    for image in study.images.order_by("pk"):
        explain(image)
    return Study.objects.get(pk=study.pk)


def explain(image: Image) -> Explanation:
    """The first supporting region of each layer is blue, the others are round."""
    regions = list(image.regions.order_by("depth", "index"))
    names = dict.fromkeys(region.layer for region in regions)
    layers = [
        {"layer": layer, "regions": [record(r, image) for r in regions if r.layer == layer]}
        for layer in names
    ]
    last = image.explanations.order_by("-revision").first()
    return Explanation.objects.create(
        image=image, revision=last.revision + 1 if last else 1, result={"layers": layers}, manifest={}
    )


def record(region: Region, image: Image) -> dict[str, object]:
    groups = [BLUE if region.index == 0 else ROUND]
    if region.index == 0 and image.pk % 6 == 0:
        groups.append(RARE)
    labels = [{"group": g, "name": NAMES[g], "score": 1.0, "players": 1, "examples": []} for g in groups]
    return {"region_ids": [region.pk], "weight": region.weight, "sign": region.sign, "labels": labels}


def work(study: Study) -> bool:
    return concepts_test(study=study, explained_class=1)


def results() -> dict[tuple[str, int], dict[str, object]]:
    return {(one["layer"], one["group"]): one for one in ConceptTest.objects.get().result}


def test_every_frequent_label_of_every_layer_has_a_result(study: Study) -> None:
    assert work(study)
    row = ConceptTest.objects.get()
    assert (row.study, row.explained_class) == (study, 1)
    layers = list(dict.fromkeys(one["layer"] for one in row.result))
    assert layers == list(dict.fromkeys(study.regions.order_by("depth").values_list("layer", flat=True)))
    for (layer, group), one in results().items():
        carriers = study.regions.filter(layer=layer, sign="supports", index=0)
        assert one["name"] == NAMES[group]
        assert one["class_images"] == PHOTOS
        if group == BLUE:
            assert one["examples"] == one["images"] == carriers.count()
            assert one["verdict"] in {"confirmed for", "confirmed against", "not confirmed"}
            assert one["sets"] == 50
        if group == RARE:
            assert (one["verdict"], one["score"]) == ("too few examples", None)


def test_opposing_regions_are_neither_examples_nor_others(study: Study) -> None:
    work(study)
    for layer in {layer for layer, _ in results()}:
        own = [one for (of, _), one in results().items() if of == layer]
        described = study.regions.filter(layer=layer, sign="supports").count()
        assert sum(one["examples"] for one in own if one["group"] != RARE) == described  # type: ignore[misc]


def test_what_it_is_computed_from_is_kept(study: Study) -> None:
    work(study)
    manifest = ConceptTest.objects.get().manifest
    assert manifest["images"] == list(study.images.order_by("pk").values_list("pk", flat=True))
    assert manifest["explanations"] == list(
        Explanation.objects.order_by("image").values_list("pk", flat=True)
    )
    assert manifest["network"] == {"name": TINY, "digest": study.network.digest}
    assert manifest["settings"]["sets"] == 50
    assert manifest["settings"]["seed"] == study.seed


def test_done_twice_it_changes_nothing(study: Study) -> None:
    assert work(study)
    before = list(ConceptTest.objects.values())
    assert not work(study)
    assert list(ConceptTest.objects.values()) == before


def test_the_batch_size_changes_no_verdict(study: Study, settings: Settings) -> None:
    settings.GLIMPSE_BATCH_SIZE = 1
    work(study)
    one_by_one = [(one["layer"], one["group"], one["verdict"], one["p"]) for one in results().values()]
    settings.GLIMPSE_BATCH_SIZE = 5
    work(study)
    assert [
        (one["layer"], one["group"], one["verdict"], one["p"]) for one in results().values()
    ] == one_by_one


def test_the_latest_explanations_count(study: Study) -> None:
    work(study)
    for image in study.images.all():
        later = explain(image)
        for layer in later.result["layers"]:
            for region in layer["regions"]:
                region["labels"] = region["labels"][:1] if region["labels"][0]["group"] == BLUE else []
        later.save()
    assert work(study)
    assert {one["group"] for one in results().values()} == {BLUE}
    assert {one["verdict"] for one in results().values()} == {"too few examples"}, "nothing to compare with"
    assert ConceptTest.objects.count() == 1


def test_the_labels_of_the_class_s_explanation_are_tested(study: Study) -> None:
    layer = study.regions.order_by("depth")[0].layer
    label = {"group": ROUND, "name": "round"}
    record = {
        "layers": [{"layer": layer, "supporting": [label], "opposing": [{"group": BLUE, "name": "blue"}]}]
    }
    for revision, result in enumerate(({"layers": []}, record), start=1):
        ClassExplanation.objects.create(
            study=study, explained_class=1, revision=revision, result=result, manifest={}
        )
    work(study)
    assert [(one["layer"], one["group"], one["name"]) for one in results().values()] == [
        (layer, ROUND, "round")
    ]


def test_without_enough_examples_the_network_does_not_run(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    Explanation.objects.filter(image__in=study.images.order_by("pk")[3:]).delete()
    monkeypatch.setattr(concept_evidence, "network_load", None)
    assert work(study)
    assert {one["verdict"] for one in results().values()} == {"too few examples"}
    assert {one["class_images"] for one in results().values()} == {PHOTOS}
    assert max(one["images"] for one in results().values()) == 3  # type: ignore[type-var]


def test_a_class_that_nobody_described_has_no_results(study: Study) -> None:
    Explanation.objects.all().delete()
    assert work(study)
    assert ConceptTest.objects.get().result == []
    assert concepts_test(study=study, explained_class=2)


def test_images_are_limited_and_described_ones_come_first(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concept_evidence, "MOST_IMAGES", 8)
    last = list(study.images.order_by("pk"))[-8:]
    Explanation.objects.exclude(image__in=last).delete()
    work(study)
    assert ConceptTest.objects.get().manifest["images"] == [image.pk for image in last]
    assert {one["class_images"] for one in results().values()} == {8}


@pytest.mark.parametrize("what", ["photo", "maps"])
def test_a_missing_file_is_said(study: Study, what: str) -> None:
    image = study.images.order_by("pk")[4]
    default_storage.delete(getattr(image, what).name)
    with pytest.raises(ConceptsError, match=rf"{image.name} or its file of regions cannot be read"):
        work(study)
    assert not ConceptTest.objects.exists()


def test_a_broken_file_is_said(study: Study) -> None:
    image = study.images.order_by("pk")[4]
    with default_storage.open(str(image.photo), "wb") as file:
        file.write(b"no picture")
    with pytest.raises(ConceptsError, match=rf"{image.name} or its file of regions cannot be read"):
        work(study)


def test_another_network_is_said(study: Study) -> None:
    study.images.filter(pk=study.images.order_by("pk")[2].pk).update(network_digest="0" * 64)
    with pytest.raises(ConceptsError) as refused:
        work(study)
    assert str(refused.value) == OTHER_NETWORK


def test_too_little_memory_is_said(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.explanations import concept_activations

    def never(*_: object, **__: object) -> object:
        raise RuntimeError("CUDA out of memory")

    monkeypatch.setattr(concept_activations, "capture", never)
    with pytest.raises(NetworkError, match="memory is too small"):
        work(study)
    assert not ConceptTest.objects.exists()


def test_labels_withdrawn_meanwhile_leave_no_trace(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    work(study)
    kept = list(ConceptTest.objects.values())
    plain = concept_tests

    def slowly(*arguments: object) -> object:
        Explanation.objects.filter(image=study.images.order_by("pk")[0]).delete()
        return plain(*arguments)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(concepts, "concept_tests", slowly)
    with pytest.raises(ConceptsError) as refused:
        work(study)
    assert str(refused.value) == CHANGED
    assert list(ConceptTest.objects.values()) == kept


def test_a_few_statements_whatever_the_number_of_regions(
    study: Study, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    work(study)
    with django_assert_max_num_queries(12):
        work(study)
