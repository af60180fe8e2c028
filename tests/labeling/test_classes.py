"""Classes explained from what players said of all their images."""

import json
from importlib.metadata import version

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analysis.explanations.class_export import ClassLabelRecord, ClassRecord
from labeling import tasks
from labeling.models import ClassExplanation, Conduct, Image, Job, Label, LabelGroup, Player, Region, Study
from labeling.models.job import JobKind, JobState
from labeling.services import classes
from labeling.services.claims import Claim
from labeling.services.class_evidence import class_of
from labeling.services.classes import classes_work
from labeling.services.erasing import rounds_erase
from labeling.services.jobs import jobs_queue
from labeling.services.quarantine import labels_quarantine
from labeling.services.revisions import rescored
from tests.factories import make_image, make_player, make_study
from tests.labeling.turns import RIGHT, WRONG, answered, explain
from tests.labeling.work import after_a_long_pause

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def study() -> Study:
    """Three images of one class with a region for and one against in each of two layers."""
    study = make_study(rounds_per_game=1, max_labellings=9)
    for _ in range(3):
        make_image(study, layers=2, regions=1)
    return study


def say(image: Image, layer: str, *texts: str, simulated: bool = False) -> None:
    """By a new player each."""
    region = image.regions.get(layer=layer, sign="supports")
    for text in texts:
        Region.objects.update(retired_at=timezone.now())
        Region.objects.filter(pk=region.pk).update(retired_at=None, gold=False)
        player = make_player(image.study)
        Player.objects.filter(pk=player.pk).update(simulated=simulated)
        assert answered(image.study, text, player=player, guess=RIGHT).region == region


def explain_class(study: Study, class_index: int = RIGHT) -> None:
    explain(study, class_index)
    assert not classes_work(study_id=study.pk, seconds=60, at_once=True)
    assert Job.objects.get(study=study, kind=JobKind.CLASSES, subject=class_index).state == JobState.DONE


def record(study: Study) -> ClassRecord:
    found: ClassRecord = ClassExplanation.objects.filter(study=study).latest("revision").result
    return found


def labels_of(study: Study, layer: str) -> dict[str, ClassLabelRecord]:
    (own,) = (one for one in record(study)["layers"] if one["layer"] == layer)
    return {label["name"]: label for label in own["supporting"]}


def test_a_class_is_what_people_said_of_all_its_images(study: Study) -> None:
    first, second, third = study.images.all()
    say(first, "blocks.0", "stripes", "stripes", "dots")
    say(second, "blocks.0", "stripes")
    say(third, "blocks.1", "wheel", simulated=True)
    explain_class(study)

    found = ClassExplanation.objects.get()
    assert (found.explained_class, found.revision) == (RIGHT, 1)
    assert found.result["images"] == [first.pk, second.pk, third.pk]
    assert [layer["layer"] for layer in found.result["layers"]] == ["blocks.0", "blocks.1"], "shallow first"
    assert [layer["images"] for layer in found.result["layers"]] == [2, 1], "those that somebody described"
    stripes = labels_of(study, "blocks.0")["stripes"]
    assert (stripes["score"], stripes["images"], stripes["share"], stripes["weight"]) == (3.0, 2, 1.0, 0.9)
    assert [one["image"] for one in stripes["examples"]] == [first.pk, second.pk]
    assert "dots" not in labels_of(study, "blocks.0"), "best nowhere"
    wheel = LabelGroup.objects.get(name="wheel").number
    means = {one["group"]: one["means"] for one in found.result["trends"]["trends"]}
    assert means[wheel] == [0.0, 1.0]
    assert means[stripes["group"]] == [1.5, 0.0]

    manifest = found.manifest
    assert (manifest["labels"], manifest["players"], manifest["simulated"]) == (5, 5, 1)
    assert manifest["network"] == {"name": study.network.name, "digest": study.network.digest}
    assert (manifest["label_preset"], manifest["glimpse"]) == ("glimpse", version("glimpse"))
    assert manifest["groups"] == first.explanations.get().manifest["groups"], "of the same regrouping"


def test_labels_that_an_image_does_not_show_count_in_its_class(study: Study) -> None:
    first, second, _ = study.images.all()
    say(first, "blocks.0", *["red", "wheel", "beak"] * 2, "sky")
    say(second, "blocks.0", "sky")
    explain_class(study)
    shown = first.explanations.get().result["layers"][1]["regions"][0]["labels"]
    assert "sky" not in {label["name"] for label in shown}, "three at most"
    assert labels_of(study, "blocks.0")["sky"]["score"] == 2.0


def test_what_changes_nothing_makes_no_revision(study: Study) -> None:
    say(study.images.all()[0], "blocks.0", "stripes")
    explain_class(study)
    before = list(ClassExplanation.objects.values())
    for _ in range(2):
        explain_class(study)
    tasks.classes_explain(study.pk)
    assert Job.objects.get(kind=JobKind.CLASSES).attempt == 3, "really done again"
    assert list(ClassExplanation.objects.values()) == before


def test_a_further_label_makes_the_next_revision(study: Study) -> None:
    image = study.images.all()[0]
    say(image, "blocks.0", "stripes")
    explain_class(study)
    first = ClassExplanation.objects.values().get()
    say(image, "blocks.0", "stripes")
    explain_class(study)
    old, new = ClassExplanation.objects.order_by("revision").values()
    assert old == first
    assert (new["revision"], new["manifest"]["labels"]) == (2, 2)


def test_what_nobody_has_grouped_yet_comes_with_the_next_regrouping(study: Study) -> None:
    image = study.images.all()[0]
    say(image, "blocks.0", "stripes")
    explain(study)
    say(image, "blocks.0", "wheel", "wheel")
    assert not classes_work(study_id=study.pk, seconds=60, at_once=True)
    assert list(labels_of(study, "blocks.0")) == ["stripes"]
    explain_class(study)
    assert list(labels_of(study, "blocks.0")) == ["wheel"]


def test_a_label_outside_the_object_is_a_possible_shortcut(study: Study) -> None:
    for image in study.images.all():
        say(image, "blocks.0", "snow")
        image.object_box = [0, 0, 0.3, 1]
        image.save(update_fields=["object_box"])
    explain_class(study)
    assert record(study)["shortcuts"] == [], "maps at random: outside, but no denser there"
    for image in study.images.all():
        image.object_box = [0.9, 0, 1, 1]
        image.save(update_fields=["object_box"])
        with image.maps.open("rb") as file:
            content = corner_maps(file.read())
        with image.maps.open("wb") as file:
            file.write(content)
    explain_class(study)
    (shortcut,) = record(study)["shortcuts"]
    assert (shortcut["name"], shortcut["basis"], shortcut["images"]) == ("snow", "place", 3)
    assert shortcut["outside"] == 1.0
    assert shortcut["expected"] == pytest.approx(0.9)


def corner_maps(archive: bytes) -> bytes:
    """Every map with all of its mass at the top left."""
    from io import BytesIO

    import numpy as np

    with np.load(BytesIO(archive)) as maps:
        changed = {name: np.zeros_like(maps[name]) for name in maps}
    for one in changed.values():
        one[..., 0, 0] = 1
    stream = BytesIO()
    np.savez(stream, **changed)
    return stream.getvalue()


def test_without_boxes_what_players_agree_on_tells_shortcuts(study: Study) -> None:
    for image in study.images.all():
        say(image, "blocks.0", "snow")
        image.regions.filter(layer="blocks.0").update(settled=["long beak"])
    explain(study)
    for image in study.images.all():
        image.regions.filter(layer="blocks.0").update(settled=["long beak"])
    assert not classes_work(study_id=study.pk, seconds=60, at_once=True)
    (shortcut,) = record(study)["shortcuts"]
    assert (shortcut["name"], shortcut["basis"], shortcut["outside"]) == ("snow", "words", None)


def test_held_labels_do_not_count(study: Study) -> None:
    image = study.images.all()[0]
    say(image, "blocks.0", "stripes", "stripes", "wheel")
    explain_class(study)
    labels_quarantine(labels=Label.objects.filter(raw="stripes"))
    explain_class(study)
    assert list(labels_of(study, "blocks.0")) == ["wheel"]
    labels_quarantine(labels=Label.objects.all())
    explain_class(study)
    assert record(study)["images"] == []
    assert ClassExplanation.objects.count() == 3


def test_other_classes_and_studies_are_left_alone(study: Study) -> None:
    say(study.images.all()[0], "blocks.0", "stripes")
    make_image(study, predicted_class=WRONG, true_class=WRONG)
    other = make_study(rounds_per_game=1)
    say(make_image(other, layers=1, regions=1), "blocks.0", "wheel")
    explain(other)
    explain_class(study)
    assert ClassExplanation.objects.get().study == study
    assert Job.objects.get(study=other, kind=JobKind.CLASSES).state == JobState.QUEUED
    explain_class(study, WRONG)
    assert ClassExplanation.objects.count() == 1, "nobody has said anything"


def test_a_lost_claim_writes_nothing(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    say(study.images.all()[0], "blocks.0", "stripes")
    explain(study)
    others: list[Claim] = []
    slowly = after_a_long_pause(class_of, study, JobKind.CLASSES, others)
    monkeypatch.setattr(classes, "class_of", slowly)
    assert not classes_work(study_id=study.pk, seconds=60, at_once=True)
    assert len(others) == 1
    assert not ClassExplanation.objects.exists()


def test_words_erased_meanwhile_are_not_written(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    image = study.images.all()[0]
    say(image, "blocks.0", "tartan sporran", "wheel")
    explain(study)
    computed = class_of

    def erased(*arguments: object) -> object:
        found = computed(*arguments)  # type: ignore[arg-type]
        rounds_erase(image.rounds.filter(labels__raw="tartan sporran"))
        return found

    monkeypatch.setattr(classes, "class_of", erased)
    classes_work(study_id=study.pk, seconds=60, at_once=True)
    assert not ClassExplanation.objects.exists()
    monkeypatch.undo()
    explain_class(study)
    assert "sporran" not in json.dumps(record(study))


def test_groups_without_a_name_wait_for_their_regrouping(study: Study) -> None:
    say(study.images.all()[0], "blocks.0", "stripes")
    explain(study)
    LabelGroup.objects.update(name="")
    assert not classes_work(study_id=study.pk, seconds=60, at_once=True)
    assert not ClassExplanation.objects.exists()
    explain_class(study)
    assert ClassExplanation.objects.exists()


def test_statements_do_not_grow_with_images_and_labels(study: Study) -> None:
    def statements() -> int:
        explain(study)
        with CaptureQueriesContext(connection) as queries:
            assert not classes_work(study_id=study.pk, seconds=60, at_once=True)
        return len(queries)

    say(study.images.all()[0], "blocks.0", "stripes")
    few = statements()
    for _ in range(2):
        make_image(study, layers=2, regions=1)
    for image in study.images.all():
        say(image, "blocks.0", "stripes", "wheel")
        say(image, "blocks.1", "long beak")
    assert statements() <= few <= 40


def test_trust_that_changes_is_in_images_and_their_class_without_a_regrouping(study: Study) -> None:
    first, second, _ = study.images.all()
    say(first, "blocks.0", "stripes")
    say(second, "blocks.0", "stripes")
    explain_class(study)
    careless = first.rounds.get().player
    Conduct.objects.create(study=study, player=careless, trust=0.5)
    jobs_queue(study_id=study.pk, kind=JobKind.CLASSES, subjects=[RIGHT])
    assert not classes_work(study_id=study.pk, seconds=60, at_once=True)
    old, new = first.explanations.order_by("revision")
    assert (old.revision, new.revision) == (1, 2)
    scores = [one.result["layers"][1]["regions"][0]["labels"][0]["score"] for one in (old, new)]
    assert scores == [1.0, 0.5]
    assert (new.manifest["labels"], new.manifest["groups"]) == (1, old.manifest["groups"])
    assert second.explanations.count() == 1
    assert labels_of(study, "blocks.0")["stripes"]["score"] == 1.5
    explain_class(study)
    assert first.explanations.count() == 2, "the regrouping finds the same"


def test_two_jobs_never_give_an_image_one_number(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its labels are regrouped while they are rescored."""
    image = study.images.all()[0]
    say(image, "blocks.0", "stripes")
    explain_class(study)
    Conduct.objects.create(study=study, player=image.rounds.get().player, trust=0.5)

    def after_a_regrouping(*arguments: object) -> object:
        found = list(rescored(*arguments))  # type: ignore[arg-type]
        if image.explanations.count() == 1:
            explain(study)
        return found

    monkeypatch.setattr(classes, "rescored", after_a_regrouping)
    jobs_queue(study_id=study.pk, kind=JobKind.CLASSES, subjects=[RIGHT])
    assert not classes_work(study_id=study.pk, seconds=60, at_once=True)
    assert not Job.objects.filter(state=JobState.FAILED).exists()
    numbers = image.explanations.order_by("revision").values_list("revision", flat=True)
    assert list(numbers) == [1, 2], "both found the same"
