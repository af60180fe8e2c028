"""All work of a study as columns, read in one pass each over labels and answers."""

from array import array
from dataclasses import dataclass, field

import numpy as np

from analysis.crowd.records import NOT_GOLD, Codes, Flags, Work
from labeling.models import Label, Round
from labeling.models.game import RoundState

CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Found:
    """The work, and what is kept of each label: its id, whether it is held, released, and why.

    `reasons` has only the labels that have any, by row.
    """

    work: Work
    ids: Codes
    held: Flags
    released: Flags
    reasons: dict[int, tuple[str, ...]]

    @property
    def newest(self) -> int:
        return int(self.ids.max(initial=0))


def work_of_study(study_id: int) -> Found:
    """Labels first: the answer of every label is there by then. About 150 bytes a label while it reads."""
    said = _labels(study_id)
    rounds, columns = _answers(study_id)
    rows = np.searchsorted(rounds, said.rounds)
    there = rows < len(rounds)
    there[there] = rounds[rows[there]] == np.frombuffer(said.rounds, np.int64)[there]
    kept = np.flatnonzero(there)  # all, unless somebody deletes at this moment
    work = Work(
        **columns,
        answers=rows[kept].astype(np.int64),
        texts=np.frombuffer(said.texts, np.int64)[kept],
        languages=np.frombuffer(said.languages, np.int64)[kept],
        typed=tuple(said.typed),
        forms=tuple(said.forms),
    )
    positions = {row: position for position, row in enumerate(kept.tolist()) if row in said.reasons}
    return Found(
        work=work,
        ids=np.frombuffer(said.ids, np.int64)[kept],
        held=np.frombuffer(said.held, np.bool_)[kept],
        released=np.frombuffer(said.released, np.bool_)[kept],
        reasons={positions[row]: reasons for row, reasons in said.reasons.items() if row in positions},
    )


@dataclass(slots=True)
class _Said:
    ids: "array[int]" = field(default_factory=lambda: array("q"))
    rounds: "array[int]" = field(default_factory=lambda: array("q"))
    texts: "array[int]" = field(default_factory=lambda: array("q"))
    languages: "array[int]" = field(default_factory=lambda: array("q"))
    held: bytearray = field(default_factory=bytearray)
    released: bytearray = field(default_factory=bytearray)
    typed: dict[str, int] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)
    reasons: dict[int, tuple[str, ...]] = field(default_factory=dict)


def _labels(study_id: int) -> _Said:
    said = _Said()
    languages: dict[str, int] = {}
    rows = Label.objects.filter(region__study=study_id).order_by("pk")
    values = rows.values_list(
        "pk", "round_id", "raw", "text", "language", "quarantined", "released", "reasons"
    )
    for pk, round_id, raw, text, language, held, released, reasons in values.iterator(CHUNK):
        if raw not in said.typed:
            said.typed[raw] = len(said.typed)
            said.forms.append(text)
        if reasons:
            said.reasons[len(said.ids)] = tuple(reasons)
        said.ids.append(pk)
        said.rounds.append(round_id)
        said.texts.append(said.typed[raw])
        said.languages.append(languages.setdefault(language, len(languages)))
        said.held.append(held)
        said.released.append(released)
    return said


def _answers(study_id: int) -> tuple[Codes, dict[str, np.ndarray]]:
    """Ids of answered rounds, ascending, and their columns."""
    rows = Round.objects.filter(region__study=study_id, state=RoundState.ANSWERED).order_by("pk")
    ids, players, regions, photos, golds = (array("q") for _ in range(5))
    seconds = array("d")
    values = rows.values_list("pk", "player_id", "region_id", "image_id", "seconds", "gold", "gold_hit")
    for pk, player, region, photo, took, gold, hit in values.iterator(CHUNK):
        ids.append(pk)
        players.append(player)
        regions.append(region)
        photos.append(photo)
        seconds.append(float("nan") if took is None else took)
        golds.append(int(hit) if gold and hit is not None else NOT_GOLD)
    columns = {"players": players, "regions": regions, "photos": photos, "golds": golds}
    coded = {name: np.frombuffer(column, np.int64) for name, column in columns.items()}
    return np.frombuffer(ids, np.int64), coded | {"seconds": np.frombuffer(seconds, np.float64)}
