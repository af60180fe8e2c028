"""What explanations are computed from, as they keep it."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from json import dumps

from django.conf import settings

from analysis.labels.records import LabelEntry, LabelGroup
from analysis.labels.settings import PRESETS
from labeling.models import Study
from labeling.services.conducts import TRUST_STEP

Manifest = dict[str, object]


def manifest_of(
    study: Study,
    class_index: int,
    entries: Collection[LabelEntry],
    *,
    simulated: Collection[int],
    groups: str,
    sentence_model: str,
) -> Manifest:
    """Of the entries that went into one explanation of an image or class.

    Args:
        simulated: players who are, these or more.
        groups: see `groups_digest`.
        sentence_model: name of the model by which the labels were grouped.
    """
    players = {entry.player for entry in entries}
    return {
        "labels": len(entries),
        "players": len(players),
        "simulated": len(players.intersection(simulated)),
        "network": {"name": study.network.name, "digest": study.network.digest},
        "region_revision": study.revision,
        "region_preset": study.preset,
        "explained_class": class_index,
        "sentence_model": sentence_model,
        "sentence_languages": list(settings.GLIMPSE_SENTENCE_LANGUAGES),
        "translation": settings.GLIMPSE_TRANSLATION or None,
        "label_preset": study.label_preset,
        "settings": asdict(PRESETS[study.label_preset]),
        "trust_step": TRUST_STEP,
        "groups": groups,
        "glimpse": version("glimpse"),
    }


def groups_digest(groups: Iterable[LabelGroup]) -> str:
    """Which set of groups: explanations of one regrouping have the same, whatever its labels were counted."""
    known = sorted([group.number, group.name, sorted(text for text, _ in group.members)] for group in groups)
    return sha256(dumps(known).encode()).hexdigest()[:16]


def says_the_same(one: Manifest, other: Manifest) -> bool:
    """Whether two explanations of one result need only one revision: groups that neither shows may differ."""
    return {**one, "groups": None} == {**other, "groups": None}
