"""What players said of a class, as analysis takes it."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from analysis.labels.reading import Typed, read
from analysis.labels.records import LabelEntry
from analysis.labels.settings import PRESETS
from labeling.models import Label, Player, Study
from labeling.selectors.class_names import display_names
from labeling.services.agreements import Said
from labeling.services.conducts import believed
from labeling.services.translation import translation

CHUNK = 5000  # ids in one statement


def entries_of_class(study: Study, class_index: int) -> dict[LabelEntry, Said]:
    """All labels of the class that count, in a normal form without the class's own name."""
    class_name = study.network.class_names[class_index]
    names = (class_name, *sorted(display_names(study, class_name)))
    rows = list(_labels(study, class_index).select_related("round").order_by("pk"))
    typed = (Typed(label.raw, language=label.language) for label in rows)
    spelling = PRESETS[study.label_preset].spelling
    readings = read(typed, names, spelling=spelling, translate=translation())
    judged = study.conducts.values_list("player_id", "trust")
    trust = {player: believed(value) for player, value in judged}
    found: dict[LabelEntry, Said] = {}
    for label in rows:
        reading, round_ = readings[label.raw], label.round
        if reading.phrase:
            entry = LabelEntry(
                text=reading.phrase,
                raw=label.raw,
                player=round_.player_id,
                region=label.region_id,
                level=round_.level,
                correct=round_.correct,
                trust=trust.get(round_.player_id, 1.0),
                language=reading.language,
            )
            found[entry] = Said(
                label.pk, round_.pk, round_.player_id, label.text, label.confirmed, round_.gold
            )
    return found


def not_said_any_more(study: Study, class_index: int, said: Mapping[LabelEntry, Said]) -> list[LabelEntry]:
    """Those that have been withdrawn or held since they were read.

    Whoever writes what they said asks first, with the study locked as for a withdrawal: else words that
    somebody took back would stay.
    """
    current = set(_labels(study, class_index).values_list("pk", flat=True))
    return [entry for entry, one in said.items() if one.label_id not in current]


def simulated_among(players: Iterable[int]) -> frozenset[int]:
    """Those of the players who are simulated."""
    wanted = sorted(set(players))
    found: set[int] = set()
    for start in range(0, len(wanted), CHUNK):
        some = Player.objects.filter(pk__in=wanted[start : start + CHUNK], simulated=True)
        found.update(some.values_list("pk", flat=True))
    return frozenset(found)


def _labels(study: Study, class_index: int) -> QuerySet[Label]:
    return Label.objects.filter(
        region__study=study,
        region__revision=study.revision,
        region__image__explained_class=class_index,
        quarantined=False,
    )
