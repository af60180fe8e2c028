import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Label, Round
from labeling.services.answers import Answer, round_answer
from tests.glimpse.rows import all_rows

NOTHING = {"problem": None, "suggestion": None}


def check(client: Client, round_: Round, label: str, language: str = "en") -> object:
    address = reverse("play:check", args=[round_.key])
    response = client.post(address, {"label": label}, headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.json()


def test_it_names_every_answer_alike(visit: Client, round_: Round) -> None:
    for _, name in round_.options:
        sentence = f"“{name}” is one of the answers. Describe what you see without naming an answer."
        assert check(visit, round_, name) == {"problem": sentence, "suggestion": None}


def test_it_suggests_what_may_be_meant(visit: Client, round_: Round) -> None:
    assert check(visit, round_, "round wheeel") == {"problem": None, "suggestion": "round wheel"}
    assert check(visit, round_, "ruoota", "it") == {"problem": None, "suggestion": "ruota"}


def test_it_never_suggests_an_answer(visit: Client, round_: Round) -> None:
    round_.options = [[1, "wheel"], *round_.options[1:]]
    round_.save()
    assert check(visit, round_, "wheeel") == NOTHING


@pytest.mark.parametrize("label", ["", "   ", "long tail"])
def test_it_has_nothing_to_say_of_what_is_right(visit: Client, round_: Round, label: str) -> None:
    assert check(visit, round_, label) == NOTHING


def test_endless_text_is_cut_before_anything_is_computed(visit: Client, round_: Round) -> None:
    problem = {"problem": "That is too long. Use at most 60 characters.", "suggestion": None}
    assert check(visit, round_, "a" * 100_000) == problem


def test_it_knows_a_dictionary_and_not_what_others_said(visit: Client, round_: Round) -> None:
    before = [check(visit, round_, label) for label in ("whiskerz", "zzyzx", "long tial")]
    for text in ("whiskerz", "zzyzxa", "long tails"):
        Label.objects.create(round=round_, region=round_.region, raw=text, text=text)
    assert [check(visit, round_, label) for label in ("whiskerz", "zzyzx", "long tial")] == before


def test_nothing_is_stored(visit: Client, round_: Round) -> None:
    before = all_rows()
    for label in ("long tail", "wheeel", round_.options[0][1]):
        check(visit, round_, label)
    assert all_rows() == before


def test_it_takes_posts_of_the_player_alone(
    visit: Client, other: Client, client: Client, round_: Round
) -> None:
    address = reverse("play:check", args=[round_.key])
    assert visit.get(address).status_code == 405
    for stranger in (other, client):
        assert stranger.post(address, {"label": "tail"}).status_code == 404


def test_after_the_round_it_does_no_harm(visit: Client, round_: Round) -> None:
    round_answer(round_=round_, answer=Answer(("tail",), None))
    assert check(visit, round_, "long tail") == NOTHING
