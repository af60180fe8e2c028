"""Everything that people typed about an image's regions, as they typed it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from labeling.models import Image, Label

MOST_TYPED = 80
"""Labels of one region that a page lists."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One label in the writing that most used, and how many people gave it."""

    raw: str
    language: str
    players: int


@dataclass(frozen=True, slots=True)
class TypedOfRegion:
    """What most people said comes first; `more` are left out."""

    labels: list[Typed]
    more: int


Rows = Mapping[int, list[tuple[str, str, str, int]]]
"""By region: normal form, raw text, language and player of each label."""


def typed_until(image: Image, until: datetime | None) -> Rows:
    """Labels that count, of the regions of the study's revision, until an explanation was made of them."""
    found: defaultdict[int, list[tuple[str, str, str, int]]] = defaultdict(list)
    if until is None:
        return found
    labels = Label.objects.filter(
        region__image=image, region__revision=image.study.revision, quarantined=False, created_at__lte=until
    ).order_by("pk")
    for region, text, raw, language, player in labels.values_list(
        "region_id", "text", "raw", "language", "round__player_id"
    ):
        found[region].append((text, raw, language, player))
    return found


def typed_of(rows: Rows, regions: Iterable[int]) -> TypedOfRegion:
    """Of regions that are shown as one: a player who gives a label in two of them is one."""
    by_text: defaultdict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for region in regions:
        for text, raw, language, player in rows.get(region, ()):
            by_text[text].append((raw, language, player))
    labels = sorted((_typed(said) for said in by_text.values()), key=lambda one: (-one.players, one.raw))
    return TypedOfRegion(labels[:MOST_TYPED], max(0, len(labels) - MOST_TYPED))


def _typed(said: list[tuple[str, str, int]]) -> Typed:
    (raw, language), _ = Counter((raw, language) for raw, language, _ in said).most_common(1)[0]
    return Typed(raw, language, len({player for _, _, player in said}))
