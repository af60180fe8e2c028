"""From what players typed to explanations, with the packaged sentence model."""

from importlib.metadata import version

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from labeling.models import Conduct, Explanation, Image, Job, LabelGroup, Region, Study
from labeling.models.game import SkipReason
from labeling.models.job import JobKind, JobState
from labeling.selectors.explanations import explanation_of
from labeling.services.answers import Answer, round_answer, round_skip
from labeling.services.explanations import explanations_work
from labeling.services.jobs import jobs_request
from labeling.services.quarantine import labels_quarantine
from tests.factories import make_image, make_player, make_round, make_study

pytestmark = pytest.mark.django_db(transaction=True)

MACAW = 1


@pytest.fixture
def study() -> Study:
    return make_study(rounds_per_game=1)


@pytest.fixture
def image(study: Study) -> Image:
    """One supporting region, so that every player gets the same."""
    return make_image(study, true_class=MACAW, predicted_class=MACAW, layers=1, regions=1)


def say(study: Study, *labels: str, guess: int = MACAW) -> Region:
    round_ = make_round(study, make_player(study))
    assert round_answer(round_=round_, answer=Answer(labels, guess))
    return round_.region


def refresh(study: Study) -> None:
    assert not explanations_work(study_id=study.pk, seconds=600)
    assert not jobs().exclude(state=JobState.DONE).exists()


def jobs() -> QuerySet[Job]:
    """Without those of the whole class and study, which come after."""
    return Job.objects.filter(kind=JobKind.EXPLANATIONS)


def groups() -> dict[str, dict[str, int]]:
    return {
        group.name: {member["text"]: member["count"] for member in group.members}
        for group in LabelGroup.objects.exclude(members=[])
    }


def test_labels_become_groups_and_stand_at_their_region(study: Study, image: Image) -> None:
    region = say(study, "long beak")
    say(study, "a long beak!", "red feathers")
    say(study, "feathers", "windows", guess=0)
    refresh(study)
    named = {text: name for name, members in groups().items() for text in members}
    assert named["feathers"] == named["red feathers"]
    assert len({named["long beak"], named["feathers"], named["windows"]}) == 3
    assert groups()[named["long beak"]] == {"long beak": 2}

    explanation = Explanation.objects.get()
    assert (explanation.image, explanation.revision) == (image, 1)
    (layer,) = explanation.result["layers"]
    supporting, opposing = layer["regions"]
    assert supporting["region_ids"] == [region.pk]
    best = supporting["labels"][0]
    assert (best["name"], best["players"], best["score"]) == (named["long beak"], 2, 2.0)
    assert (opposing["sign"], opposing["labels"]) == ("opposes", [])

    manifest = explanation.manifest
    assert (manifest["labels"], manifest["players"], manifest["region_revision"]) == (5, 3, 1)
    assert (manifest["simulated"], manifest["translation"], manifest["glimpse"]) == (
        0,
        None,
        version("glimpse"),
    )
    assert manifest["network"] == {"name": study.network.name, "digest": study.network.digest}
    assert "minilm" in manifest["sentence_model"]
    assert manifest["settings"]["max_distance"] == 0.36


def test_the_page_shows_the_latest_revision(study: Study, image: Image) -> None:
    assert explanation_of(image).revision == 0, "the regions alone"
    region = say(study, "long beak")
    refresh(study)
    shown = explanation_of(image)
    assert (shown.revision, shown.labels, shown.players) == (1, 1, 1)
    assert shown.layers[0].supporting[0].ids == str(region.pk)
    assert [label.name for label in shown.layers[0].supporting[0].labels] == ["long beak"]


def test_unchanged_labels_make_no_new_revision(study: Study, image: Image) -> None:
    say(study, "long beak")
    refresh(study)
    before = list(Explanation.objects.values())
    for _ in range(2):
        jobs_request(study_id=study.pk, kind=JobKind.EXPLANATIONS, subjects=[MACAW])
        refresh(study)
    assert jobs().get().attempt == 3, "really done again"
    assert list(Explanation.objects.values()) == before


def test_a_new_label_makes_the_next_revision_and_keeps_the_last(study: Study, image: Image) -> None:
    say(study, "long beak")
    refresh(study)
    first = Explanation.objects.values().get()
    say(study, "window")
    say(study, "windows")
    refresh(study)
    old, new = Explanation.objects.order_by("revision").values()
    assert old == first
    assert new["revision"] == 2
    (layer,) = new["result"]["layers"]
    assert layer["regions"][0]["labels"][0]["name"].startswith("window"), "two players beat one"
    assert sum(sum(members.values()) for members in groups().values()) == 3


def test_the_class_gives_no_label_to_itself(study: Study, image: Image) -> None:
    study.display_names = {"macaw": "parrot"}
    study.save()
    say(study, "macaw", "the macaw's beak", "Parrots")
    refresh(study)
    assert groups() == {"beak": {"beak": 1}}
    (label,) = Explanation.objects.get().result["layers"][0]["regions"][0]["labels"]
    assert label["examples"] == ["the macaw's beak"], "what was typed is shown as it was"


def test_a_class_is_grouped_by_what_the_network_says(study: Study) -> None:
    make_image(study, true_class=0, predicted_class=MACAW, layers=1, regions=1)
    say(study, "tower", guess=0)
    assert Job.objects.get().subject == MACAW
    refresh(study)
    assert LabelGroup.objects.get().explained_class == MACAW


def test_images_without_labels_and_other_studies_are_left_alone(study: Study, image: Image) -> None:
    make_image(study, predicted_class=2, true_class=2)
    other = make_study(rounds_per_game=1)
    make_image(other, layers=1, regions=1)
    say(other, "sky")
    jobs_request(study_id=study.pk, kind=JobKind.EXPLANATIONS, subjects=[MACAW])
    assert not explanations_work(study_id=study.pk, seconds=600)
    assert not Explanation.objects.exists()
    assert not LabelGroup.objects.exists()
    assert Job.objects.get(study=other).state == JobState.QUEUED


def test_a_skip_explains_nothing(study: Study, image: Image) -> None:
    round_skip(round_=make_round(study, make_player(study)), reason=SkipReason.TOO_DARK)
    refresh(study)
    assert not Explanation.objects.exists()


def test_broken_maps_fail_the_job_with_their_sentence_and_write_nothing(study: Study, image: Image) -> None:
    say(study, "long beak")
    with image.maps.open("wb") as file:
        file.write(b"cut off")
    assert not explanations_work(study_id=study.pk, seconds=600)
    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert job.error
    assert not LabelGroup.objects.exists()


def test_a_player_who_is_half_trusted_counts_half(study: Study, image: Image) -> None:
    say(study, "long beak")
    region = say(study, "window")
    careless = region.rounds.latest("pk").player
    Conduct.objects.create(study=study, player=careless, trust=0.5)
    refresh(study)
    labels = Explanation.objects.get().result["layers"][0]["regions"][0]["labels"]
    assert [(label["examples"], label["score"]) for label in labels] == [
        (["long beak"], 1),
        (["window"], 0.5),
    ]


def test_a_study_with_the_papers_preset_says_so(study: Study, image: Image) -> None:
    study.label_preset = "paper"
    study.save()
    say(study, "long beak")
    refresh(study)
    manifest = Explanation.objects.get().manifest
    assert manifest["label_preset"] == "paper"
    assert (manifest["settings"]["silhouette"], manifest["settings"]["trusted"]) == (True, False)


def test_groups_keep_their_numbers_and_one_that_came_apart_gives_its_to_nobody(
    study: Study, image: Image
) -> None:
    region = say(study, "long beak")
    refresh(study)
    beak = LabelGroup.objects.get()
    for label in ("window", "windows", "a window"):
        say(study, label)
    refresh(study)
    window = LabelGroup.objects.get(name__contains="window")
    assert LabelGroup.objects.get(name="long beak").pk == beak.pk, "though windows are more now"
    labels_quarantine(labels=region.labels.filter(text="long beak"))
    say(study, "sky")
    refresh(study)
    assert sorted(groups()) == ["sky", window.name]
    assert LabelGroup.objects.get(name="sky").number == 2
    latest = Explanation.objects.latest("revision").result["layers"][0]["regions"][0]["labels"]
    assert [label["group"] for label in latest] == [window.number, 2]


def test_explanations_of_earlier_versions_stay_readable_beside_newer_ones(study: Study, image: Image) -> None:
    say(study, "long beak")
    refresh(study)
    old = Explanation.objects.get()
    for name in ("simulated", "translation", "trust_step", "groups"):
        del old.manifest[name]
    old.save()
    assert explanation_of(image).labels == 1
    jobs_request(study_id=study.pk, kind=JobKind.EXPLANATIONS, subjects=[MACAW])
    refresh(study)
    kept, new = Explanation.objects.order_by("revision")
    assert kept.manifest == old.manifest, "what is written stays as it is"
    assert (new.revision, new.result, new.manifest["simulated"]) == (2, kept.result, 0)


def test_groups_that_an_image_does_not_show_make_no_revision_of_it(study: Study, image: Image) -> None:
    say(study, "long beak")
    refresh(study)
    study.regions.update(retired_at=timezone.now())
    other = make_image(study, true_class=MACAW, predicted_class=MACAW, layers=1, regions=1)
    assert say(study, "wheel").image == other
    refresh(study)
    assert [one.image for one in Explanation.objects.order_by("pk")] == [image, other]
    digests = Explanation.objects.order_by("pk").values_list("manifest__groups", flat=True)
    assert len(set(digests)) == 2, "each says of which groups it was made"
