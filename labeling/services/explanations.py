"""From labels to groups and local explanations. Runs on text workers; loads the sentence model."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import transaction

from analysis.explanations.export import LocalRecord, local_record
from analysis.explanations.local import explain_locally
from analysis.explanations.records import RegionEvidence
from analysis.labels.aggregate import aggregate
from analysis.labels.embedding import SentenceEmbedder
from analysis.labels.reading import Typed, read
from analysis.labels.records import Aggregation, LabelEntry
from analysis.labels.settings import PRESETS
from analysis.labels.vector_cache import CachedEmbedder
from analysis.regions.archive import unpack_map
from labeling.models import Explanation, Image, Label, LabelGroup, Study
from labeling.models.image import Sign
from labeling.models.job import JobKind
from labeling.selectors.class_names import display_names
from labeling.services.agreements import Said
from labeling.services.claims import Claim, claim_holds, job_finish, job_progress, jobs_claim, working
from labeling.services.settling import regions_settle
from labeling.services.vectors import VectorTable

LABELS_GROUPED = 0.7  # of a job's progress


def explanations_work(*, study_id: int, seconds: float) -> bool:
    """Group the labels of classes that have new ones, for about `seconds`. True while more are waiting."""
    study = Study.objects.select_related("network").get(pk=study_id)
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        claims = jobs_claim(study_id=study_id, kind=JobKind.EXPLANATIONS, limit=1)
        if not claims:
            return False
        with working(claims):
            _refresh(study, claims[0])
    return True


def _refresh(study: Study, claim: Claim) -> None:
    """Regroup one class's labels; a new revision for every image for which that changes anything."""
    said = _said(study, claim.subject)
    entries = list(said)
    aggregation = aggregate(
        entries,
        _embedder(),
        PRESETS[study.label_preset],
        model_languages=settings.GLIMPSE_SENTENCE_LANGUAGES,
        known=_known_groups(study, claim.subject),
    )
    job_progress(claim, LABELS_GROUPED)
    changed = [
        explanation
        for image in _explained_images(study, claim.subject)
        if (explanation := _revised(image, _explain(image, aggregation), _manifest(image, entries)))
    ]
    with transaction.atomic():
        # The job comes last, as in every transaction that pays: who answers holds labels and wants the job.
        if claim_holds(claim):
            regions_settle(study=study, class_index=claim.subject, said=said, groups=aggregation.groups)
            _write_groups(study, claim.subject, aggregation)
            Explanation.objects.bulk_create(changed)
            if not job_finish(claim):
                transaction.set_rollback(True)


@lru_cache(maxsize=1)
def _embedder() -> CachedEmbedder:
    model = settings.GLIMPSE_SENTENCE_MODEL
    if not model:
        return CachedEmbedder(SentenceEmbedder(device=settings.GLIMPSE_DEVICE), VectorTable())
    source = Path(model) if Path(model).is_dir() else model
    return CachedEmbedder(SentenceEmbedder(source, settings.GLIMPSE_DEVICE), VectorTable())


def _said(study: Study, class_index: int) -> dict[LabelEntry, Said]:
    """All labels of the class that count, in a normal form without the class's own name."""
    class_name = study.network.class_names[class_index]
    names = (class_name, *sorted(display_names(study, class_name)))
    labels = Label.objects.filter(
        region__study=study,
        region__revision=study.revision,
        region__image__explained_class=class_index,
        quarantined=False,
    )
    rows = list(labels.select_related("round").order_by("pk"))
    readings = read((Typed(label.raw, language=label.language) for label in rows), names)
    judged = study.conducts.values_list("player_id", "trust")
    trust = {player: value for player, value in judged if value is not None}
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


def _explained_images(study: Study, class_index: int) -> list[Image]:
    images = study.images.filter(explained_class=class_index, rounds__labels__isnull=False)
    return list(images.exclude(prepared_at=None).distinct())


def _explain(image: Image, aggregation: Aggregation) -> LocalRecord:
    with image.maps.open("rb") as file:
        archive = file.read()
    regions = image.regions.filter(revision=image.study.revision).order_by("depth", "index")
    evidence = [
        RegionEvidence(
            region=region.pk,
            layer=region.layer,
            weight=region.weight,
            sign="supports" if region.sign == Sign.SUPPORTS else "opposes",
            map=unpack_map(archive, region.layer, region.index),
            labels=aggregation.regions.get(region.pk, ()),
        )
        for region in regions
    ]
    layers = dict.fromkeys(region.layer for region in regions)
    return local_record(explain_locally(evidence, list(layers)))


def _known_groups(study: Study, class_index: int) -> dict[int, list[tuple[str, int]]]:
    """By number. A group that came apart is there without members: its number is never given again."""
    groups = study.label_groups.filter(explained_class=class_index).values_list("number", "members")
    return {number: [(one["text"], one["count"]) for one in members] for number, members in groups}


def _write_groups(study: Study, class_index: int, aggregation: Aggregation) -> None:
    numbers = [group.number for group in aggregation.groups]
    study.label_groups.filter(explained_class=class_index).exclude(number__in=numbers).update(
        name="", members=[]
    )
    LabelGroup.objects.bulk_create(
        (
            LabelGroup(
                study=study,
                explained_class=class_index,
                number=group.number,
                name=group.name,
                members=[{"text": text, "count": count} for text, count in group.members],
            )
            for group in aggregation.groups
        ),
        update_conflicts=True,
        unique_fields=["study", "explained_class", "number"],
        update_fields=["name", "members"],
    )


def _revised(image: Image, record: LocalRecord, manifest: dict[str, object]) -> Explanation | None:
    """The next revision, not yet saved; None where the latest one says the same from the same."""
    latest = image.explanations.order_by("-revision").first()
    if latest is not None and (latest.result, latest.manifest) == (record, manifest):
        return None
    revision = latest.revision + 1 if latest else 1
    return Explanation(image=image, revision=revision, result=record, manifest=manifest)


def _manifest(image: Image, entries: Sequence[LabelEntry]) -> dict[str, object]:
    """What an explanation is computed from."""
    regions = set(image.regions.values_list("pk", flat=True))
    own = [entry for entry in entries if entry.region in regions]
    return {
        "labels": len(own),
        "players": len({entry.player for entry in own}),
        "network": {"name": image.study.network.name, "digest": image.study.network.digest},
        "region_revision": image.study.revision,
        "region_preset": image.study.preset,
        "explained_class": image.explained_class,
        "sentence_model": _embedder().name,
        "sentence_languages": list(settings.GLIMPSE_SENTENCE_LANGUAGES),
        "label_preset": image.study.label_preset,
        "settings": asdict(PRESETS[image.study.label_preset]),
        "glimpse": version("glimpse"),
    }
