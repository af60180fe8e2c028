"""What a network sees in one photograph, in people's words."""

from collections import Counter

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from glimpse.accounts.identity import player_of
from glimpse.play import pictures
from glimpse.play.explained import Places, explanation_context, image_context
from glimpse.play.numbers import query_number
from glimpse.play.parts import asks_for_part
from labeling.models import Explanation, Image
from labeling.selectors.classes import class_is_visible
from labeling.selectors.crowds import crowd_of
from labeling.selectors.explanations import explanation_of, is_being_measured, latest_revision
from labeling.selectors.images import images_visible_to
from labeling.selectors.regions_shown import regions_shown
from labeling.selectors.revisions import changed_facts, changed_layers, revisions_of
from labeling.selectors.sharing import is_researcher_of, shares_of_image


def visible_image(request: HttpRequest, key: str) -> Image:
    return get_object_or_404(images_visible_to(player=player_of(request), user=request.user), key=key)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The page of the latest revision or one that is asked for, or what came and went between two.

    Asked by htmx with what it shows: its layers, or nothing where nothing is newer.
    """
    image = visible_image(request, key)
    if asks_for_part(request):
        return HttpResponse(status=204) if _shows_all(request, image) else _layers(request, image)
    revision, other = query_number(request, "revision"), query_number(request, "with")
    if other is not None:
        return _comparison(request, image, other, revision or latest_revision(image))
    researches = is_researcher_of(image.study, request.user)
    context = {
        **_context(request, image, revision),
        "revisions": revisions_of(image),
        "researches": researches,
        "shares": list(shares_of_image(image)) if researches else [],
        "class_is_visible": class_is_visible(
            image.study, image.explained_class, player=player_of(request), user=request.user
        ),
    }
    return render(request, "play/explanation.html", context)


def _layers(request: HttpRequest, image: Image) -> HttpResponse:
    return render(request, "play/_layers.html", _context(request, image, None))


def _context(request: HttpRequest, image: Image, revision: int | None) -> dict[str, object]:
    try:
        context = explanation_context(image, _places(image), request.GET.dict(), revision)
    except Explanation.DoesNotExist:
        raise Http404 from None
    return {**context, "live": revision is None, "measuring": is_being_measured(image)}


def _comparison(request: HttpRequest, image: Image, one: int, other: int) -> HttpResponse:
    """Of two revisions, the lower number is the older one."""
    try:
        before, after = (explanation_of(image, number) for number in sorted((one, other)))
    except Explanation.DoesNotExist:
        raise Http404 from None
    layers = changed_layers(before, after)
    changes = Counter(label.change for layer in layers for label in layer.labels)
    context = {
        **image_context(image),
        "before": before,
        "after": after,
        "crowd_before": crowd_of(Q(pk=image.pk), before.manifest),
        "crowd_after": crowd_of(Q(pk=image.pk), after.manifest),
        "layers": layers,
        "changes": {"came": 0, "went": 0, "changed": 0, **changes},
        "facts": changed_facts(before.manifest, after.manifest),
    }
    return render(request, "play/comparison.html", context)


def _places(image: Image) -> Places:
    nothing = reverse("play:evidence", args=[image.key, 0])
    return Places(reverse("play:photo", args=[image.key]), nothing.removesuffix("0"))


def _shows_all(request: HttpRequest, image: Image) -> bool:
    """Whether the page that asks shows the latest revision, and effects where there are any."""
    was_measuring = request.GET.get("measuring") == "1"
    is_latest = request.GET.get("shown") == str(latest_revision(image))
    return is_latest and was_measuring == is_being_measured(image)


@require_safe
def photo(request: HttpRequest, key: str) -> HttpResponse:
    return pictures.respond(pictures.crop_of(visible_image(request, key), pictures.STAGE_SIDE))


@require_safe
def evidence(request: HttpRequest, key: str, regions: str) -> HttpResponse:
    """The evidence of regions of one layer, by their ids joined with hyphens."""
    image = visible_image(request, key)
    found = regions_shown(image, regions)
    if not found:
        raise Http404
    side = pictures.CARD_SIDE if request.GET.get("size") == "card" else pictures.STAGE_SIDE
    return pictures.respond(pictures.evidence(image, found, side))
