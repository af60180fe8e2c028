"""Labels pay where players agree, in words at once, and nobody is paid twice."""

import pytest
from django.db.models import F

from labeling.models import Label, LedgerEntry, Player, Region, Round, Study, Word
from labeling.models.reward import EntryKind
from labeling.points import AGREEMENTS_OF_A_PAIR
from labeling.services.agreements import Said, agreements_pay, meaning_key
from labeling.services.answers import Answer, round_answer
from labeling.services.quarantine import labels_quarantine
from tests.factories import make_image, make_player, make_round, make_study
from tests.labeling.ledger import earned, points_of
from tests.labeling.turns import RIGHT, answered

pytestmark = pytest.mark.django_db

AGREEMENT, CONFIRMATION = EntryKind.AGREEMENT, EntryKind.CONFIRMATION
FIRST_WORD = 12  # what a word earns before any has been counted


@pytest.fixture
def study() -> Study:
    """One region with many places, so that every player gets the same."""
    study = make_study(rounds_per_game=1, max_labellings=30)
    make_image(study, layers=1, regions=1)
    return study


def one_of(round_: Round) -> Said:
    label = round_.labels.get()
    return Said(label.pk, round_.pk, round_.player_id, label.text, label.confirmed)


def test_nobody_is_paid_for_a_new_label(study: Study) -> None:
    assert earned(answered(study, "long beak", "red")) == 0


def test_who_agrees_is_paid_at_once_and_who_was_first_is_confirmed(study: Study) -> None:
    first = answered(study, "long beak", "red", "sky")
    second = answered(study, "A long beak!", "RED", "tail")
    assert earned(second, AGREEMENT) == earned(first, CONFIRMATION) == 2 * FIRST_WORD
    assert earned(second, CONFIRMATION) == earned(first, AGREEMENT) == 0
    assert list(first.labels.values_list("confirmed", flat=True)) == [1, 1, 0]
    assert points_of(first.player) == points_of(second.player) == 2 * FIRST_WORD


def test_inflections_mean_the_same(study: Study) -> None:
    answered(study, "striped tails")
    assert earned(answered(study, "stripe tail")) == FIRST_WORD
    assert meaning_key("hooves") == meaning_key("hoof") != meaning_key("hood")


def test_an_entry_says_what_was_agreed_with_whom(study: Study) -> None:
    first, second = answered(study, "beak"), answered(study, "beaks")
    agreement, confirmation = LedgerEntry.objects.order_by("kind")
    assert (agreement.label, agreement.by) == (second.labels.get(), first.labels.get())
    assert (agreement.player, agreement.other) == (second.player, first.player)
    assert (confirmation.label, confirmation.by) == (agreement.by, agreement.label)
    assert confirmation.study == agreement.study == study
    assert (agreement.round, confirmation.round) == (second, first)


def test_the_rarer_word_earns_more(study: Study) -> None:
    Word.objects.create(study=study, text="thing", labels=500)
    Word.objects.create(study=study, text="whiskers", labels=3)
    study.words_total = 960
    study.save()
    answered(study, "thing")
    answered(study, "whiskers")
    assert earned(answered(study, "thing")) == 4  # 501/1024: 1.03 bits
    assert earned(answered(study, "whiskers")) == 16  # 4/1024: 8 bits


def test_words_of_other_studies_make_nothing_common(study: Study) -> None:
    Word.objects.create(study=make_study(), text="beak", labels=10**6)
    answered(study, "beak")
    assert earned(answered(study, "beak")) == FIRST_WORD


def test_a_label_is_paid_for_three_players(study: Study) -> None:
    rounds = [answered(study, "beak") for _ in range(6)]
    confirmed = [round_.labels.get().confirmed for round_ in rounds]
    # The first three confirm each other and are confirmed by the fourth; nobody is left for the others.
    assert confirmed == [3, 3, 3, 3, 3, 3]
    assert [earned(round_) for round_ in rounds] == [3 * FIRST_WORD] * 6
    assert earned(rounds[0], CONFIRMATION) == 3 * FIRST_WORD
    assert earned(rounds[5], AGREEMENT) == 3 * FIRST_WORD
    confirmers = LedgerEntry.objects.filter(label=rounds[0].labels.get()).order_by("pk")
    assert [entry.other for entry in confirmers] == [round_.player for round_ in rounds[1:4]]


def test_nobody_agrees_with_themselves(study: Study) -> None:
    assert earned(answered(study, "stripe", "stripes")) == 0


def test_inflections_of_one_word_pay_once(study: Study) -> None:
    greedy = answered(study, "stripe", "stripes", "striped")
    honest = answered(study, "stripes")
    greedy_too = answered(study, "striped", "stripe")
    assert earned(honest) == 2 * FIRST_WORD
    assert earned(greedy) == earned(greedy_too) == 2 * FIRST_WORD
    assert list(greedy.labels.values_list("confirmed", flat=True)) == [2, 0, 0]


def test_of_one_players_labels_the_confirmed_one_stands_for_all(study: Study) -> None:
    answered(study, "stripes", "stripe", "red")
    agreeing = answered(study, "red")
    first = Label.objects.order_by("pk")
    assert [label.confirmed for label in first] == [0, 0, 1, 1]
    assert agreeing.labels.get() == first[3]


def test_two_players_pay_each_other_twenty_times_in_a_study() -> None:
    study = make_study(rounds_per_game=AGREEMENTS_OF_A_PAIR // 2 + 1)
    for _ in range(AGREEMENTS_OF_A_PAIR // 2 + 1):
        make_image(study, layers=1, regions=1)
    one, other, third = make_player(study), make_player(study), make_player(study)
    for player in (one, other, third):
        for _ in range(AGREEMENTS_OF_A_PAIR // 2 + 1):
            answered(study, "beak", "red", player=player)

    def times(player: Player, by: Player) -> int:
        return LedgerEntry.objects.filter(player=player, other=by).count()

    assert times(one, other) == times(other, one) == AGREEMENTS_OF_A_PAIR
    assert times(third, one) == times(third, other) == AGREEMENTS_OF_A_PAIR
    Region.objects.update(capacity=F("reserved"))
    make_image(study, layers=1, regions=1)
    for player in (one, other, make_player(study)):
        answered(study, "beak", player=player)
    assert times(one, other) == times(other, one) == AGREEMENTS_OF_A_PAIR
    last = Round.objects.order_by("-pk")[0]
    assert earned(last) == 2 * FIRST_WORD, "a new player is paid for both"


def test_in_another_study_a_pair_begins_anew(study: Study) -> None:
    elsewhere = make_study(rounds_per_game=1)
    make_image(elsewhere, layers=1, regions=1)
    one, other = make_player(study), make_player(study)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            player=one, other=other, study=elsewhere, kind=AGREEMENT, points=0, key=f"agree/earlier/{number}"
        )
        for number in range(AGREEMENTS_OF_A_PAIR)
    )
    answered(study, "beak", player=other)
    assert earned(answered(study, "beak", player=one)) == FIRST_WORD
    LedgerEntry.objects.filter(points=0).delete()


def test_held_labels_confirm_nothing(study: Study) -> None:
    held = answered(study, "beak")
    assert labels_quarantine(labels=Label.objects.all()) == 1
    assert earned(answered(study, "beak")) == 0
    assert earned(held) == 0


def test_paying_again_pays_nothing_more(study: Study) -> None:
    first, second = answered(study, "beak"), answered(study, "beak")
    before = list(LedgerEntry.objects.values())
    said = [one_of(round_) for round_ in (first, second)]
    assert agreements_pay(study=study, pairs=[(said[0], said[1])]) == []
    assert agreements_pay(study=study, pairs=[(said[1], said[0]), (said[0], said[1])]) == []
    assert list(LedgerEntry.objects.values()) == before


def test_a_worker_that_read_long_ago_pays_no_fourth_nor_for_what_is_held_or_gone(study: Study) -> None:
    stale = [one_of(answered(study, word)) for word in ("beak", "bill", "nib", "snout")]
    for word in ("beak",) * 3:
        answered(study, word)
    labels_quarantine(labels=Label.objects.filter(text="nib"))
    Label.objects.filter(text="snout").delete()
    pairs = [(stale[0], other) for other in stale[1:]]
    (only,) = agreements_pay(study=study, pairs=pairs)
    assert only.label == Label.objects.get(text="bill"), "the first has three already"


def test_a_late_answer_counts_as_the_earlier_label(study: Study) -> None:
    """Who is confirmed and who agrees goes by the order of answers, not of rounds."""
    slow = make_round(study, make_player(study))
    quick = answered(study, "beak")
    assert round_answer(round_=slow, answer=Answer(("beak",), RIGHT))
    assert earned(quick, CONFIRMATION) == earned(slow, AGREEMENT) == FIRST_WORD
