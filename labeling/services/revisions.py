"""The next revisions of images' explanations."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db.models import OuterRef, QuerySet, Subquery

from analysis.explanations.export import LocalRecord, local_record
from analysis.explanations.local import explain_locally
from labeling.models import Explanation, Image, Region
from labeling.services.manifests import says_the_same
from labeling.services.region_evidence import Labels, region_evidence


def explanations_write(*, changed: Iterable[Explanation]) -> None:
    """Save what is new under the next numbers. Expects the study to be locked: two workers may have found the
    same."""
    wanted = {one.image_id: one for one in changed}
    new = []
    latest = {one.image_id: one for one in _latest(wanted)}
    for image, one in wanted.items():
        before = latest.get(image)
        if before and before.result == one.result and says_the_same(before.manifest, one.manifest):
            continue
        one.revision = before.revision + 1 if before else 1
        new.append(one)
    Explanation.objects.bulk_create(new)


def _latest(images: Collection[int]) -> QuerySet[Explanation]:
    """Looked up for each image, however many revisions it has."""
    newest = Explanation.objects.filter(image=OuterRef("pk")).order_by("-revision").values("pk")[:1]
    found = Image.objects.filter(pk__in=list(images)).order_by().values_list(Subquery(newest), flat=True)
    return Explanation.objects.filter(pk__in=[pk for pk in found if pk is not None]).order_by("image")


def rescored(regions: Mapping[int, Sequence[Region]], labels: Labels) -> Iterator[tuple[int, LocalRecord]]:
    """Images of which the latest explanation says other scores than the labels have now, and what to say.

    Args:
        regions: by image, those of its explanation, from shallow to deep.
        labels: of the same groups as that explanation.
    """
    for before in _latest(regions):
        own = regions[before.image_id]
        layers = list(dict.fromkeys(region.layer for region in own))
        record = local_record(explain_locally(region_evidence(own, labels, {}), layers))
        if record != before.result:
            yield before.image_id, record
