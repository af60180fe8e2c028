"""Whose explanations of classes may be seen by whom, and which of their photographs.

A researcher sees all classes of their own studies. A player sees those of photographs that they have had, and
none while a round of theirs is open: what people say of a class would help with the photograph to come. Which
class that is tells nothing, as all classes of the study go together.
"""

from collections.abc import Set

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import QuerySet

from labeling.models import ClassExplanation, Image, Player, Round, Study
from labeling.models.game import RoundState
from labeling.models.study import StudyState
from labeling.selectors.images import images_of_player, images_visible_to
from labeling.selectors.sharing import is_researcher_of

PUBLIC = (StudyState.OPEN, StudyState.PAUSED, StudyState.FINISHED)
User = AbstractUser | AnonymousUser


def study_with_classes(slug: str, user: User) -> Study | None:
    """A public study, or any of the researcher's own."""
    study = Study.objects.select_related("network").defer("network__class_names").filter(slug=slug).first()
    if study is None or study.state in PUBLIC or is_researcher_of(study, user):
        return study
    return None


def plays_now(study: Study, player: Player | None) -> bool:
    """Whether a round of the player's in the study is open."""
    if player is None:
        return False
    return Round.objects.filter(player=player, game__study=study, state=RoundState.OPEN).exists()


def classes_visible_to(study: Study, *, player: Player | None, researches: bool) -> Set[int]:
    """Of those that have an explanation; `researches`: whether the visitor is a researcher of the study."""
    explained = ClassExplanation.objects.filter(study=study).order_by()
    if researches:
        return set(explained.values_list("explained_class", flat=True).distinct())
    if player is None or plays_now(study, player):
        return frozenset()
    seen = images_of_player(player).filter(study=study).exclude(prepared_at=None)
    own = explained.filter(explained_class__in=seen.values("explained_class"))
    return set(own.values_list("explained_class", flat=True).distinct())


def class_is_visible(study: Study, class_index: int | None, *, player: Player | None, user: User) -> bool:
    researches = is_researcher_of(study, user)
    return class_index in classes_visible_to(study, player=player, researches=researches)


def images_of_class(study: Study, class_index: int, *, player: Player | None, user: User) -> QuerySet[Image]:
    """Those that may be shown."""
    visible = images_visible_to(player=player, user=user)
    return visible.filter(study=study, explained_class=class_index)
