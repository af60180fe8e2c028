"""The labels of one scope of a table, grouped, named and scored."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from analysis.labels.groups import Embed, named_groups
from analysis.labels.reading import Reading, Translate, Typed, read
from analysis.labels.records import LabelGroup
from analysis.labels.scoring import label_score
from analysis.labels.settings import LabelSettings
from analysis.labels.sheet import Line


class MemberRecord(TypedDict):
    """A text as it was typed, and how many people typed it."""

    text: str
    count: int


class GroupRecord(TypedDict):
    """Labels of one meaning."""

    scope: str
    name: str
    score: float
    members: list[MemberRecord]


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope's labels, with the way of each text."""

    name: str
    readings: Mapping[str, Reading]
    groups: tuple[LabelGroup, ...]
    people: Mapping[str, int]
    records: list[GroupRecord]


def group_scope(
    name: str,
    lines: Sequence[Line],
    embed: Embed,
    settings: LabelSettings,
    *,
    class_names: Sequence[str] = (),
    model_languages: Sequence[str] = ("en",),
    translate: Translate | None = None,
) -> Scope:
    """Group one scope's texts; each is in exactly one group. The order of lines changes nothing.

    A player counts once for each text, and lines without a player for as many people as they say. A group's
    score is that of METHOD's formula over its people, each at the lowest level at which they gave any of its
    texts; where no line says who guessed right, nobody's score is divided.
    """
    people = _people(lines)
    typed = [Typed(line.text, line.count, line.language) for line in lines]
    readings = read(typed, class_names, spelling=settings.spelling, translate=translate)
    counts: Counter[str] = Counter()
    languages: dict[str, str] = {}
    for raw, reading in readings.items():
        counts[reading.form] += people[raw]
        languages.setdefault(reading.form, reading.language)
    groups = named_groups(counts, languages, embed, settings, model_languages=model_languages)
    return Scope(name, readings, groups, people, _records(name, readings, groups, people, lines, settings))


def _people(lines: Iterable[Line]) -> Counter[str]:
    """How many people typed each text."""
    people: Counter[str] = Counter()
    for line in lines:
        if not line.player:
            people[line.text] += line.count
    people.update(text for text, _ in {(line.text, line.player) for line in lines if line.player})
    return people


def _records(
    scope: str,
    readings: Mapping[str, Reading],
    groups: Sequence[LabelGroup],
    people: Mapping[str, int],
    lines: Sequence[Line],
    settings: LabelSettings,
) -> list[GroupRecord]:
    group_of = {form: index for index, group in enumerate(groups) for form, _ in group.members}
    members: defaultdict[int, list[MemberRecord]] = defaultdict(list)
    given: defaultdict[int, list[Line]] = defaultdict(list)
    for raw, reading in readings.items():
        members[group_of[reading.form]].append({"text": raw, "count": people[raw]})
    for line in lines:
        given[group_of[readings[line.text].form]].append(line)
    guessed = any(line.correct is not None for line in lines)
    return [
        {
            "scope": scope,
            "name": group.name,
            "score": _score(given[index], settings, guessed=guessed),
            "members": sorted(members[index], key=lambda member: (-member["count"], member["text"])),
        }
        for index, group in enumerate(groups)
    ]


def _score(lines: Iterable[Line], settings: LabelSettings, *, guessed: bool) -> float:
    """Lines without a player are as many people as they say, each with a first look at that level."""
    levels: dict[str, int] = {}
    right: Counter[str] = Counter()
    crowds: Counter[tuple[int, bool]] = Counter()
    for line in lines:
        correct = bool(line.correct) or not guessed
        if line.player:
            levels[line.player] = min(levels.get(line.player, line.level), line.level)
            right[line.player] += correct
        else:
            crowds[line.level, correct] += line.count
    ordered = sorted(crowds.items())
    return label_score(
        [*levels.values(), *(level for (level, _), _ in ordered)],
        [*(right[player] > 0 for player in levels), *(correct for (_, correct), _ in ordered)],
        [1.0] * len(levels) + [float(count) for _, count in ordered],
        level_discount=settings.level_discount,
        wrong_guess_divisor=settings.wrong_guess_divisor,
    )
