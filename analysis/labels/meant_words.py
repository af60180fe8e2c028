"""Which word was meant by one that no dictionary has: the likeliest, or the word itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10

from analysis.labels.edit_cost import edit_costs
from analysis.labels.known_words import is_word, plural_meant
from analysis.labels.near_words import NearWords
from analysis.labels.scope_words import ScopeWords
from analysis.labels.vocabulary import commonness, vocabulary

NEAR = {"itself": 3.2, "cost": 0.9, "common": 0.7, "rare": 2.7, "said": 2.3, "used": 2.0, "in_place": 0.7}
SPLIT = {"itself": 3.2, "common": 0.6, "short": 0.6, "together": 3.7}
CHANGED, PARTED = 6.6, -0.9
NAME = 5
"""A word of the class's name counts as if so many people had used it."""
_NOT_RARE = 3.0
_LEAST_USED = 2
_SHORTEST_PART = 2


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

    Args:
        words: distinct, that no dictionary has.
        scope: what else was typed.
        language: an ISO 639-1 code of `languages`.
    """
    meant = _by_rule(words, language)
    best: dict[str, tuple[float, str]] = {}
    others = [word for word in words if word not in meant]
    for one in (*near_candidates(others, scope, language), *split_candidates(others, scope, language)):
        best[one.word] = max(best.get(one.word, (0.0, one.word)), (one.score, one.meant))
    return meant | {word: likeliest for word, (score, likeliest) in best.items() if score > 0}


def near_candidates(words: Sequence[str], scope: ScopeWords, language: str) -> Iterator[Candidate]:
    """Words of the dictionary, and others that two people of the scope used, within two edits."""
    lists = vocabulary(language)
    listed = frozenset(lists.words)
    own = sorted(
        word for word in scope.words - listed if scope.people[word] >= _LEAST_USED or scope.is_name(word)
    )
    pairs = [(words[one], lists.words[other]) for one, other in zip(*lists.near.pairs(words), strict=True)]
    pairs += [(words[one], own[other]) for one, other in zip(*NearWords(own).pairs(words), strict=True)]
    costs = edit_costs([typed for typed, _ in pairs], [meant for _, meant in pairs])
    itself = {word: commonness(word, language) for word in words}
    for (typed, meant), cost in zip(pairs, costs.tolist(), strict=True):
        if meant != typed:
            common = commonness(meant, language) if meant in listed else _NOT_RARE
            name = NAME if scope.is_name(meant) else 0
            used = scope.people[meant] + name
            yield Candidate(
                typed,
                meant,
                {
                    "itself": -itself[typed],
                    "cost": -cost,
                    "common": common,
                    "rare": -max(0.0, _NOT_RARE - common),
                    "said": _log(scope.support(meant) + name),
                    "used": _log(used),
                    "in_place": _log(scope.in_place(meant, typed)) if used else 0.0,
                },
            )


def split_candidates(words: Sequence[str], scope: ScopeWords, language: str) -> Iterator[Candidate]:
    """Two words that were run together."""
    for word in words:
        itself = commonness(word, language)
        for end in range(1, len(word)):
            one, other = word[:end], word[end:]
            if _is_part(one) and _is_part(other):
                evidence = {
                    "itself": -itself,
                    "common": min(commonness(one, language), commonness(other, language)),
                    "short": -float(min(len(one), len(other)) <= _SHORTEST_PART),
                    "together": _log(scope.together(one, other)),
                }
                yield Candidate(word, f"{one} {other}", evidence)


def _by_rule(words: Sequence[str], language: str) -> dict[str, str]:
    contractions = vocabulary(language).contractions
    found = {word: contractions.get(word) or plural_meant(word) for word in words}
    return {word: meant for word, meant in found.items() if meant}


def _is_part(word: str) -> bool:
    return word in ("a", "i", "e", "o") or (len(word) >= _SHORTEST_PART and is_word(word))


def _log(people: int) -> float:
    return log10(1 + people)
