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


@dataclass(frozen=True, slots=True)
class Given:
    """One label: its normal form, as it was typed, its language, and the player."""

    text: str
    raw: str
    language: str
    player: int


Rows = Mapping[int, list[Given]]
"""By region."""


def typed_until(image: Image, until: datetime | None) -> Rows:
    """Labels of the image that count, until an explanation was made of them; nothing where none was."""
    found: defaultdict[int, list[Given]] = defaultdict(list)
    if until is None:
        return found
    labels = Label.objects.filter(region__image=image, quarantined=False, created_at__lte=until)
    columns = ("region_id", "text", "raw", "language", "round__player_id")
    for region, text, raw, language, player in labels.order_by("pk").values_list(*columns):
        found[region].append(Given(text, raw, language, player))
    return found


def languages_of(rows: Rows) -> dict[str, str]:
    """The language of each text, as it was typed."""
    return {one.raw: one.language for given in rows.values() for one in given}


def typed_of(rows: Rows, regions: Iterable[int]) -> TypedOfRegion:
    """Of regions that are shown as one: a player who gives a label in two of them is one."""
    by_text: defaultdict[str, list[Given]] = defaultdict(list)
    for one in (one for region in regions for one in rows.get(region, ())):
        by_text[one.text].append(one)
    labels = sorted((_typed(said) for said in by_text.values()), key=lambda one: (-one.players, one.raw))
    return TypedOfRegion(labels[:MOST_TYPED], max(0, len(labels) - MOST_TYPED))


def _typed(said: list[Given]) -> Typed:
    (raw, language), _ = Counter((one.raw, one.language) for one in said).most_common(1)[0]
    return Typed(raw, language, len({one.player for one in said}))
