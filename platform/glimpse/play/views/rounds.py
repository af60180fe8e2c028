"""One round: look, show more, answer or skip, and what it was."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from glimpse.accounts.identity import played_by
from glimpse.play import pictures
from glimpse.play.checks import check_label
from glimpse.play.forms import AnswerForm, MoreForm, ReportForm, SkipForm
from glimpse.play.parts import asks_for_part
from glimpse.play.screens import result_context, round_context, stage_context
from labeling.models import Round
from labeling.models.game import RoundState
from labeling.services.answers import image_report, round_answer, round_skip
from labeling.services.rounds import round_show_more

# Of a round's surroundings, what is needed to play it, and what its result shows besides. A field that is
# missing here costs a query of its own.
PLAYED = [
    *(field.name for field in Round._meta.fields),
    *(f"game__{name}" for name in ("key", "finished_at", "study", "player")),
    *(f"game__study__{name}" for name in ("slug", "rounds_per_game", "settled_taboo", "words_total")),
    *(f"player__{name}" for name in ("key", "nickname", "language", "streak_days", "streak_on")),
    *(f"image__{name}" for name in ("key", "study", "true_class", "predicted_class", "explained_class")),
]
SHOWN = [
    *PLAYED,
    *(f"game__study__{name}" for name in ("title", "state", "network", "display_names")),
    *(f"game__study__network__{name}" for name in ("name", "digest")),
    *(f"region__{name}" for name in ("image", "layer", "index", "depth", "sign", "weight", "settled")),
    *(f"image__{name}" for name in ("crop", "photo", "maps", "author", "licence", "class_name")),
    *(f"image__{name}" for name in ("predicted_name", "probability", "explained_name")),
]
TO_PLAY = Round.objects.select_related("game__study", "player", "image").only(*PLAYED)
TO_SHOW = Round.objects.select_related("game__study__network", "player", "region", "image").only(*SHOWN)


def own_round(request: HttpRequest, key: str, rounds: QuerySet[Round] = TO_SHOW) -> Round:
    round_ = get_object_or_404(rounds, played_by(request), key=key)
    round_.image.study = round_.game.study
    return round_


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    round_ = own_round(request, key)
    if round_.state == RoundState.OPEN:
        return _play(request, round_, AnswerForm(round_=round_))
    return render(request, "play/result.html", result_context(round_))


def _play(request: HttpRequest, round_: Round, form: AnswerForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "play/round.html", round_context(round_, form), status=status)


@require_safe
def glimpse(request: HttpRequest, key: str, level: int) -> HttpResponse:
    """The glimpse at a level that the player has reached, while the round is open and after."""
    round_ = own_round(request, key)
    if level > round_.level:
        raise Http404
    round_.region.image = round_.image
    return pictures.respond(pictures.glimpse(round_.region, level))


@require_POST
def more(request: HttpRequest, key: str) -> HttpResponse:
    round_ = own_round(request, key, TO_PLAY)
    form = MoreForm(request.POST)
    if form.is_valid():
        round_ = round_show_more(round_=round_, to_level=form.cleaned_data["to_level"])
    if asks_for_part(request) and round_.state == RoundState.OPEN:
        return render(request, "play/_stage.html", stage_context(round_))
    return redirect("play:round", key)


@require_POST
def check(request: HttpRequest, key: str) -> HttpResponse:
    """What is wrong with a label that is being typed, and how it may be meant. Nothing is stored."""
    round_ = own_round(request, key, TO_PLAY)
    return JsonResponse(check_label(round_, request.POST.get("label", ""), request.LANGUAGE_CODE))


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Take the answer, or show again what was typed and what is wrong. A GET leads back to the round."""
    round_ = own_round(request, key, TO_PLAY)
    if request.method == "POST" and round_.state == RoundState.OPEN:
        form = AnswerForm(request.POST, round_=round_)
        if not form.is_valid():
            return _play(request, round_, form)
        round_answer(round_=round_, answer=form.answer())
    if asks_for_part(request):
        return HttpResponseClientRedirect(reverse("play:round", args=[key]))
    return redirect("play:round", key)


@require_POST
def skip(request: HttpRequest, key: str) -> HttpResponse:
    round_ = own_round(request, key, TO_PLAY)
    form = SkipForm(request.POST)
    if form.is_valid():
        round_skip(round_=round_, reason=form.cleaned_data["reason"])
    return redirect("play:round", key)


@require_POST
def report(request: HttpRequest, key: str) -> HttpResponse:
    """Report the picture of a round that has ended."""
    round_ = own_round(request, key)
    form = ReportForm(request.POST)
    if round_.state == RoundState.OPEN or not form.is_valid():
        raise Http404
    image_report(image=round_.image, player=round_.player, reason=form.cleaned_data["reason"])
    if asks_for_part(request):
        thanks = _("Thank you. The people who run this study will look at it.")
        return HttpResponse(format_html('<p tabindex="-1" autofocus>{}</p>', thanks))
    return redirect("play:round", key)
