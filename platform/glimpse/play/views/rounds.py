"""One round: look, show more, answer or skip, and what it was."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from glimpse.accounts.identity import player_of
from glimpse.play import pictures
from glimpse.play.forms import AnswerForm, MoreForm, SkipForm
from glimpse.play.parts import asks_for_part
from labeling.models import Round
from labeling.models.game import RoundState, SkipReason
from labeling.points import guess_points
from labeling.selectors.rounds import seen_by_others
from labeling.services.answers import round_answer, round_skip
from labeling.services.options import display_name
from labeling.services.rounds import LAST_LEVEL, round_show_more


def own_round(request: HttpRequest, key: str) -> Round:
    rounds = Round.objects.select_related("game", "player", "region__image", "image__study__network")
    return get_object_or_404(rounds, key=key, player=player_of(request))


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    round_ = own_round(request, key)
    if round_.state == RoundState.OPEN:
        return _play(request, round_, AnswerForm(round_=round_))
    return _result(request, round_)


def _play(request: HttpRequest, round_: Round, form: AnswerForm) -> HttpResponse:
    context = {
        "form": form,
        "typed": ", ".join(form.typed()),
        "skip_reasons": SkipReason.choices,
        **_stage(round_),
        **_steps(round_),
    }
    return render(request, "play/round.html", context, status=422 if form.errors else 200)


def _stage(round_: Round) -> dict[str, object]:
    level = round_.level
    return {
        "round": round_,
        "levels": range(LAST_LEVEL + 1),
        "level_number": level + 1,
        "previous_level": max(0, level - 1),
        "next_level": level + 1 if level < LAST_LEVEL else None,
        "worth": guess_points(level),
        "cost": guess_points(level) - guess_points(level + 1),
    }


def _steps(round_: Round) -> dict[str, object]:
    """How each round of the game went: right, done, now, or nothing yet."""
    ended = round_.game.rounds.exclude(state=RoundState.OPEN).values_list("number", "correct")
    went = {number: "right" if correct else "done" for number, correct in ended}
    went.setdefault(round_.number, "now")
    return {"steps": [went.get(number + 1, "") for number in range(round_.image.study.rounds_per_game)]}


def _result(request: HttpRequest, round_: Round) -> HttpResponse:
    study = round_.image.study
    names = dict(round_.options)
    image = round_.image
    context = {
        "round": round_,
        "image": image,
        "answer": display_name(study, image.answer_name),
        "guessed": names.get(round_.guess),
        "network_answer": display_name(study, image.predicted_name),
        "probability": round(100 * (image.probability or 0)),
        "weight": round(100 * round_.region.weight),
        "levels": range(LAST_LEVEL + 1),
        "level_number": round_.level + 1,
        "network_right": image.predicted_class == image.answer_class,
        "mine": [label.raw for label in round_.labels.all()],
        "others": seen_by_others(round_),
        "is_last": round_.game.finished_at is not None,
        **_steps(round_),
    }
    return render(request, "play/result.html", context)


@require_safe
def glimpse(request: HttpRequest, key: str, level: int) -> HttpResponse:
    """The glimpse at a level that the player has reached, while the round is open and after."""
    round_ = own_round(request, key)
    if level > round_.level:
        raise Http404
    return pictures.respond(pictures.glimpse(round_.region, level))


@require_POST
def more(request: HttpRequest, key: str) -> HttpResponse:
    round_ = own_round(request, key)
    form = MoreForm(request.POST)
    if form.is_valid():
        round_ = round_show_more(round_=round_, to_level=form.cleaned_data["to_level"])
    if asks_for_part(request) and round_.state == RoundState.OPEN:
        return render(request, "play/_stage.html", _stage(round_))
    return redirect("play:round", key)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Take the answer, or show again what was typed and what is wrong. A GET leads back to the round."""
    round_ = own_round(request, key)
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
    round_ = own_round(request, key)
    form = SkipForm(request.POST)
    if form.is_valid():
        round_skip(round_=round_, reason=form.cleaned_data["reason"])
    return redirect("play:round", key)
