"""A first glimpse on the front page: look, guess, see what it was. Nothing of it is stored."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from glimpse.play import pictures
from glimpse.play.parts import asks_for_part
from glimpse.play.screens import showcase_context
from labeling.selectors.class_names import display_name
from labeling.selectors.showcase import Showcase, showcase_of
from labeling.services.rounds import LAST_LEVEL


def _showcase(key: str) -> Showcase:
    found = showcase_of(key)
    if found is None:
        raise Http404
    return found


@require_safe
def glimpse(request: HttpRequest, key: str, level: int) -> HttpResponse:
    if level > LAST_LEVEL:
        raise Http404
    return pictures.respond(pictures.glimpse(_showcase(key).region, level))


@require_safe
def photo(request: HttpRequest, key: str) -> HttpResponse:
    return pictures.respond(pictures.crop_of(_showcase(key).image, pictures.STAGE_SIDE))


@require_safe
def evidence(request: HttpRequest, key: str) -> HttpResponse:
    shown = _showcase(key)
    return pictures.respond(pictures.evidence(shown.image, [shown.region], pictures.STAGE_SIDE))


@require_safe
def more(request: HttpRequest, key: str) -> HttpResponse:
    """The same glimpse with the next part lit."""
    level = request.GET.get("level", "")
    if not level.isdecimal() or int(level) > LAST_LEVEL:
        raise Http404
    template = "play/_showcase.html" if asks_for_part(request) else "play/showcase.html"
    return render(request, template, showcase_context(_showcase(key), int(level)))


@require_POST
def guess(request: HttpRequest, key: str) -> HttpResponse:
    shown = _showcase(key)
    image = shown.image
    context = {
        "showcase": shown,
        "image": image,
        "is_right": request.POST.get("guess") == str(image.answer_class),
        "answer": display_name(image.study, image.answer_name),
        "network_answer": display_name(image.study, image.predicted_name),
        "network_right": image.predicted_class == image.answer_class,
        "probability": round(100 * (image.probability or 0)),
        "weight": round(100 * shown.region.weight),
    }
    if not asks_for_part(request):
        return render(request, "play/showcase.html", context)
    return render(request, "play/_showcase_result.html", context)
