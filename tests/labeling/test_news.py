"""What players are told of what became of their labels."""

import pytest

from labeling.models import Game, Label, Player, Study
from labeling.selectors.history import games_of, labels_of, totals_of
from labeling.selectors.rewards import NOTICES, News, Notice, news_for
from labeling.selectors.rounds import earned_by, game_result, seen_by_others
from labeling.services.players import player_told
from labeling.services.quarantine import labels_quarantine, labels_release
from tests.factories import make_game, make_image, make_player, make_round, make_study
from tests.labeling.turns import RIGHT, answered, explain

pytestmark = pytest.mark.django_db

FIRST_WORD = 12


@pytest.fixture
def study() -> Study:
    study = make_study(rounds_per_game=1, max_labellings=30)
    make_image(study, layers=1, regions=1)
    return study


def tell(player: Player) -> News:
    """As a page does: what is new, which then is not new any more."""
    news = news_for(player)
    player_told(player=player, up_to=news.up_to)
    player.refresh_from_db()
    return news


def test_confirmations_are_told_once_summed_by_label(study: Study) -> None:
    first = answered(study, "Whiskers!", "red")
    assert tell(first.player).notices == []
    answered(study, "whiskers")
    answered(study, "whiskers", "red")
    news = tell(first.player)
    assert news.notices == [Notice("Whiskers!", 2, 2 * FIRST_WORD), Notice("red", 1, FIRST_WORD)]
    assert news.points == 3 * FIRST_WORD
    assert tell(first.player).notices == []
    answered(study, "red")
    assert tell(first.player).notices == [Notice("red", 1, FIRST_WORD)]


def test_who_agreed_needs_no_news(study: Study) -> None:
    answered(study, "beak")
    assert tell(answered(study, "beak").player).notices == []


def test_what_is_held_is_not_told(study: Study) -> None:
    first, second = answered(study, "beak"), answered(study, "beak")
    labels_quarantine(labels=second.labels.all())
    assert news_for(first.player).notices == []
    labels_quarantine(labels=first.labels.all())
    labels_release(labels=second.labels.all())
    assert news_for(first.player).notices == []
    labels_release(labels=first.labels.all())
    assert news_for(first.player).notices == [Notice("beak", 1, FIRST_WORD)]


def test_the_best_few_are_shown_and_all_are_told(study: Study) -> None:
    study.rounds_per_game = NOTICES + 2
    study.save()
    for _ in range(NOTICES + 1):
        make_image(study, layers=1, regions=1)
    one, other = make_player(study), make_player(study)
    for player in (one, other):
        for _ in range(NOTICES + 2):
            answered(study, "beak", player=player)
    assert len(tell(one).notices) == NOTICES
    assert tell(one).notices == []


def test_being_told_never_goes_back(study: Study) -> None:
    player = make_player(study)
    player_told(player=player, up_to=9)
    player_told(player=player, up_to=4)
    player.refresh_from_db()
    assert player.told_up_to == 9


def test_a_round_shows_what_it_has_earned_so_far(study: Study) -> None:
    first = answered(study, "beak", guess=RIGHT, level=2)
    nothing = make_round(study, make_player(study))
    second = answered(study, "beak")
    parts = earned_by([first, nothing, second])
    assert (parts[first.pk].guess, parts[first.pk].labels, parts[first.pk].total) == (70, 12, 82)
    assert (parts[nothing.pk].total, parts[second.pk].total) == (0, 12)
    labels_quarantine(labels=second.labels.all())
    assert earned_by([first])[first.pk].total == 70


def test_a_game_adds_up_its_rounds() -> None:
    study = make_study(rounds_per_game=2)
    for _ in range(2):
        make_image(study, layers=1, regions=1)
    one, other = make_player(study), make_player(study)
    for player in (one, other):
        for guess in (RIGHT, None):
            answered(study, "beak", player=player, guess=guess)
    result = game_result(Game.objects.get(player=one))
    assert (result.points, result.right, result.agreed, len(result.rounds)) == (124, 1, 2, 2)
    assert sum(part.earned.total for part in result.rounds) == 124


def test_others_labels_are_counted_by_players_and_held_ones_are_not_shown(study: Study) -> None:
    for word in ("beak", "beak", "red", "nonsense"):
        answered(study, word)
    labels_quarantine(labels=Label.objects.filter(text="nonsense"))
    own = answered(study, "red", "tail")
    seen = [(one.text, one.players, one.share, one.mine) for one in seen_by_others(own)]
    assert seen == [("beak", 2, 1.0, False), ("red", 1, 0.5, True)]


def test_history_has_games_that_had_a_round_and_their_points_of_today(study: Study) -> None:
    first = answered(study, "beak", guess=RIGHT)
    make_game(study, first.player)
    (game,) = games_of(first.player)
    assert (game.key, game.study, game.rounds, game.right) == (first.game.key, study.title, 1, 1)
    assert (game.points, game.is_open) == (100, False)
    answered(study, "beak")
    assert games_of(first.player)[0].points == 100 + FIRST_WORD
    assert games_of(make_player(study)) == []


def test_history_says_what_became_of_each_label(study: Study) -> None:
    first = answered(study, "long beak", "window")
    assert [(fate.label.raw, fate.confirmed, fate.group) for fate in labels_of(first.player)] == [
        ("window", 0, ""),
        ("long beak", 0, ""),
    ]
    second = answered(study, "long beak", "long beak of a parrot")
    explain(study)
    fates = {fate.label.raw: fate for fate in labels_of(first.player)}
    assert fates["long beak"].confirmed == 1
    assert fates["long beak"].group
    labels_quarantine(labels=first.labels.filter(text="long beak"))
    held = {fate.label.raw: fate for fate in labels_of(first.player)}["long beak"]
    assert (held.confirmed, held.group) == (0, "")
    assert {fate.label.round.player for fate in labels_of(second.player)} == {second.player}
    totals = totals_of(first.player)
    assert (totals.rounds, totals.labels) == (1, 2)


def test_a_misspelt_label_is_found_in_the_group_that_it_was_read_into(study: Study) -> None:
    for _ in range(3):
        answered(study, "black feathers")
    slip = answered(study, "black fethers")
    named = answered(study, "maybe black feathers")
    explain(study)
    for round_ in (slip, named):
        assert [fate.group for fate in labels_of(round_.player)] == ["black feathers"]
