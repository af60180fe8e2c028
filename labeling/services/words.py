"""How often each word has been said in a study, counted every now and then: rare ones earn more."""

from django.db import transaction
from django.db.models import Count, Max

from labeling.models import Label, Study, Word
from labeling.models.study import StudyState

CHUNK = 2000


def words_count_due() -> int:
    """Add what has been said since the last count, in every open study. Returns how many labels were new."""
    return sum(words_count(study=study) for study in Study.objects.filter(state=StudyState.OPEN))


@transaction.atomic
def words_count(*, study: Study) -> int:
    """Add the words of labels newer than the last count. A label that is held later stays counted: its word
    has been said.

    Only labels that are a while old would be certain to be all there, as a transaction that began earlier may
    end later; a label missed so makes its word look a little rarer, no more.
    """
    held = Study.objects.select_for_update(no_key=True).only("words_counted", "words_total").get(pk=study.pk)
    new = Label.objects.filter(region__study=study, pk__gt=held.words_counted)
    newest = new.aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        return 0
    counts = dict(
        new.filter(pk__lte=newest).order_by().values_list("text").annotate(times=Count("pk")).iterator(CHUNK)
    )
    known = dict(Word.objects.filter(study=study, text__in=list(counts)).values_list("text", "labels"))
    Word.objects.bulk_create(
        [Word(study=study, text=text, labels=known.get(text, 0) + times) for text, times in counts.items()],
        CHUNK,
        update_conflicts=True,
        unique_fields=["study", "text"],
        update_fields=["labels"],
    )
    added = sum(counts.values())
    Study.objects.filter(pk=study.pk).update(words_counted=newest, words_total=held.words_total + added)
    return added
