from io import BytesIO

import PIL.Image
import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Label, Player, Round, Study
from labeling.services.answers import Answer, round_answer
from labeling.services.rounds import round_show_more
from tests.factories import make_player, make_round
from tests.glimpse.rows import all_rows


def page_of(client: Client, round_: Round) -> str:
    return client.get(reverse("play:round", args=[round_.key])).content.decode()


def glimpse(round_: Round, level: int) -> str:
    return reverse("play:glimpse", args=[round_.key, level])


def test_it_shows_the_glimpse_and_every_option(visit: Client, round_: Round) -> None:
    page = page_of(visit, round_)
    assert f'src="{glimpse(round_, 0)}"' in page
    assert len(round_.options) == 10
    for index, name in round_.options:
        assert f'value="{index}">{name}</label>' in page
    assert 'value="none">I can’t tell</label>' in page


def test_another_player_cannot_open_it(other: Client, client: Client, round_: Round) -> None:
    for stranger in (other, client):
        assert stranger.get(reverse("play:round", args=[round_.key])).status_code == 404
        assert stranger.get(glimpse(round_, 0)).status_code == 404
        for name in ("more", "answer", "skip"):
            data = {"to_level": 1, "labels": "tail", "guess": "none", "reason": "dark"}
            assert stranger.post(reverse(f"play:{name}", args=[round_.key]), data).status_code == 404
    round_.refresh_from_db()
    assert (round_.level, round_.state) == (0, "open")


def test_a_level_above_the_players_is_not_there(visit: Client, round_: Round) -> None:
    assert [visit.get(glimpse(round_, level)).status_code for level in (0, 1, 5, 6)] == [200, 404, 404, 404]
    round_show_more(round_=round_, to_level=1)
    assert [visit.get(glimpse(round_, level)).status_code for level in (0, 1, 2)] == [200, 200, 404]


def test_the_levels_stay_closed_after_the_round(visit: Client, round_: Round) -> None:
    round_answer(round_=round_, answer=Answer(("tail",), None))
    assert [visit.get(glimpse(round_, level)).status_code for level in (0, 1)] == [200, 404]


def test_a_glimpse_is_a_private_square_webp(visit: Client, round_: Round) -> None:
    response = visit.get(glimpse(round_, 0))
    with PIL.Image.open(BytesIO(response.content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (560, 560))
    assert "private" in response.headers["Cache-Control"]
    assert "ETag" not in response.headers


def test_gets_change_nothing_and_head_answers(visit: Client, round_: Round) -> None:
    before = all_rows()
    for address in (reverse("play:round", args=[round_.key]), glimpse(round_, 0)):
        assert visit.get(address).status_code == visit.head(address).status_code == 200
    assert all_rows() == before


@pytest.mark.parametrize("name", ["more", "skip"])
def test_what_changes_a_round_needs_a_post(visit: Client, round_: Round, name: str) -> None:
    assert visit.get(reverse(f"play:{name}", args=[round_.key])).status_code == 405


def test_a_get_of_the_answer_leads_back_and_changes_nothing(visit: Client, round_: Round) -> None:
    address, before = reverse("play:answer", args=[round_.key]), all_rows()
    for response in (visit.get(address, {"labels": "tail", "guess": "none"}), visit.head(address)):
        assert response.headers["Location"] == reverse("play:round", args=[round_.key])
    assert all_rows() == before


def test_the_address_of_an_answer_leads_back_to_the_round(visit: Client, round_: Round) -> None:
    before = all_rows()
    address = reverse("play:round", args=[round_.key])
    for got in (visit.get(f"{address}answer"), visit.head(f"{address}answer")):
        assert (got.status_code, got["Location"]) == (302, address)
    assert all_rows() == before


def test_the_result_shows_what_it_was(visit: Client, study: Study, round_: Round) -> None:
    other_round = make_round_at(round_, study)
    Label.objects.create(
        round=other_round, region=round_.region, raw="red beak", text="red beak", language="en"
    )
    round_answer(round_=round_, answer=Answer(("red beak",), round_.image.true_class))
    page = page_of(visit, round_)
    assert f"Yes: {round_.image.class_name}." in page
    assert reverse("play:photo", args=[round_.image.key]) in page
    assert "Ada Photographer" in page
    assert "+112" in page  # a first word of a new study pays 12
    assert "red beak" in page
    assert "1 person" in page
    assert "you too" in page


def test_the_result_says_what_the_player_guessed(visit: Client, round_: Round) -> None:
    index, name = next(option for option in round_.options if option[0] != round_.image.true_class)
    round_answer(round_=round_, answer=Answer(("tail",), index))
    page = page_of(visit, round_)
    assert f"It is: {round_.image.class_name}." in page
    assert f"Not this time: you guessed {name}" in page
    assert "You are the first to describe this glimpse:" in page


def test_the_result_says_where_the_network_was_wrong(visit: Client, round_: Round) -> None:
    round_.image.predicted_class, round_.image.predicted_name = 7, "petra"
    round_.image.save()
    round_answer(round_=round_, answer=Answer(("tail",), round_.image.true_class))
    page = page_of(visit, round_)
    assert f"Yes: {round_.image.class_name}." in page
    assert "The network looked here, and thought <strong>petra</strong>, 80&nbsp;% sure." in page


def test_where_no_truth_is_known_the_networks_answer_is_right(
    visit: Client, study: Study, player: Player
) -> None:
    study.images.update(true_class=None, class_name="")
    round_ = make_round(study, player)
    round_answer(round_=round_, answer=Answer(("tail",), round_.image.predicted_class))
    assert f"Yes: {round_.image.predicted_name}." in page_of(visit, round_)


def make_round_at(round_: Round, study: Study) -> Round:
    """Another player's ended round at the same region."""
    twin = Round.objects.get(pk=make_round(study, make_player(study, nickname="Swift Heron")).pk)
    Round.objects.filter(pk=twin.pk).update(region=round_.region, image=round_.image, state="answered")
    twin.refresh_from_db()
    return twin
