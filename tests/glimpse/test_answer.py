from datetime import timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from labeling.models import Image, Job, Label, Player, Round, Study
from labeling.models.job import JobKind
from labeling.selectors.rounds import Earned, earned_by
from labeling.services.rounds import leases_expire, round_show_more
from tests.factories import make_image, make_player, make_round, make_study
from tests.glimpse.rows import all_rows
from tests.glimpse.visitors import client_of


def send(client: Client, round_: Round, labels: object = "tail", guess: object = "none") -> HttpResponse:
    data = {name: value for name, value in (("labels", labels), ("guess", guess)) if value is not None}
    response = client.post(reverse("play:answer", args=[round_.key]), data)
    assert isinstance(response, HttpResponse)
    return response


def refused(client: Client, round_: Round, labels: object = "tail", guess: object = "none") -> str:
    """The page that comes back, as its text reads. Nothing may have changed."""
    before = all_rows()
    response = send(client, round_, labels, guess)
    assert response.status_code == 422
    assert all_rows() == before
    return unescape(response.content.decode())


@pytest.mark.parametrize(("level", "points"), [(0, 100), (1, 85), (5, 25)])
def test_a_right_guess_earns_by_level(visit: Client, round_: Round, level: int, points: int) -> None:
    for step in range(level):
        round_show_more(round_=round_, to_level=step + 1)
    response = send(visit, round_, ["round eye", "tail"], round_.image.true_class)
    assert response.headers["Location"] == reverse("play:round", args=[round_.key])
    round_.refresh_from_db()
    assert (round_.state, round_.correct, round_.level) == ("answered", True, level)
    assert earned_by([round_])[round_.pk] == Earned(guess=points)
    assert list(round_.labels.values_list("raw", flat=True)) == ["round eye", "tail"]


def test_a_wrong_guess_and_none_earn_nothing_but_count(visit: Client, round_: Round) -> None:
    wrong = next(index for index, _ in round_.options if index != round_.image.true_class)
    send(visit, round_, "tail", wrong)
    round_.refresh_from_db()
    assert (round_.guess, round_.correct, round_.holds_place) == (wrong, False, True)
    assert earned_by([round_])[round_.pk].total == 0


def test_giving_up_is_an_answer(visit: Client, round_: Round) -> None:
    send(visit, round_, "tail", "none")
    round_.refresh_from_db()
    assert (round_.state, round_.guess, round_.correct) == ("answered", None, False)


def test_commas_separate_labels(visit: Client, round_: Round) -> None:
    send(visit, round_, "tail, round eye ,, tail")
    assert list(round_.labels.values_list("raw", flat=True)) == ["tail", "round eye"]


def test_it_asks_for_a_new_explanation(visit: Client, round_: Round) -> None:
    send(visit, round_)
    job = Job.objects.get(kind=JobKind.EXPLANATIONS)
    assert (job.subject, job.state) == (round_.image.predicted_class, "queued")


def test_a_taboo_label_is_refused_whichever_option_it_names(visit: Client, round_: Round) -> None:
    for _, name in round_.options:
        page = refused(visit, round_, ["grey stone", f"{name}s"], round_.options[0][0])
        assert f"“{name}” is one of the answers. Describe what you see without naming an answer." in page
        assert f'value="grey stone, {name}s"' in page
        assert f'value="{round_.options[0][0]}" checked>' in page
        assert 'aria-invalid="true"' in page


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (["a1", "b2", "c3", "d4"], "Three are enough: keep the ones that fit best."),
        (["x" * 61], "That is too long. Use at most 60 characters."),
        (["one two three four five six"], "Use at most 5 words for one feature."),
        (["see https://evil.example"], "Leave out links and addresses."),
        (["mail me@evil.example"], "Leave out links and addresses."),
        (["42"], "Use letters: say in a word or two what you see."),
        (["it has the"], "Add a word that says what you see."),
    ],
)
def test_what_cannot_be_a_label_is_refused(
    visit: Client, round_: Round, labels: list[str], sentence: str
) -> None:
    page = refused(visit, round_, labels)
    assert sentence in page
    assert f'value="{", ".join(labels)}"' in page


@pytest.mark.parametrize("labels", [None, "", " , ,, "])
def test_it_asks_for_a_label(visit: Client, round_: Round, labels: str | None) -> None:
    assert "Say in a word or two what you see." in refused(visit, round_, labels)


@pytest.mark.parametrize("guess", ["999", "castle", "-1"])
def test_a_guess_that_was_not_offered_is_refused(visit: Client, round_: Round, guess: str) -> None:
    page = refused(visit, round_, "round eye", guess)
    assert "is not one of the available choices" in page
    assert 'value="round eye"' in page


def test_it_asks_for_a_guess_and_keeps_the_labels(visit: Client, round_: Round) -> None:
    page = refused(visit, round_, "round eye", None)
    assert "Choose what the whole picture may be, or “I can’t tell”." in page
    assert 'value="round eye"' in page


def test_what_was_typed_comes_back_escaped(visit: Client, round_: Round) -> None:
    response = send(visit, round_, '"><script>alert(1)</script>', None)
    assert response.status_code == 422
    assert b"<script>alert" not in response.content


def test_invisible_characters_never_reach_the_database(visit: Client, round_: Round) -> None:
    send(visit, round_, "round\u200b" + "\u200b" * 80 + " e\x00ye")
    label = Label.objects.get()
    assert (label.raw, label.text) == ("round eye", "round eye")


def test_what_grows_when_its_case_is_folded_still_fits(visit: Client, round_: Round) -> None:
    assert "too long" in refused(visit, round_, "ß" * 60)


def test_asked_by_htmx_it_leads_to_the_result(visit: Client, round_: Round) -> None:
    response = visit.post(
        reverse("play:answer", args=[round_.key]),
        {"labels": "tail", "guess": "none"},
        headers={"HX-Request": "true"},
    )
    assert response.headers["HX-Redirect"] == reverse("play:round", args=[round_.key])
    assert Label.objects.count() == 1


def test_a_second_answer_changes_nothing(visit: Client, round_: Round) -> None:
    send(visit, round_, "tail", "none")
    before = all_rows()
    response = send(visit, round_, "round eye", round_.image.true_class)
    assert response.headers["Location"] == reverse("play:round", args=[round_.key])
    assert all_rows() == before


def test_an_invalid_second_answer_shows_the_result(visit: Client, round_: Round) -> None:
    send(visit, round_)
    assert send(visit, round_, None, None).status_code == 302


def test_late_work_takes_a_free_place_again(visit: Client, round_: Round) -> None:
    _expire(round_)
    send(visit, round_, "tail", round_.image.true_class)
    round_.refresh_from_db()
    assert (round_.state, round_.holds_place) == ("answered", True)
    assert earned_by([round_])[round_.pk] == Earned(guess=100)
    assert round_.region.reserved == 1


def test_late_work_at_a_full_region_is_paid_and_surplus(db: None) -> None:
    study = make_study(max_labellings=1)
    image = make_image(study, layers=1, regions=1)
    late, prompt = make_player(study), make_player(study, nickname="Swift Heron")
    late_round = make_round(study, late)
    _expire(late_round)
    send(client_of(prompt), make_round(study, prompt))
    send(client_of(late), late_round, "tail", image.true_class)
    late_round.refresh_from_db()
    assert (late_round.state, late_round.holds_place) == ("answered", False)
    assert earned_by([late_round])[late_round.pk] == Earned(guess=100, labels=12)
    assert late_round.region.reserved == late_round.region.capacity == 1


def test_work_begun_before_a_study_paused_is_kept(visit: Client, round_: Round, study: Study) -> None:
    Study.objects.update(state="paused")
    assert send(visit, round_).status_code == 302
    assert Label.objects.count() == 1


def test_the_last_round_ends_the_game(visit: Client, player: Player, study: Study, round_: Round) -> None:
    Study.objects.update(rounds_per_game=1)
    send(visit, round_)
    round_.game.refresh_from_db()
    assert round_.game.finished_at is not None


def test_an_image_without_an_answer_pays_nobody(visit: Client, round_: Round) -> None:
    Image.objects.update(true_class=None, predicted_class=None, explained_class=None)
    send(visit, round_, "tail", "none")
    round_.refresh_from_db()
    assert (round_.correct, earned_by([round_])[round_.pk].total) == (False, 0)


def _expire(round_: Round) -> None:
    Round.objects.filter(pk=round_.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert leases_expire() == 1
    round_.refresh_from_db()
    assert round_.holds_place is False


def test_hostile_text_is_cut_before_anything_is_computed_from_it(visit: Client, round_: Round) -> None:
    page = refused(visit, round_, ["ﷺ" * 250_000] * 3)
    assert len(page) < 100_000


def test_of_a_picture_seen_before_only_words_are_asked(visit: Client, round_: Round) -> None:
    Round.objects.update(familiar=True)
    page = visit.get(reverse("play:round", args=[round_.key])).content.decode()
    assert "You have met this picture before" in page
    assert 'name="guess"' not in page
    send(visit, round_, "tail", None)
    round_.refresh_from_db()
    assert (round_.state, round_.guess, round_.correct) == ("answered", None, False)
