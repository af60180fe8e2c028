"""What a network sees in one photograph, in people's words."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from glimpse.accounts.identity import player_of
from glimpse.play import pictures
from glimpse.play.parts import asks_for_part
from labeling.models import Image
from labeling.selectors.class_names import display_name
from labeling.selectors.explanations import explanation_of, is_being_measured, latest_revision
from labeling.selectors.images import images_visible_to


def visible_image(request: HttpRequest, key: str) -> Image:
    return get_object_or_404(images_visible_to(player=player_of(request), user=request.user), key=key)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The page; asked by htmx with what it shows, its layers, or nothing where nothing is newer."""
    image = visible_image(request, key)
    if asks_for_part(request) and _shows_all(request, image):
        return HttpResponse(status=204)
    explanation = explanation_of(image)
    study = image.study
    context = {
        "image": image,
        "study": study,
        "explanation": explanation,
        "name": display_name(study, image.explained_name),
        "network_answer": display_name(study, image.predicted_name),
        "truth": display_name(study, image.answer_name),
        "network_right": image.predicted_class == image.answer_class,
        "explains_answer": image.explained_class == image.predicted_class,
        "probability": round(100 * (image.explained_probability or 0)),
        "answer_probability": round(100 * (image.probability or 0)),
    }
    if not asks_for_part(request):
        return render(request, "play/explanation.html", context)
    return render(request, "play/_layers.html", context)


def _shows_all(request: HttpRequest, image: Image) -> bool:
    """Whether the page that asks shows the latest revision, and effects where there are any."""
    was_measuring = request.GET.get("measuring") == "1"
    is_latest = request.GET.get("revision") == str(latest_revision(image))
    return is_latest and was_measuring == is_being_measured(image)


@require_safe
def photo(request: HttpRequest, key: str) -> HttpResponse:
    return pictures.respond(pictures.crop_of(visible_image(request, key), pictures.STAGE_SIDE))


@require_safe
def evidence(request: HttpRequest, key: str, regions: str) -> HttpResponse:
    """The evidence of regions of one layer, by their ids joined with hyphens."""
    image = visible_image(request, key)
    ids = [int(part) for part in regions.split("-")]
    found = list(image.regions.filter(pk__in=ids).order_by("pk"))
    if len(found) != len(ids) or len({region.layer for region in found}) != 1:
        raise Http404
    side = pictures.CARD_SIDE if request.GET.get("size") == "card" else pictures.STAGE_SIDE
    return pictures.respond(pictures.evidence(image, found, side))
