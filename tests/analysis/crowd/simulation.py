"""The simulated crowd's turns as columns, and how well a judgement separates it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.crowd.dictionary import words_of
from analysis.crowd.judging import judge
from analysis.crowd.records import NOT_GOLD, Judgement, Work
from analysis.labels.normal_form import normalise
from tests.labeling.crowd import DISHONEST, Simulated

KNOWN = words_of(["zebra", "red fox", "ox"])


def work_of(crowd: Simulated) -> Work:
    rows = [(answer, label) for answer, turn in enumerate(crowd.turns) for label in turn.labels]
    typed = tuple(dict.fromkeys(label for _, label in rows))
    index = {text: number for number, text in enumerate(typed)}
    count = len(crowd.turns)
    return Work(
        players=np.array([turn.player for turn in crowd.turns], dtype=np.int64),
        regions=np.array([turn.spot.number for turn in crowd.turns], dtype=np.int64),
        photos=np.array([turn.spot.photo for turn in crowd.turns], dtype=np.int64),
        seconds=np.array([turn.seconds for turn in crowd.turns]),
        golds=np.full(count, NOT_GOLD, dtype=np.int64),
        answers=np.array([answer for answer, _ in rows], dtype=np.int64),
        texts=np.array([index[label] for _, label in rows], dtype=np.int64),
        languages=np.zeros(len(rows), dtype=np.int64),
        typed=typed,
        forms=tuple(normalise(text) or text.casefold() for text in typed),
    )


@dataclass(frozen=True, slots=True)
class Score:
    """Labels of each kind of player, and how many of them are held."""

    given: Counter[str]
    held: Counter[str]

    @property
    def recall(self) -> float:
        """Of the labels of dishonest players."""
        return self._share(DISHONEST)

    @property
    def wrongly(self) -> float:
        """The share of the labels of honest players that are held."""
        return self._share(set(self.given) - set(DISHONEST))

    @property
    def precision(self) -> float:
        return sum(self.held[kind] for kind in DISHONEST) / max(self.held.total(), 1)

    def _share(self, kinds: Iterable[str]) -> float:
        kinds = list(kinds)
        return sum(self.held[kind] for kind in kinds) / max(sum(self.given[kind] for kind in kinds), 1)


def scored(crowd: Simulated, judgement: Judgement) -> Score:
    suspects = {conduct.player for conduct in judgement.conducts if conduct.suspect}
    given: Counter[str] = Counter()
    held: Counter[str] = Counter()
    label = 0
    for turn in crowd.turns:
        for _ in turn.labels:
            given[crowd.kinds[turn.player]] += 1
            held[crowd.kinds[turn.player]] += turn.player in suspects or label in judgement.labels
            label += 1
    return Score(given, held)


def table(scores: Iterable[tuple[str, Score]]) -> str:
    """Recall of every kind of dishonest player, what is held of the honest, and precision."""
    lines = []
    for name, score in scores:
        parts = [f"{kind} {score.held[kind] / max(score.given[kind], 1):.1%}" for kind in sorted(score.given)]
        lines.append(
            f"{name}: recall {score.recall:.1%}, precision {score.precision:.1%}, honest held "
            f"{score.wrongly:.2%}; held of {', '.join(parts)}"
        )
    return "\n" + "\n".join(lines)


def judged(crowd: Simulated) -> Judgement:
    return judge(work_of(crowd), known=KNOWN)
