"""How far a player's words can be trusted, from gold rounds and from agreement."""

import numpy as np

from analysis.crowd.crowd import Crowd, coded, distinct, ranks
from analysis.crowd.records import NOT_GOLD, Codes, Flags, Numbers, Work

GOLD_COUNTS = 3.0
"""A gold round counts as much as this many others: what is settled there is known."""
PRIOR = 4.0
"""The prior counts as much as this many answers."""


def trust_of(work: Work, crowd: Crowd, credible: Flags) -> Numbers:
    """(P,) the mean of a Beta posterior, 0 to 1:

        trust = (PRIOR t + GOLD_COUNTS h + a) / (PRIOR + GOLD_COUNTS g + n)

    with h hits in g gold rounds, and a of n other answers that have the word on which crowd-kit's Wawa
    (Worker Agreement with Aggregate, a majority vote weighted by workers' own agreement with the majority)
    settles. Of an answer's words the one counts that most players gave at the region in this language. A
    region counts where at least two credible players gave one word. t is the same ratio over all credible
    players. Only credible players vote; every player is measured.
    """
    gold = work.golds != NOT_GOLD
    hits = np.bincount(crowd.players[work.golds == 1], minlength=crowd.size)
    golds = np.bincount(crowd.players[gold], minlength=crowd.size)
    tasks, players, choices = _votes(work, crowd, credible, ~gold)
    agrees = choices == _settled(tasks, players, choices, credible)
    n = np.bincount(players, minlength=crowd.size)
    a = np.bincount(players[agrees], minlength=crowd.size)
    weight = GOLD_COUNTS * golds + n
    reached = GOLD_COUNTS * hits + a
    usual = (reached[credible].sum() + 1) / (weight[credible].sum() + 2)
    trust: Numbers = (PRIOR * usual + reached) / (PRIOR + weight)
    return trust


def _votes(work: Work, crowd: Crowd, credible: Flags, ordinary: Flags) -> tuple[Codes, Codes, Codes]:
    """One vote for each answer with an agreement to be had: task, player, and the word's rank at the task.

    Ranks instead of words keep the votes' table narrow: words never need to be compared across regions.
    """
    answers = work.answers[crowd.labels]
    region = coded(work.regions[work.answers], work.languages)[crowd.labels]
    rows = np.flatnonzero(ordinary[answers])
    rows = rows[distinct(region[rows], crowd.words[rows], crowd.players[answers[rows]]).first]
    task, word, player = region[rows], crowd.words[rows], crowd.players[answers[rows]]
    said = distinct(task, word)
    times = np.bincount(said.at, weights=credible[player], minlength=len(said.first))
    tasks = task[said.first]
    order = np.lexsort((-times, tasks))
    rank = np.empty(len(order), np.int64)
    rank[order] = ranks(tasks[order])
    agreed = np.isin(task, tasks[times >= 2])
    best = np.flatnonzero(agreed)[np.lexsort((rank[said.at][agreed], player[agreed], task[agreed]))]
    chosen = best[ranks(distinct(task[best], player[best]).at) == 0]
    return task[chosen], player[chosen], rank[said.at][chosen]


def _settled(tasks: Codes, players: Codes, choices: Codes, credible: Flags) -> Codes:
    """(votes,) the rank that Wawa settles on at each vote's task."""
    votes = credible[players]
    if not votes.any():
        return np.full(len(tasks), -1)
    import pandas as pd
    from crowdkit.aggregation import MajorityVote, Wawa

    table = pd.DataFrame({"task": tasks[votes], "worker": players[votes], "label": choices[votes]})
    skills = Wawa().fit(table).skills_
    settled = (
        MajorityVote().fit(table, skills=skills).labels_
    )  # Wawa's last step; its own needs scikit-learn < 1.7
    assert settled is not None, "fitted"
    ranks_settled: Codes = settled.reindex(tasks, fill_value=-1).to_numpy(dtype=np.int64)
    return ranks_settled
