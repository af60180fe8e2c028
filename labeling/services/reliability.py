"""How far a study's players agree beyond chance: Krippendorff's alpha. Runs on gpu workers."""

import time
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import version

from django.db import transaction

from analysis.labels.lemma_key import lemma_key
from analysis.labels.records import LabelEntry
from analysis.labels.reliabilities import Reliabilities, reliabilities
from analysis.labels.reliability_export import region_reliability_record, reliability_record
from labeling.models import LabelGroup, Region, RegionReliability, Study
from labeling.models.job import JobKind
from labeling.services.claims import ALL, Claim, job_finish, job_progress, jobs_claim, working
from labeling.services.due import due
from labeling.services.entries import entries_of_class, simulated_among

LABELS_READ = 0.6  # of a job's progress


def reliability_work(*, study_id: int, seconds: float, at_once: bool = False) -> bool:
    """Measure the agreement of a study where that is asked for, for about `seconds`. True while more is due.

    Args:
        at_once: also where it is not due yet.
    """
    study = Study.objects.select_related("network").get(pk=study_id)
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        which = ALL if at_once else due(JobKind.RELIABILITY)
        claims = jobs_claim(study_id=study_id, kind=JobKind.RELIABILITY, limit=1, due=which)
        if not claims:
            return False
        with working(claims):
            _measure(study, claims[0])
    return True


def _measure(study: Study, claim: Claim) -> None:
    meant = _meanings(study)
    entries = {
        entry: meaning for index in sorted(meant) for entry, meaning in _said(study, index, meant[index])
    }
    job_progress(claim, LABELS_READ)
    layers = dict(_regions(study, entries))
    found = reliabilities(entries, entries.__getitem__, layers)
    whole = _whole(study, found, entries)
    regions = {str(pk): region_reliability_record(one) for pk, one in found.regions.items()}
    with transaction.atomic():
        if job_finish(claim):
            Study.objects.filter(pk=study.pk).exclude(reliability=whole).update(reliability=whole)
            RegionReliability.objects.update_or_create(study=study, defaults={"result": regions})


def _meanings(study: Study) -> dict[int, dict[str, int]]:
    """By class a number for each normal form: of its group, the same in all classes for groups whose names
    say the same, so that "stripes" of a zebra and of a tiger are one meaning."""
    numbers: dict[frozenset[str], int] = {}
    found: dict[int, dict[str, int]] = {}
    groups = LabelGroup.objects.filter(study=study).exclude(members=[]).order_by("explained_class", "number")
    for index, name, members in groups.values_list("explained_class", "name", "members"):
        number = numbers.setdefault(lemma_key(name), len(numbers))
        found.setdefault(index, {}).update((one["text"], number) for one in members)
    return found


def _said(study: Study, index: int, meant: Mapping[str, int]) -> Iterable[tuple[LabelEntry, int]]:
    """What counts and has been grouped, without gold rounds: those are of regions chosen as people agree."""
    for entry, one in entries_of_class(study, index).items():
        if entry.text in meant and not one.gold:
            yield entry, meant[entry.text]


def _regions(study: Study, entries: Collection[LabelEntry]) -> Iterable[tuple[int, str]]:
    """Regions with their layers."""
    said = {entry.region for entry in entries}
    rows = Region.objects.filter(study=study, revision=study.revision, labellings__gt=0)
    return ((pk, layer) for pk, layer in rows.values_list("pk", "layer") if pk in said)


def _whole(study: Study, found: Reliabilities, entries: Collection[LabelEntry]) -> dict[str, object]:
    """Layers from shallow to deep."""
    players = {entry.player for entry in entries}
    regions = study.regions.filter(revision=study.revision).order_by()
    depths = dict(regions.values_list("layer", "depth").distinct())
    return {
        "study": reliability_record(found.study),
        "layers": [
            {"layer": layer, **reliability_record(found.layers[layer])}
            for layer in sorted(found.layers, key=lambda layer: (depths[layer], layer))
        ],
        "labels": len(entries),
        "players": len(players),
        "simulated": len(simulated_among(players)),
        "glimpse": version("glimpse"),
    }
