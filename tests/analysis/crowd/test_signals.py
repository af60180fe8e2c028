"""Each signal on small crowds, by hand."""

import random

import numpy as np
import pytest
from scipy.stats import binom

from analysis.crowd.agreement import agreement_signals
from analysis.crowd.cliques import clique_signals
from analysis.crowd.independence import chief_partners, confirmed, heard, listeners
from analysis.crowd.judging import judge
from analysis.crowd.records import Kind
from analysis.crowd.repetition import repetition_signals
from analysis.crowd.spam import spam_labels
from analysis.crowd.speed import speed_signals
from tests.analysis.crowd.made import Said, crowd_of, everybody, make_work, words_in


def test_speed_is_the_share_below_looking_and_typing() -> None:
    """0.8 s + 0.05 s for each of eight characters: 1.2 s."""
    took = [1.1, 1.1, 1.1, 1.3, 1.3, 1.3, float("nan")]
    work = make_work([(1, photo, "feathers") for photo in range(7)], seconds=took)
    (signal,) = speed_signals(work, crowd_of(work)).values()
    assert (signal.value, signal.weight) == (0.5, 1)
    assert signal.evidence == "3 of 6 answers were faster than anybody looks and types."
    work = make_work([(1, photo, "feathers") for photo in range(7)], seconds=[1.1, 1.1, *took[3:6], 1.3, 9])
    assert not speed_signals(work, crowd_of(work))[0].found


def honest(photo: int) -> list[Said]:
    """Four players who see the same three things at a photograph, different ones elsewhere."""
    return [(player, photo, f"word{photo}, thing{photo}, part{photo}") for player in (1, 2, 3, 4)]


def test_repetition_counts_what_comes_again() -> None:
    said = [one for photo in range(10) for one in honest(photo)]
    said += [(9, photo, ["blob", "lump", "mass"][photo % 3]) for photo in range(10)]
    work = make_work(said)
    signals = repetition_signals(crowd_of(work), words_in(work).names)
    assert signals[4].value == 1.0  # (10 - 3) / (10 - 3)
    assert signals[4].weight == 2
    assert signals[4].evidence.startswith("10 of 10 labels say “blob”, “lump”, “mass”; so did 0%")
    assert signals[0].value == 0.0
    assert not signals[0].found


def test_what_everybody_says_again_is_no_repetition() -> None:
    said = [(player, photo, "stripes") for player in range(6) for photo in range(10)]
    said += [(player, photo, f"word{player}{photo}") for player in range(5) for photo in range(5)]
    work = make_work(said)
    signals = repetition_signals(crowd_of(work), words_in(work).names)
    assert signals[5].value == 1.0
    assert not signals[5].found, "all others see stripes there"


def test_where_everybody_repeats_the_limit_is_higher() -> None:
    said = [(player, photo, f"own{player}") for player in range(6) for photo in range(16)]
    said += [(player, photo, f"word{player}{photo}") for player in range(6) for photo in range(16, 20)]
    work = make_work(said)
    signals = repetition_signals(crowd_of(work), words_in(work).names)
    value = (18 - 3) / (20 - 3)
    assert {signal.value for signal in signals.values()} == {value}
    assert {signal.limit for signal in signals.values()} == {(1 + value) / 2}
    assert not any(signal.found for signal in signals.values())


def test_the_same_long_phrase_by_one_player_is_spam() -> None:
    said = [(1, photo, "come to my party") for photo in range(3)]
    said += [(2, photo, "black white stripes") for photo in range(3)] + [(3, 0, "black white stripes")]
    said += [(4, 0, "rows of tall trees"), (4, 1, "rows of tall trees"), (5, 0, "cheap pills buy now")]
    work = make_work(said)
    spam = spam_labels(work, crowd_of(work), ())
    assert {said[answer][2] for answer in work.answers[spam]} == {"come to my party", "cheap pills buy now"}


def test_only_credible_others_of_the_same_language_confirm() -> None:
    said = [(1, 0, "zorvok"), (2, 0, "zorvok"), (3, 0, "zorvok"), (4, 1, "zorvok")]
    work = make_work(said, languages=[0, 0, 1, 0])
    crowd = crowd_of(work)
    assert confirmed(crowd, everybody(crowd)).tolist() == [True, True, False, False]
    assert confirmed(crowd, np.array([True, False, True, True])).tolist() == [False, True, False, False]
    assert listeners(crowd, everybody(crowd)).tolist() == [1, 1, 0, 0]


def test_what_only_chief_partners_say_is_not_heard() -> None:
    said = [(player, photo, f"code{photo}") for player in range(5) for photo in range(6)]
    said += [(10 + photo, photo, "sky") for photo in range(6)] + [(20, 0, "sky"), (30, 0, "code0")]
    crowd = crowd_of(make_work(said))
    is_heard = heard(crowd, everybody(crowd))
    assert is_heard[:6].tolist() == [True, False, False, False, False, False], "five others said code0"
    assert not is_heard[30:36].any(), "the one other who saw the sky there is a partner"


def test_chief_partners_are_the_four_met_most() -> None:
    own = np.array([0] * 9 + [1])
    other = np.array([1, 1, 2, 2, 3, 3, 4, 5, 5, 0])
    assert chief_partners(own, other).tolist() == [True] * 6 + [False, True, True, True]


def test_agreement_is_tested_against_half_of_what_is_usual() -> None:
    said = [one for photo in range(10) for one in [(player, photo, f"word{photo}") for player in range(7)]]
    said += [(9, photo, f"else{photo}") for photo in range(10)]
    crowd = crowd_of(make_work(said))
    signals = agreement_signals(crowd, everybody(crowd), heard(crowd, everybody(crowd)))
    assert (
        signals[0].evidence
        == "10 of 10 labels were said by independent others at the same photographs; 9 are usual."
    )
    assert signals[7].value == pytest.approx(binom.cdf(0, 10, 0.5 * 7 / 8))
    assert signals[7].weight == 2
    assert not signals[0].found


def clique(members: int, photos: int) -> list[Said]:
    """Members who share a word at each photograph, among twelve who share others."""
    said = [(100 + member, photo, f"code{photo}") for member in range(members) for photo in range(photos)]
    for photo in range(photos):
        said += [(player, photo, f"word{photo % 3}, own{player}{photo}") for player in range(12)]
    return said


def test_a_clique_is_found_and_nobody_else() -> None:
    crowd = crowd_of(make_work(clique(5, 8)))
    signals = clique_signals(crowd)
    assert [int(crowd.ids[player]) for player, signal in signals.items() if signal.found] == list(
        range(100, 105)
    )
    assert all(signal.value == 1.0 and signal.weight == 2 for signal in signals.values())
    assert "only 5 players say" in next(iter(signals.values())).evidence


def test_two_meetings_make_no_clique() -> None:
    assert clique_signals(crowd_of(make_work(clique(5, 2)))) == {}


def test_a_word_is_theirs_alone_only_where_others_were() -> None:
    said = [(player, photo, f"code{photo}") for player in range(5) for photo in range(8)]
    said += [(player, photo, f"own{player}{photo}") for player in range(10, 22) for photo in range(8, 24)]
    assert clique_signals(crowd_of(make_work(said))) == {}
    with_others = [*said, *[(30, photo, f"own{photo}") for photo in range(8)]]
    assert len(clique_signals(crowd_of(make_work(with_others)))) == 5


def test_the_few_who_speak_another_language_are_no_clique() -> None:
    """Each says one of three things everywhere: of forty more than eight say the same, of nine seldom."""
    dice = random.Random(0)
    said = [
        (player, photo, f"{dice.choice(['wing', 'beak', 'tail'])}{photo}")
        for player in range(49)
        for photo in range(25)
    ]
    languages = [int(player >= 40) for player, _, _ in said]
    assert clique_signals(crowd_of(make_work(said, languages=languages))) == {}
    code = [(player, photo, f"code{photo}") for player in (50, 51, 52) for photo in range(25)]
    crowd = crowd_of(make_work([*said, *code], languages=[*languages, *[1] * len(code)]))
    found = [int(crowd.ids[player]) for player, signal in clique_signals(crowd).items() if signal.found]
    assert found == [50, 51, 52]


def test_two_that_need_one_another_make_suspect() -> None:
    said = [(1, photo, text) for photo, text in enumerate(["shit", "fuck", "cunt", "merda", "beak", "wing"])]
    slow, fast = make_work(said), make_work(said, seconds=[0.3] * 6)
    (one,) = judge(slow).conducts
    assert one.signals[Kind.PROFANITY].found
    assert not one.suspect
    (one,) = judge(fast).conducts
    assert one.signals[Kind.SPEED].found
    assert one.suspect


def test_few_answers_give_no_verdict() -> None:
    said = [(1, photo, "asdkjh, qwkjhz, zxkjhq") for photo in range(4)]
    judgement = judge(make_work(said))
    (one,) = judgement.conducts
    assert (one.suspect, one.signals) == (False, {})
    assert len(judgement.labels) == 12, "single labels are held all the same"
    (one,) = judge(make_work([*said, (1, 5, "asdkjh")])).conducts
    assert one.suspect


def test_suspects_confirm_nobody_unless_they_are_trusted() -> None:
    said = [(9, photo, "zorvok") for photo in range(10)] + [(1, 0, "zorvok")]
    work = make_work(said)
    assert judge(work).labels[10] == (Kind.GIBBERISH,)
    assert 10 not in judge(work, trusted=[9]).labels
    few = make_work([(9, 0, "zorvok"), (1, 0, "zorvok")])
    assert judge(few).labels == {}
    assert judge(few, held=[9]).labels == {1: (Kind.GIBBERISH,)}


def test_nothing_said_gives_nothing() -> None:
    judgement = judge(make_work([]))
    assert (judgement.conducts, judgement.labels) == ((), {})
