"""Who gave the labels of an explanation, and in which languages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language_info

from labeling.models import Image, Label, Player


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many gave labels, and how many of them are simulated."""

    players: int
    simulated: int

    @property
    def all_simulated(self) -> bool:
        return 0 < self.players <= self.simulated


def crowd_of(images: Q, manifest: Mapping[str, object]) -> Crowd:
    """Of the images that a condition on `Image` names; what the manifest says stands above what is so now."""
    players, simulated = manifest.get("players"), manifest.get("simulated")
    if not isinstance(simulated, int):
        labels = Label.objects.filter(round__image__in=Image.objects.filter(images), quarantined=False)
        own = Player.objects.filter(pk__in=labels.values("round__player"))
        simulated = own.filter(simulated=True).count()
    return Crowd(players if isinstance(players, int) else 0, simulated)


def unjoined_languages(languages: Collection[str], manifest: Mapping[str, object]) -> list[str]:
    """Names of the languages whose labels the sentence model could not join with others, for the page to say
    so. None where all are known to it, or there is only one language."""
    known = manifest.get("sentence_languages")
    if not isinstance(known, list) or len(set(languages)) < 2:
        return []
    return sorted(_name(code) for code in set(languages) - set(known))


def _name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
