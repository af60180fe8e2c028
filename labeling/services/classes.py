"""Explanations of classes: what people said of all their images, layer by layer. Runs on text workers."""

import time
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction

from analysis.explanations.class_export import ClassRecord
from analysis.explanations.export import LocalRecord
from analysis.labels.records import LabelEntry, LabelGroup
from analysis.labels.region_labels import region_labels
from analysis.labels.settings import PRESETS
from labeling.models import ClassExplanation, Explanation, Region, Study
from labeling.models.job import JobKind
from labeling.services.claims import ALL, Claim, claim_holds, job_finish, job_progress, jobs_claim, working
from labeling.services.class_evidence import class_of, regions_of_class
from labeling.services.due import due
from labeling.services.entries import entries_of_class, not_said_any_more, simulated_among
from labeling.services.explanations import embedder
from labeling.services.holding import quarantine_lock
from labeling.services.jobs import jobs_queue
from labeling.services.manifests import Manifest, groups_digest, manifest_of
from labeling.services.revisions import explanations_write, rescored

LABELS_READ = 0.5  # of a job's progress


def classes_work(*, study_id: int, seconds: float, at_once: bool = False) -> bool:
    """Explain classes whose labels have been explained anew, for about `seconds`. True while more are due.

    Args:
        at_once: those too that are not due yet.
    """
    study = Study.objects.select_related("network").get(pk=study_id)
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        which = ALL if at_once else due(JobKind.CLASSES)
        claims = jobs_claim(study_id=study_id, kind=JobKind.CLASSES, limit=1, due=which)
        if not claims:
            return False
        with working(claims):
            _refresh(study, claims[0])
    return True


def _refresh(study: Study, claim: Claim) -> None:
    """A new revision where the class says anything else than before; then what its labels name is tested.

    Images whose labels count for more or less than before, as their players are believed otherwise, are
    brought up to date too: that takes no regrouping, which players with new labels would have to wait for.
    """
    index, groups = claim.subject, known_groups(study, claim.subject)
    texts = {text for group in groups for text, _ in group.members}
    # What has been said since the last regrouping comes with the next one.
    said = {entry: one for entry, one in entries_of_class(study, index).items() if entry.text in texts}
    job_progress(claim, LABELS_READ)
    regions = regions_of_class(study, index)
    labels = region_labels(said, groups, PRESETS[study.label_preset])
    made_from = _MadeFrom(study, index, groups, said)
    record = class_of(study, index, regions, labels)
    images = [made_from.image(image, regions[image], of) for image, of in rescored(regions, labels)]
    with transaction.atomic():
        quarantine_lock(study_id=study.pk)
        if not claim_holds(claim):
            return
        # Else the labels are being explained anew, and the class after that.
        is_current = all(group.name for group in groups) and known_groups(study, index) == groups
        writes = is_current and not not_said_any_more(study, index, said)
        if writes:
            explanations_write(changed=images)
        changed = writes and _write(study, index, record, made_from.manifest(said))
        if not job_finish(claim):
            transaction.set_rollback(True)
        elif changed:
            jobs_queue(study_id=study.pk, kind=JobKind.CONCEPTS, subjects=[index])


class _MadeFrom:
    """What revisions of one class and of its images are made from."""

    def __init__(
        self, study: Study, index: int, groups: Sequence[LabelGroup], said: Collection[LabelEntry]
    ) -> None:
        self._study, self._index, self._said = study, index, said
        self._simulated = simulated_among(entry.player for entry in said)
        self._groups = groups_digest(groups)

    def manifest(self, entries: Collection[LabelEntry]) -> Manifest:
        return manifest_of(
            self._study,
            self._index,
            entries,
            simulated=self._simulated,
            groups=self._groups,
            sentence_model=embedder().name,
        )

    def image(self, image: int, regions: Iterable[Region], record: LocalRecord) -> Explanation:
        """The next revision, not yet saved."""
        own = {region.pk for region in regions}
        entries = [entry for entry in self._said if entry.region in own]
        return Explanation(image_id=image, result=record, manifest=self.manifest(entries))


def known_groups(study: Study, class_index: int) -> list[LabelGroup]:
    """As of the last regrouping; without a name where words have been withdrawn since."""
    rows = study.label_groups.filter(explained_class=class_index).exclude(members=[]).order_by("number")
    return [
        LabelGroup(name, tuple((one["text"], one["count"]) for one in members), number)
        for name, members, number in rows.values_list("name", "members", "number")
    ]


def _write(study: Study, class_index: int, record: ClassRecord, manifest: Manifest) -> bool:
    """True where other labels lead than before, so that testing them anew is worth it."""
    own = ClassExplanation.objects.filter(study=study, explained_class=class_index)
    latest = own.order_by("-revision").first()
    if latest.result == record if latest else not record["images"]:
        return False
    revision = latest.revision + 1 if latest else 1
    own.create(study=study, explained_class=class_index, revision=revision, result=record, manifest=manifest)
    return latest is None or _carried(latest.result) != _carried(record)


def _carried(record: ClassRecord) -> list[tuple[str, int, int]]:
    """Which labels are carried in which layer, and by how many images."""
    return sorted(
        (layer["layer"], label["group"], label["images"])
        for layer in record["layers"]
        for label in (*layer["supporting"], *layer["opposing"])
    )
