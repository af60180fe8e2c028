"""From one round to the next, to the waiting page, or to the end of the game."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from glimpse.accounts.identity import played_by
from glimpse.play.forms import AnswerForm
from glimpse.play.parts import asks_for_part, prefetches
from glimpse.play.screens import round_context, share_words
from labeling.models import Game, Round
from labeling.models.study import StudyState
from labeling.selectors.history import totals_of
from labeling.selectors.rewards import news_for, score_of
from labeling.selectors.rounds import game_result
from labeling.selectors.studies import preparation
from labeling.services.rounds import game_finish, round_next

# Of a game's surroundings, what its pages need. A field that is missing here costs a query of its own.
NEEDED = [
    *(field.name for field in Game._meta.fields),
    *(f"study__{name}" for name in ("slug", "title", "state", "revision", "rounds_per_game", "network")),
    *(f"study__{name}" for name in ("gold_share", "lease_seconds", "display_names")),
    *(f"study__network__{name}" for name in ("name", "digest")),
    *(f"player__{name}" for name in ("key", "nickname", "language", "streak_days", "told_up_to")),
]
GAMES = Game.objects.select_related("study__network", "player").only(*NEEDED)


def own_game(request: HttpRequest, key: str) -> Game:
    return get_object_or_404(GAMES, played_by(request), key=key)


def turn(game: Game) -> Round | str:
    """How the game goes on: its open or next round, or the address of the waiting page or of its end."""
    if game.finished_at is None and game.study.state == StudyState.OPEN:
        if round_ := round_next(game=game):
            return round_
        if game.rounds.count() < game.study.rounds_per_game and preparation(game.study).under_way:
            return reverse("play:waiting", args=[game.key])
        game_finish(game=game)
    return reverse("play:summary", args=[game.key])


def address_of(target: Round | str) -> str:
    return target if isinstance(target, str) else reverse("play:round", args=[target.key])


@require_POST
def next_turn(request: HttpRequest, key: str) -> HttpResponse:
    """Turn to the next round. A result's page asks ahead and gets the round itself, with its address; the
    waiting page asks by htmx and gets the progress until there is a round."""
    game = own_game(request, key)
    target = turn(game)
    if prefetches(request):
        return _ahead(request, game, target)
    if not asks_for_part(request):
        return redirect(address_of(target))
    if target == reverse("play:waiting", args=[key]):
        return render(request, "play/_progress.html", {"preparation": preparation(game.study)})
    return HttpResponseClientRedirect(address_of(target))


def _ahead(request: HttpRequest, game: Game, target: Round | str) -> HttpResponse:
    if isinstance(target, str):
        response = HttpResponse(status=204)
    else:
        target.game = game
        context = round_context(target, AnswerForm(round_=target))
        response = render(request, "play/round.html", {"shell": "play/ahead.html", **context})
    response["X-Glimpse-Address"] = address_of(target)
    return response


@require_safe
def waiting(request: HttpRequest, key: str) -> HttpResponse:
    game = own_game(request, key)
    return render(
        request,
        "play/waiting.html",
        {"game": game, "study": game.study, "preparation": preparation(game.study)},
    )


@require_safe
def summary(request: HttpRequest, key: str) -> HttpResponse:
    game = own_game(request, key)
    result = game_result(game)
    context = {
        "game": game,
        "study": game.study,
        "result": result,
        "is_exhausted": is_exhausted(game, len(result.rounds)),
        "totals": totals_of(game.player),
        "score": score_of(game.player),
        "badges": game.player.badges.filter(given_at__gte=game.created_at),
        "news": news_for(game.player),
        "share": share_words(result),
    }
    return render(request, "play/summary.html", context)


def is_exhausted(game: Game, rounds: int) -> bool:
    """Whether the game ended because nothing was left for the player."""
    return game.finished_at is not None and rounds < game.study.rounds_per_game
