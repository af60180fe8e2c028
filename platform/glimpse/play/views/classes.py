"""What a network sees in all photographs of one class, in people's words."""

from collections.abc import Set

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from glimpse.accounts.identity import player_of
from glimpse.play.explained_class import ClassPlaces, class_context, class_name, contrast_context
from glimpse.play.numbers import query_number
from labeling.models import ClassExplanation, Study
from labeling.selectors.class_list import class_cards, crowd_of_study
from labeling.selectors.class_pages import class_explanation, class_revisions
from labeling.selectors.classes import classes_visible_to, images_of_class, plays_now, study_with_classes
from labeling.selectors.reliability import agreements_of
from labeling.selectors.sharing import is_researcher_of, shares_of_class

CLASSES_A_PAGE = 48
NO_AGREEMENT = {
    "nobody to compare": gettext_lazy("No two people have described the same region yet."),
    "too few regions": gettext_lazy(
        "Only one region has been described by two people: that is too few to tell."
    ),
    "nothing differs": gettext_lazy("Everybody says the same everywhere, which could be chance as well."),
}
"""Why there is no alpha; see `NoAlpha`."""


@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The classes of a study that the visitor may see, and how far people agree in it."""
    study, player = _study(request, slug), player_of(request)
    researches = is_researcher_of(study, request.user)
    visible = classes_visible_to(study, player=player, researches=researches)
    named = _named(study, visible)
    page = Paginator(named, CLASSES_A_PAGE).get_page(request.GET.get("page"))
    cards = class_cards(study, [one for _, one in page], player=player, user=request.user)
    context = {
        "study": study,
        "page": page,
        "classes": [(name, cards[one]) for name, one in page if one in cards],
        "plays_now": not visible and plays_now(study, player),
        **(_agreement(study, next(iter(cards.values())).layers) if cards else {}),
    }
    return render(request, "play/classes.html", context)


def _named(study: Study, classes: Set[int]) -> list[tuple[str, int]]:
    """By name, whatever its case."""
    return sorted(((class_name(study, one), one) for one in classes), key=lambda named: named[0].casefold())


def _agreement(study: Study, layers: list[str]) -> dict[str, object]:
    """Of the study, and of the layers that have an alpha, numbered from the shallowest, 1."""
    found = agreements_of(study)
    return {
        "crowd": crowd_of_study(study),
        "agreement": found.study,
        "no_agreement": NO_AGREEMENT.get(study.reliability.get("study", {}).get("reason") or ""),
        "layers": [
            (number, name, found.layers[name])
            for number, name in enumerate(layers, 1)
            if name in found.layers
        ],
    }


@require_safe
def show(request: HttpRequest, slug: str, index: int) -> HttpResponse:
    study = _study(request, slug)
    researches = is_researcher_of(study, request.user)
    visible = classes_visible_to(study, player=player_of(request), researches=researches)
    if index not in visible:
        raise Http404
    try:
        found = class_explanation(study, index, query_number(request, "revision"))
    except ClassExplanation.DoesNotExist:
        raise Http404 from None
    others = [named for named in _named(study, visible) if named[1] != index]
    context = {
        **class_context(study, found, _places(request, study, index)),
        **_contrast(request, study, index, visible),
        "live": "revision" not in request.GET,
        "others": others,
        "revisions": class_revisions(study, index),
        "researches": researches,
        "shares": list(shares_of_class(study, index)) if researches and study.shareable else [],
    }
    return render(request, "play/class.html", context)


def _contrast(request: HttpRequest, study: Study, index: int, visible: Set[int]) -> dict[str, object]:
    """With the class that is asked for, if one is."""
    other = query_number(request, "with")
    if other is None:
        return {}
    if other == index or other not in visible:
        raise Http404
    return {"other": other, "other_name": class_name(study, other), **contrast_context(study, index, other)}


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
