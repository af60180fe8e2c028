"""Words that people misspelt, with what others typed in the same scope: see `data/spelling.md`."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.labels.plain_text import plain_text
from analysis.labels.scope_words import pieces

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A word that no dictionary had, or one that was right all the same, and what it was meant to be."""

    word: str
    scope: str
    phrase: str
    right: frozenset[str]

    @property
    def is_error(self) -> bool:
        return self.word not in self.right


def misspelt() -> list[Misspelt]:
    return [
        Misspelt(
            pieces(plain_text(row["word"]))[0],
            row["scope"],
            plain_text(row["phrase"]),
            frozenset(plain_text(right).removesuffix("'s") for right in row["right"].split("/")),
        )
        for row in _rows("spelling.csv")
    ]


def typed_by_scope() -> dict[str, Counter[str]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in _rows("typed.csv"):
        counts[row["scope"]][plain_text(row["text"])] += int(row["count"])
    return counts


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
