"""Phrases that people typed with their groups by hand, and how presets do on them; see the data's notes."""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import adjusted_rand_score, v_measure_score

from analysis.labels.groups import Embed
from analysis.labels.lemma_key import lemma_key
from analysis.labels.naming import Members, candidate_words, group_name, phrase_name
from analysis.labels.normal_form import normalise
from analysis.labels.scopes import group_scope
from analysis.labels.settings import LabelSettings
from analysis.labels.sheet import Line

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Sorted:
    """One phrase of a scope, how many people typed it, and its group by hand."""

    text: str
    count: int
    group: int


@dataclass(frozen=True, slots=True)
class Score:
    """How far groups agree with those by hand: -0.5..1, and 0..1."""

    rand: float
    v: float


def by_hand(name: str) -> dict[str, list[Sorted]]:
    """The scopes of "chosen_on" or "kept_aside"."""
    scopes: defaultdict[str, list[Sorted]] = defaultdict(list)
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            scopes[row["scope"]].append(Sorted(row["text"], int(row["count"]), int(row["group"])))
    return dict(scopes)


def judge(name: str, settings: LabelSettings, embed: Embed) -> dict[str, Score]:
    """Each scope's texts, read and grouped as `python -m analysis.labels` does it."""
    scores = {}
    for scope, phrases in by_hand(name).items():
        lines = [Line(scope, one.text, one.count) for one in phrases]
        groups = group_scope(scope, lines, embed, settings, class_names=[scope]).records
        found = {member["text"]: index for index, group in enumerate(groups) for member in group["members"]}
        hand, own = [one.group for one in phrases], [found[one.text] for one in phrases]
        scores[scope] = Score(adjusted_rand_score(hand, own), v_measure_score(hand, own))
    return scores


def mean(scores: dict[str, Score]) -> Score:
    """Over scopes, each counting the same."""
    found = scores.values()
    return Score(sum(one.rand for one in found) / len(found), sum(one.v for one in found) / len(found))


def lossy_names(name: str, settings: LabelSettings, embed: Embed, *, least: int = 1) -> tuple[int, int]:
    """Of the groups by hand of two people and `least` phrases or more, how many there are, and how many get a
    name without a lemma that half of their people used."""
    lossy = judged = 0
    for scope, phrases in by_hand(name).items():
        groups: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for one in phrases:
            groups[one.group][normalise(one.text, [scope]) or one.text] += one.count
        for group in groups.values():
            if group.total() < 2 or len(group) < least:
                continue
            judged += 1
            lossy += not _said_by_half(group) <= lemma_key(_named(sorted(group.items()), settings, embed))
    return judged, lossy


def _said_by_half(group: Counter[str]) -> frozenset[str]:
    used: Counter[str] = Counter()
    for phrase, count in group.items():
        used.update(dict.fromkeys(lemma_key(phrase), count))
    return frozenset(word for word, count in used.items() if 2 * count >= group.total())


def _named(members: Members, settings: LabelSettings, embed: Embed) -> str:
    if settings.naming == "phrase":
        return phrase_name(members)
    phrases = [phrase for phrase, _ in members]
    texts = sorted({*phrases, *candidate_words(phrases)})
    return group_name(members, dict(zip(texts, embed(texts), strict=True)))
