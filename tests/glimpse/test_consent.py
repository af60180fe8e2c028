import pytest
from django.test import Client
from django.urls import reverse

from glimpse.accounts.identity import COOKIE
from labeling.models import Consent, Game, Player, Round, Study
from labeling.models.study import StudyState
from tests.factories import make_study
from tests.glimpse.rows import all_rows


def agree(client: Client, study: Study, version: object) -> str:
    response = client.post(reverse("play:agree", args=[study.slug]), {"version": version})
    assert response.status_code == 302
    return response.headers["Location"]


def test_it_shows_the_text_and_its_version(client: Client, study: Study) -> None:
    before = all_rows()
    page = client.get(reverse("play:consent", args=[study.slug]))
    assert study.consent_text in page.content.decode()
    assert '<input type="hidden" name="version" value="1">' in page.content.decode()
    assert client.head(reverse("play:consent", args=[study.slug])).status_code == 200
    assert all_rows() == before


def test_agreeing_makes_a_guest_and_starts_a_round(client: Client, study: Study) -> None:
    location = agree(client, study, 1)
    round_ = Round.objects.get()
    assert location == reverse("play:round", args=[round_.key])
    assert Consent.objects.get().version == 1
    assert Consent.objects.get().player == round_.player
    assert client.get(location).status_code == 200


def test_agreeing_twice_doubles_nothing(client: Client, study: Study) -> None:
    assert agree(client, study, 1) == agree(client, study, 1)
    counts = [model.objects.count() for model in (Player, Consent, Game, Round)]
    assert counts == [1, 1, 1, 1]


@pytest.mark.parametrize("version", ["1", "3", "", "two"])
def test_agreeing_to_another_version_shows_the_text_again(client: Client, study: Study, version: str) -> None:
    Study.objects.update(consent_version=2, consent_text="Now we also keep your shoe size.")
    location = agree(client, study, version)
    assert location == reverse("play:consent", args=[study.slug])
    assert "shoe size" in client.get(location).content.decode()
    assert not Player.objects.exists()
    assert COOKIE not in client.cookies


def test_a_text_that_changed_is_agreed_to_anew(visit: Client, study: Study) -> None:
    Study.objects.update(consent_version=2)
    start = reverse("play:start", args=[study.slug])
    assert visit.post(start).headers["Location"] == reverse("play:consent", args=[study.slug])
    agree(visit, study, 2)
    assert visit.post(start).headers["Location"] == reverse("play:round", args=[Round.objects.get().key])
    assert Player.objects.count() == 1
    assert list(Consent.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


@pytest.mark.parametrize("state", [state for state in StudyState if state != StudyState.OPEN])
def test_a_study_that_is_not_open_is_nowhere(client: Client, db: None, state: StudyState) -> None:
    study = make_study(state=state)
    assert client.get(reverse("play:consent", args=[study.slug])).status_code == 404
    assert client.get(reverse("play:progress", args=[study.slug])).content == b""
    for name in ("start", "agree"):
        response = client.post(reverse(f"play:{name}", args=[study.slug]), {"version": 1})
        assert response.status_code == 404
    assert not Player.objects.exists()


def test_agreeing_needs_a_post(client: Client, study: Study) -> None:
    assert client.get(reverse("play:agree", args=[study.slug])).status_code == 405


def test_the_text_is_escaped(client: Client, study: Study) -> None:
    Study.objects.update(consent_text="<script>alert(1)</script>")
    page = client.get(reverse("play:consent", args=[study.slug])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
