"""Phrases that nobody who sees the one could mean by the other: other colours, opposites, denials.

Sentence models put them near each other, since they stand in the same sentences.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from analysis.labels.inflection import lemma
from analysis.labels.languages import languages
from analysis.labels.lemma_key import NO

Key = frozenset[str]
Said = tuple[str, int, Key]
"""A phrase in normal form, its count, and its `lemma_key`."""


def parted(members: Sequence[Said]) -> list[list[Said]]:
    """Part a group until nothing in it speaks against anything else. The order of members changes nothing.

    For each field of opposites, such as colours: where no meaning is common to all members that name any
    ("black", "white", "black and white"), those that name the same stay together, and members that name none
    stay with the most people. Members that deny a word which others say are parted from them.

    Returns:
        The parts, each sorted.
    """
    parts = _by_denial(sorted(members, key=_order))
    words = frozenset[str]().union(*(key for _, _, key in members))
    for field, meanings in _fields().items():
        if len({meanings[word] for word in words & meanings.keys()}) > 1:
            parts = [smaller for part in parts for smaller in _by_meaning(part, field)]
    return parts


def opposed(one: Key, other: Key) -> bool:
    """Whether two keys name different meanings of one field, or one denies what the other says.

    >>> opposed(frozenset({"left", "wing"}), frozenset({"right", "wing"}))
    True
    """
    if (NO in one) != (NO in other):
        return not one.isdisjoint(other)
    named = [(_meant(one, field), _meant(other, field)) for field in _fields()]
    return any(ours and theirs and ours.isdisjoint(theirs) for ours, theirs in named)


def _by_denial(members: list[Said]) -> list[list[Said]]:
    said = frozenset[str]().union(*(key for _, _, key in members if NO not in key))
    denies = [NO in key and not said.isdisjoint(key) for _, _, key in members]
    parts = [
        [one for one, apart in zip(members, denies, strict=True) if apart is side] for side in (False, True)
    ]
    return [part for part in parts if part]


def _by_meaning(members: list[Said], field: str) -> list[list[Said]]:
    named: defaultdict[Key, list[Said]] = defaultdict(list)
    for member in members:
        named[_meant(member[2], field)].append(member)
    neutral = named.pop(frozenset(), [])
    if not named or frozenset.intersection(*named):
        return [members]
    first, *others = sorted(
        named.values(), key=lambda own: (-sum(count for _, count, _ in own), _order(own[0]))
    )
    return [sorted([*first, *neutral], key=_order), *others]


def _order(member: Said) -> str:
    return member[0]


def _meant(key: Key, field: str) -> frozenset[str]:
    meanings = _fields()[field]
    return frozenset(meanings[word] for word in key if word in meanings)


@lru_cache(maxsize=1)
def _fields() -> Mapping[str, Mapping[str, str]]:
    """Of each field of opposites, by name, the meanings of its lemmas in all languages."""
    fields: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for language in languages():
        for field, meanings in language.opposites.items():
            for meaning, words in meanings.items():
                fields[field].update((lemma(word), meaning) for word in words.split())
    return {field: fields[field] for field in sorted(fields)}
