"""Which word was meant by one that no dictionary has: the likeliest, or the word itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log10

from analysis.labels.edit_cost import edit_costs
from analysis.labels.known_words import is_word
from analysis.labels.near_words import NearWords
from analysis.labels.scope_words import ScopeWords
from analysis.labels.slips import slip_meant
from analysis.labels.stop_words import STOP_WORDS
from analysis.labels.vocabulary import commonness, vocabulary

ENOUGH = 3
"""So many people make a word one that others may have meant, whatever it is."""
NAME = 5
"""A word of the class's name counts as if so many people had used it."""

NEAR = {
    "itself": 3.7,
    "cost": 1.1,
    "common": 1.0,
    "rare": 2.6,
    "stop": 1.5,
    "said": 2.7,
    "used": 2.4,
    "in_place": 0.3,
}
"""What counts for a word near the one that was typed, per unit of evidence. Against it: how common the word
is as it was typed, what the edits cost, how far below 3 the other's commonness is, and whether it is a stop
word. For it: how common it is, and decimal logarithms of 1 + the people who used it or an inflection, it
itself, and it in that place."""
SPLIT = {"itself": 1.5, "common": 0.3, "short": 0.7, "said": 1.7, "together": 3.5}
"""The same for two words run together: the less common, whether one has two letters, the less used, both
next to each other."""
CHANGED, PARTED = 7.1, 0.0
"""Against the word as it was typed, before any evidence."""
_NOT_RARE = 3.0
_SHORTEST_PART = 2
_LETTERS_THAT_ARE_WORDS = frozenset("aeio")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word, or two, that may have been meant by another, with what speaks for and against it.

    Attributes:
        evidence: values by their names in `NEAR` or `SPLIT`.
        score: logarithm of its odds against the word as it was typed.
    """

    word: str
    meant: str
    evidence: dict[str, float]

    @property
    def score(self) -> float:
        """The odds of a conditional logit."""
        weights, constant = (SPLIT, PARTED) if " " in self.meant else (NEAR, CHANGED)
        return constant + sum(weights[name] * value for name, value in self.evidence.items())


def meant_words(words: Sequence[str], scope: ScopeWords, language: str) -> dict[str, str]:
    """For each word that is likely to be a mistake, what was meant.

    A slip that a rule tells is put right by it, see `slip_meant`. Else the word has rivals: all words within
    two edits and all pairs of words that make it up. The likeliest is what was meant, unless the word as it
    was typed is likelier. Likely is what a conditional logit gives over these (McFadden 1974): a sum of
    evidence, with the weights `NEAR` and `SPLIT`.

    Args:
        words: distinct, that no dictionary has.
        scope: what else was typed.
        language: an ISO 639-1 code of `languages`.
    """
    slips = {word: slip_meant(word, language) for word in words}
    meant = {word: slip for word, slip in slips.items() if slip}
    best: dict[str, tuple[float, str]] = {}
    others = [word for word in words if word not in meant]
    for one in (*near_candidates(others, scope, language), *split_candidates(others, scope, language)):
        best[one.word] = max(best.get(one.word, (0.0, one.word)), (one.score, one.meant))
    return meant | {word: likeliest for word, (score, likeliest) in best.items() if score > 0}


def near_candidates(words: Sequence[str], scope: ScopeWords, language: str) -> Iterator[Candidate]:
    """Words of the dictionary, of the names, and others that enough people used, within two edits."""
    lists = vocabulary(language)
    own = sorted(
        word for word in scope.words - lists.listed if scope.people[word] >= ENOUGH or scope.is_name(word)
    )
    pairs = [(words[one], lists.words[other]) for one, other in zip(*lists.near.pairs(words), strict=True)]
    pairs += [(words[one], own[other]) for one, other in zip(*NearWords(own).pairs(words), strict=True)]
    costs = edit_costs([typed for typed, _ in pairs], [meant for _, meant in pairs])
    itself = {word: commonness(word, language) for word in words}
    for (typed, meant), cost in zip(pairs, costs.tolist(), strict=True):
        common = commonness(meant, language) if meant in lists.listed else _NOT_RARE
        one = Candidate(typed, meant, {"itself": -itself[typed], "cost": -cost, "common": common})
        if meant != typed and (one.score > 0 or scope.may_use(meant)):  # others cannot win: what follows
            yield replace(one, evidence=one.evidence | _seen(typed, meant, common, scope))  # speaks against


def _seen(typed: str, meant: str, common: float, scope: ScopeWords) -> dict[str, float]:
    name = NAME if scope.is_name(meant) else 0
    used = scope.people[meant] + name
    return {
        "rare": -max(0.0, _NOT_RARE - common),
        "stop": -float(meant in STOP_WORDS),
        "said": _log(scope.support(meant) + name),
        "used": _log(used),
        "in_place": _log(scope.in_place(meant, typed)) if used else 0.0,
    }


def split_candidates(words: Sequence[str], scope: ScopeWords, language: str) -> Iterator[Candidate]:
    """Two words that were run together: both common, or used in the scope."""
    for word in words:
        itself = commonness(word, language)
        for end in range(1, len(word)):
            one, other = word[:end], word[end:]
            if _is_part(one, scope, language) and _is_part(other, scope, language):
                evidence = {
                    "itself": -itself,
                    "common": min(commonness(one, language), commonness(other, language)),
                    "short": -float(min(len(one), len(other)) <= _SHORTEST_PART),
                    "said": _log(min(scope.support(one), scope.support(other))),
                    "together": _log(scope.together(one, other)),
                }
                yield Candidate(word, f"{one} {other}", evidence)


def _is_part(word: str, scope: ScopeWords, language: str) -> bool:
    if word in _LETTERS_THAT_ARE_WORDS:
        return True
    common = scope.people[word] > 0 or commonness(word, language) >= _NOT_RARE
    return len(word) >= _SHORTEST_PART and common and is_word(word)


def _log(people: int) -> float:
    return log10(1 + people)
