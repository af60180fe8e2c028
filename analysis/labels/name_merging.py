"""Groups whose names are one word become one group."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from analysis.labels.inflection import lemma
from analysis.labels.naming import Members
from analysis.labels.records import LabelGroup


def merge_by_lemma(named: Sequence[tuple[str, Members]]) -> tuple[LabelGroup, ...]:
    """Merge groups whose names share a lemma under the most frequent form of the name.

    A form is as frequent as the groups of that name are large; ties go to the form first in the alphabet.
    Lemmas are simplemma's where the paper has WordNet's, see `inflection`.

    Args:
        named: (name, members) for every group.

    Returns:
        The merged groups by descending size, then name; members by descending count, then text.
    """
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    merged: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for name, members in named:
        forms[lemma(name)][name] += sum(count for _, count in members)
        merged[lemma(name)] += members
    groups = [
        (forms[key].total(), LabelGroup(_most_frequent(forms[key]), tuple(sorted(members, key=_by_count))))
        for key, members in merged.items()
    ]
    return tuple(group for _, group in sorted(groups, key=lambda sized: (-sized[0], sized[1].name)))


def by_size(named: Sequence[tuple[str, Members]]) -> tuple[LabelGroup, ...]:
    """The groups by descending size, then name; members by descending count, then text."""
    groups = [LabelGroup(name, tuple(sorted(members, key=_by_count))) for name, members in named]
    return tuple(sorted(groups, key=lambda group: (-sum(count for _, count in group.members), group.name)))


def _most_frequent(forms: Counter[str]) -> str:
    return min(forms.items(), key=_by_count)[0]


def _by_count(item: tuple[str, int]) -> tuple[int, str]:
    text, count = item
    return -count, text
