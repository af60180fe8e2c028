"""What a network sees in all photographs of one class, in people's words."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from glimpse.accounts.identity import player_of
from glimpse.play.explained_class import ClassPlaces, class_context, class_name
from glimpse.play.numbers import query_number
from labeling.models import ClassExplanation, Study
from labeling.selectors.class_list import class_cards
from labeling.selectors.class_pages import class_explanation, class_revisions
from labeling.selectors.classes import classes_visible_to, images_of_class, plays_now, study_with_classes
from labeling.selectors.contrasts import contrast_of
from labeling.selectors.sharing import is_researcher_of, shares_of_class


@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The classes of a study that the visitor may see."""
    study, player = _study(request, slug), player_of(request)
    visible = classes_visible_to(study, player=player, user=request.user)
    cards = class_cards(study, visible, player=player, user=request.user)
    context = {
        "study": study,
        "cards": sorted(
            ((class_name(study, card.index), card) for card in cards), key=lambda named: named[0]
        ),
        "plays_now": not visible and plays_now(study, player),
    }
    return render(request, "play/classes.html", context)


@require_safe
def show(request: HttpRequest, slug: str, index: int) -> HttpResponse:
    study = _study(request, slug)
    visible = classes_visible_to(study, player=player_of(request), user=request.user)
    if index not in visible:
        raise Http404
    try:
        found = class_explanation(study, index, query_number(request, "revision"))
    except ClassExplanation.DoesNotExist:
        raise Http404 from None
    researches = is_researcher_of(study, request.user)
    others = sorted((class_name(study, one), one) for one in visible if one != index)
    context = {
        **class_context(study, found, _places(request, study, index)),
        **_contrast(request, study, index, visible),
        "live": "revision" not in request.GET,
        "others": others,
        "revisions": class_revisions(study, index),
        "researches": researches,
        "shares": list(shares_of_class(study, index)) if researches else [],
    }
    return render(request, "play/class.html", context)


def _contrast(request: HttpRequest, study: Study, index: int, visible: object) -> dict[str, object]:
    other = query_number(request, "with")
    if other is None:
        return {}
    if other == index or not isinstance(visible, set | frozenset) or other not in visible:
        raise Http404
    return {
        "contrast": contrast_of(study, index, other),
        "other": other,
        "other_name": class_name(study, other),
    }


def _study(request: HttpRequest, slug: str) -> Study:
    study = study_with_classes(slug, request.user)
    if study is None:
        raise Http404
    return study


def _places(request: HttpRequest, study: Study, index: int) -> ClassPlaces:
    images = images_of_class(study, index, player=player_of(request), user=request.user)
    keys = dict(images.values_list("pk", "key"))
    return ClassPlaces(
        evidence={pk: reverse("play:evidence", args=[key, 0]).removesuffix("0") for pk, key in keys.items()},
        pages={pk: reverse("play:explanation", args=[key]) for pk, key in keys.items()},
    )
