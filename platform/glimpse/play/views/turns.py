"""From one round to the next, to the waiting page, or to the end of the game."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from glimpse.accounts.identity import player_of
from glimpse.play.parts import asks_for_part
from labeling.models import Game
from labeling.models.study import StudyState
from labeling.selectors.rounds import game_result
from labeling.selectors.studies import preparation
from labeling.services.rounds import game_finish, round_next


def own_game(request: HttpRequest, key: str) -> Game:
    games = Game.objects.select_related("study__network", "player")
    return get_object_or_404(games, key=key, player=player_of(request))


def turn(game: Game) -> str:
    """Where the game goes on: its open or next round, the waiting page while images are prepared, its end."""
    if game.finished_at is None and game.study.state == StudyState.OPEN:
        if round_ := round_next(game=game):
            return reverse("play:round", args=[round_.key])
        if game.rounds.count() < game.study.rounds_per_game and preparation(game.study).under_way:
            return reverse("play:waiting", args=[game.key])
        game_finish(game=game)
    return reverse("play:summary", args=[game.key])


@require_POST
def next_turn(request: HttpRequest, key: str) -> HttpResponse:
    """Turn to the next round. The waiting page asks by htmx and gets the progress until there is one."""
    game = own_game(request, key)
    target = turn(game)
    if not asks_for_part(request):
        return redirect(target)
    if target == reverse("play:waiting", args=[key]):
        return render(request, "play/_progress.html", {"preparation": preparation(game.study)})
    return HttpResponseClientRedirect(target)


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
    return render(
        request, "play/summary.html", {"game": game, "study": game.study, "result": game_result(game)}
    )
