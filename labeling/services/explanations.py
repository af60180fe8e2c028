"""From labels to groups and local explanations. Runs on text workers; loads the sentence model."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from analysis.explanations.export import LocalRecord, local_record
from analysis.explanations.local import explain_locally
from analysis.labels.aggregate import aggregate
from analysis.labels.embedding import SentenceEmbedder
from analysis.labels.reading import Typed, read
from analysis.labels.records import Aggregation, LabelEntry
from analysis.labels.settings import PRESETS
from analysis.labels.vector_cache import CachedEmbedder
from analysis.regions.archive import unpack_map
from labeling.models import Explanation, Image, LabelGroup, Study
from labeling.models.job import JobKind
from labeling.services.agreements import Said
from labeling.services.claims import Claim, claim_holds, job_finish, job_progress, jobs_claim, working
from labeling.services.entries import entries_of_class, not_said_any_more, simulated_among
from labeling.services.holding import quarantine_lock
from labeling.services.jobs import follow_ups_queue
from labeling.services.manifests import Manifest, groups_digest, manifest_of, says_the_same
from labeling.services.region_evidence import region_evidence
from labeling.services.revisions import explanations_write
from labeling.services.settling import regions_settle
from labeling.services.vectors import VectorTable, unsaid_vectors, vectors_forget

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


def words_load() -> None:
    """Load the sentence model and the word lists, for which the first label would wait otherwise."""
    embedder()([])
    read([Typed("strpes", language="en")])


def _refresh(study: Study, claim: Claim) -> None:
    """Regroup one class's labels; a new revision for every image for which that changes anything.

    What takes longer and nobody waits for, such as the explanation of the class, is left to other jobs.
    """
    known, said = _known_groups(study, claim.subject), entries_of_class(study, claim.subject)
    aggregation = aggregate(
        list(said),
        embedder(),
        PRESETS[study.label_preset],
        model_languages=settings.GLIMPSE_SENTENCE_LANGUAGES,
        known=known,
    )
    job_progress(claim, LABELS_GROUPED)
    changed = list(_changed(study, claim.subject, list(said), aggregation))
    unsaid = unsaid_vectors(_members(known) - {entry.text for entry in said})
    with transaction.atomic():
        quarantine_lock(study_id=study.pk)
        if not claim_holds(claim):
            return
        if gone := not_said_any_more(study, claim.subject, said):
            # Whoever took them back has asked for the job again: it is queued as it ends.
            vectors_forget(digests=unsaid_vectors({entry.text for entry in gone}))
        else:
            regions_settle(study=study, class_index=claim.subject, said=said, groups=aggregation.groups)
            _write_groups(study, claim.subject, aggregation, said)
            explanations_write(changed=changed)
            vectors_forget(digests=unsaid)
        # Jobs come last, as in every transaction that pays: who answers holds labels and wants the job.
        if not job_finish(claim):
            transaction.set_rollback(True)
        elif not gone:
            follow_ups_queue(study_id=study.pk, class_index=claim.subject)


@lru_cache(maxsize=1)
def embedder() -> CachedEmbedder:
    """The site's sentence model; each text is asked for once."""
    model = settings.GLIMPSE_SENTENCE_MODEL
    if not model:
        return CachedEmbedder(SentenceEmbedder(device=settings.GLIMPSE_DEVICE), VectorTable())
    source = Path(model) if Path(model).is_dir() else model
    return CachedEmbedder(SentenceEmbedder(source, settings.GLIMPSE_DEVICE), VectorTable())


def _changed(
    study: Study, class_index: int, entries: Collection[LabelEntry], aggregation: Aggregation
) -> Iterator[Explanation]:
    """The next revisions, not yet saved, of images of which there is something new to say."""
    simulated = simulated_among(entry.player for entry in entries)
    groups, model = groups_digest(aggregation.groups), embedder().name
    images = study.images.filter(explained_class=class_index, rounds__labels__isnull=False)
    for image in images.exclude(prepared_at=None).distinct():
        regions = set(image.regions.values_list("pk", flat=True))
        own = [entry for entry in entries if entry.region in regions]
        manifest = manifest_of(
            study, class_index, own, simulated=simulated, groups=groups, sentence_model=model
        )
        if explanation := _revised(image, _explain(image, aggregation), manifest):
            yield explanation


def _explain(image: Image, aggregation: Aggregation) -> LocalRecord:
    with image.maps.open("rb") as file:
        archive = file.read()
    regions = list(image.regions.filter(revision=image.study.revision).order_by("depth", "index"))
    maps = {region.pk: unpack_map(archive, region.layer, region.index) for region in regions}
    layers = dict.fromkeys(region.layer for region in regions)
    return local_record(explain_locally(region_evidence(regions, aggregation.regions, maps), list(layers)))


def _known_groups(study: Study, class_index: int) -> dict[int, list[tuple[str, int]]]:
    """By number. A group that came apart is there without members: its number is never given again."""
    groups = study.label_groups.filter(explained_class=class_index).values_list("number", "members")
    return {number: [(one["text"], one["count"]) for one in members] for number, members in groups}


def _members(groups: dict[int, list[tuple[str, int]]]) -> set[str]:
    return {text for members in groups.values() for text, _ in members}


def _write_groups(
    study: Study, class_index: int, aggregation: Aggregation, said: Mapping[LabelEntry, Said]
) -> None:
    typed: defaultdict[str, set[str]] = defaultdict(set)
    for entry, one in said.items():
        typed[entry.text].add(one.text)
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
                members=[
                    {"text": text, "count": count, "typed": sorted(typed[text])}
                    for text, count in group.members
                ],
            )
            for group in aggregation.groups
        ),
        update_conflicts=True,
        unique_fields=["study", "explained_class", "number"],
        update_fields=["name", "members"],
    )


def _revised(image: Image, record: LocalRecord, manifest: Manifest) -> Explanation | None:
    """The next revision, not yet saved; None where the latest one says the same from the same."""
    latest = image.explanations.order_by("-revision").first()
    if latest is not None and latest.result == record and says_the_same(latest.manifest, manifest):
        return None
    return Explanation(image=image, result=record, manifest=manifest)
