"""A translation that a site plugs in, and what happens where it cannot be used."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from glimpse.celery import check_translation
from labeling.models import Explanation, Job, LabelGroup, Study
from labeling.models.job import JobKind, JobState
from labeling.services.explanations import explanations_work
from labeling.services.translation import translation
from tests.factories import make_image, make_player, make_study
from tests.labeling import translating
from tests.labeling.turns import answered, explain

HERE = "tests.labeling.translating"


@pytest.fixture(autouse=True)
def nothing_asked() -> Iterator[None]:
    translating.asked.clear()
    yield
    translating.asked.clear()


@pytest.fixture
def study(db: None) -> Study:
    study = make_study(rounds_per_game=1, max_labellings=9)
    make_image(study, layers=1, regions=1)
    return study


def say_in_italian(study: Study, text: str) -> None:
    player = make_player(study)
    player.language = "it"
    player.save()
    answered(study, text, player=player)


def groups() -> dict[str, set[str]]:
    found = LabelGroup.objects.exclude(members=[])
    return {group.name: {one["text"] for one in group.members} for group in found}


def test_by_default_there_is_none() -> None:
    assert translation() is None
    check_translation()


def test_labels_of_two_languages_meet_and_stay_as_they_were_typed(study: Study, settings: Settings) -> None:
    answered(study, "long beak")
    say_in_italian(study, "becco lungo")
    explain(study)
    assert len(groups()) == 2, "the packaged model knows no Italian"
    assert Explanation.objects.get().manifest["translation"] is None
    settings.GLIMPSE_TRANSLATION = f"{HERE}.from_dictionary"
    explain(study)
    assert groups() == {"long beak": {"long beak"}}
    latest = Explanation.objects.latest("revision")
    (label,) = latest.result["layers"][0]["regions"][0]["labels"]
    assert (label["players"], set(label["examples"])) == (2, {"long beak", "becco lungo"})
    assert latest.manifest["translation"] == f"{HERE}.from_dictionary"
    explain(study)
    assert translating.asked == [("becco lungo", "it")], "once, and never English"


def test_a_failing_translation_fails_the_job_with_its_sentence(study: Study, settings: Settings) -> None:
    settings.GLIMPSE_TRANSLATION = f"{HERE}.from_dictionary"
    say_in_italian(study, "rotto")
    assert not explanations_work(study_id=study.pk, seconds=60)
    job = Job.objects.get(kind=JobKind.EXPLANATIONS)
    assert job.state == JobState.FAILED
    assert "the dictionary has no such page" in job.error
    assert not LabelGroup.objects.exists()


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (f"{HERE}.missing", 'does not define a "missing"'),
        ("tests.labeling.nowhere.translate", "No module named"),
        (f"{HERE}.NO_FUNCTION", "is no function"),
    ],
)
def test_a_worker_does_not_start_with_what_it_cannot_call(settings: Settings, path: str, why: str) -> None:
    settings.GLIMPSE_TRANSLATION = path
    with pytest.raises(ImproperlyConfigured, match=f"GLIMPSE_TRANSLATION is '{path}'.*{why}"):
        check_translation()


def test_what_is_no_text_is_refused(settings: Settings) -> None:
    settings.GLIMPSE_TRANSLATION = f"{HERE}.wordless"
    found = translation()
    assert found is not None
    with pytest.raises(TypeError, match="gave NoneType for 'ruota'"):
        found(["ruota"], "it")
