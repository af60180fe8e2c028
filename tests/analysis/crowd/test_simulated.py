"""The simulated crowd, judged: what is held of the dishonest and of the honest, and what is not found."""

from collections import Counter

import pytest

from tests.analysis.crowd.simulation import Score, judged, scored, table
from tests.labeling.crowd import ADVERTISER, BOT, CLIQUE, HONEST, SLOPPY, TYPIST, WORDS, Mix, simulated_crowd

SEEDS = (101, 102)  # none of those that limits were chosen with
MIXES: list[tuple[str, Mix]] = [
    ("300 players, 15 rounds", Mix()),
    ("10 rounds", Mix(rounds=10)),
    ("40 rounds", Mix(rounds=40, players=150)),
    ("twice the photographs, 10 rounds", Mix(rounds=10, photos=88)),
    ("half are dishonest", Mix(dishonest=0.5)),
    ("one in ten is dishonest", Mix(dishonest=0.1, players=150)),
    ("60 players, 20 rounds", Mix(players=60, rounds=20)),
    ("nobody is too fast", Mix(patient=True)),
    ("nobody is too fast, 10 rounds", Mix(patient=True, rounds=10)),
    ("cliques meet by chance only", Mix(meeting=False, patient=True)),
    ("hard to see", Mix(mistaken=0.4, patient=True)),
    ("photographs of one thing", Mix(scopes=1, patient=True)),
]
HONEST_MIXES = [
    Mix(dishonest=0, rounds=20),
    Mix(dishonest=0, players=12, rounds=10),
    Mix(dishonest=0, players=8, rounds=30, photos=30),
    Mix(dishonest=0, scopes=1, rounds=10),
    Mix(dishonest=0, scopes=2, rounds=40, players=100),
    Mix(dishonest=0, mistaken=0.5, rounds=30, players=150),
]


def over_seeds(mix: Mix, *seeds: int) -> Score:
    given: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for seed in seeds:
        crowd = simulated_crowd(seed=seed, mix=mix)
        score = scored(crowd, judged(crowd))
        given += score.given
        held += score.held
    return Score(given, held)


@pytest.mark.parametrize(("name", "mix"), MIXES, ids=[name for name, _ in MIXES])
def test_the_dishonest_are_held_and_the_honest_are_not(name: str, mix: Mix) -> None:
    score = over_seeds(mix, *SEEDS)
    print(table([(name, score)]))
    assert score.recall >= 0.95
    assert score.wrongly <= 0.02


@pytest.mark.parametrize("mix", HONEST_MIXES, ids=str)
def test_nobody_is_suspect_among_honest_players(mix: Mix) -> None:
    crowd = simulated_crowd(seed=103, mix=mix)
    assert set(crowd.kinds) == {HONEST, SLOPPY}
    judgement = judged(crowd)
    assert [one for one in judgement.conducts if one.suspect] == []
    assert scored(crowd, judgement).wrongly <= 0.02


def test_after_one_game_only_the_blatant_are_found() -> None:
    score = over_seeds(Mix(rounds=5), *SEEDS)
    print(table([("one game", score)]))
    share = {kind: score.held[kind] / score.given[kind] for kind in score.given}
    assert min(share[TYPIST], share[BOT]) == 1
    assert share[ADVERTISER] > 0.8
    assert max(share[WORDS], share[CLIQUE]) < 0.8, "this takes more answers"
    assert score.wrongly <= 0.02


def test_the_same_work_gives_the_same_judgement() -> None:
    crowd = simulated_crowd(seed=4, mix=Mix(players=80, rounds=10))
    assert judged(crowd) == judged(crowd)
