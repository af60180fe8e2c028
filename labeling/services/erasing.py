"""Rounds deleted with all that was said in them, and what that changes. Expects the caller's transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Greatest

from labeling.models import (
    ClassExplanation,
    ConceptTest,
    Explanation,
    Image,
    Label,
    LabelGroup,
    Region,
    Round,
    Share,
    Study,
    Word,
)
from labeling.models.game import RoundState
from labeling.models.job import JobKind
from labeling.services.jobs import jobs_request

CHUNK = 5000  # ids in one statement


def rounds_erase(rounds: QuerySet[Round]) -> int:
    """Delete rounds, count them down at their regions, and have their classes explained anew."""
    ids = list(rounds.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        _erase(ids[start : start + CHUNK])
    return len(ids)


def _erase(ids: Sequence[int]) -> None:
    erased = Round.objects.filter(pk__in=ids)
    labels = Label.objects.filter(round__in=ids)
    places, described = _counted(erased)
    classes = list(_classes(labels))
    _words_forget(labels)
    _explanations_forget(labels, classes)
    labels.delete()
    erased.delete()
    _regions_count_down(places, described)
    for study_id in sorted({study_id for study_id, _ in classes}):
        subjects = sorted(index for of, index in classes if of == study_id)
        jobs_request(study_id=study_id, kind=JobKind.EXPLANATIONS, subjects=subjects)


def _counted(rounds: QuerySet[Round]) -> tuple[Counter[int], Counter[int]]:
    """By region: places held, and answers that counted there. An answer whose labels are all held has given
    its place back, and still counts as one."""
    said = Label.objects.filter(round=OuterRef("pk"))
    seen = rounds.annotate(said=Exists(said), counts=Exists(said.filter(quarantined=False)))
    places: Counter[int] = Counter()
    described: Counter[int] = Counter()
    for round_ in seen.only("region", "state", "holds_place", "gold").order_by("pk"):
        places[round_.region_id] += round_.holds_place
        all_held = round_.said and not round_.counts
        was_counted = round_.state == RoundState.ANSWERED and not round_.gold
        described[round_.region_id] += was_counted and (round_.holds_place or all_held)
    return places, described


def _regions_count_down(places: Counter[int], described: Counter[int]) -> None:
    for region_id in sorted(places):
        Region.objects.filter(pk=region_id).update(
            reserved=Greatest(F("reserved") - places[region_id], 0),
            labellings=Greatest(F("labellings") - described[region_id], 0),
        )
    # Where others still say something, the new explanation settles the region anew.
    silent = Region.objects.filter(pk__in=[pk for pk in described if described[pk]], labellings=0)
    silent.update(agreement=None, settled=[], gold=False, retired_at=None)


def _classes(labels: QuerySet[Label]) -> Iterable[tuple[int, int]]:
    """(study, explained class) of all that was said."""
    images = labels.order_by().values_list("region__study", "region__image__explained_class").distinct()
    return [(study_id, index) for study_id, index in images if index is not None]


def _explanations_forget(labels: QuerySet[Label], classes: Iterable[tuple[int, int]]) -> None:
    """And links to them: the next revision has the number of one that somebody may have been given.

    Groups wait for their next regrouping without a name, as any of them may be what is erased.
    """
    images = list(Image.objects.filter(rounds__labels__in=labels).order_by("pk").values_list("pk", flat=True))
    Explanation.objects.filter(image__in=images).delete()
    Share.objects.filter(image__in=images).delete()
    for study_id, index in sorted(classes):
        of_class = {"study": study_id, "explained_class": index}
        LabelGroup.objects.filter(**of_class).update(name="")
        ClassExplanation.objects.filter(**of_class).delete()
        ConceptTest.objects.filter(**of_class).delete()
        Share.objects.filter(**of_class).delete()


def _words_forget(labels: QuerySet[Label]) -> None:
    """Take what was said out of the counts of words."""
    studies = labels.order_by().values_list("region__study", flat=True).distinct()
    for study in Study.objects.filter(pk__in=list(studies)).order_by("pk"):
        counted = labels.filter(region__study=study, pk__lte=study.words_counted)
        counts = Counter(counted.order_by().values_list("text", flat=True))
        for text, times in counts.items():
            Word.objects.filter(study=study, text=text).update(labels=Greatest(F("labels") - times, 0))
        Word.objects.filter(study=study, text__in=list(counts), labels=0).delete()
        total = Greatest(F("words_total") - counts.total(), 0)
        Study.objects.filter(pk=study.pk).update(words_total=total)
