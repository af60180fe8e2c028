"""The way into a game: the front page, a study's page, consent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseStopPolling

from glimpse.accounts.identity import player_of, remember
from glimpse.play.screens import showcase_context
from glimpse.play.views.turns import address_of, turn
from labeling.models import Player, Study
from labeling.models.study import StudyState
from labeling.selectors.players import has_consented
from labeling.selectors.rewards import leaderboard, news_for
from labeling.selectors.showcase import showcase_draw
from labeling.selectors.studies import open_studies, preparation, tally
from labeling.services.players import consent_give, guest_create
from labeling.services.rounds import game_start

PUBLIC = (StudyState.OPEN, StudyState.PAUSED, StudyState.FINISHED)


def open_study(slug: str) -> Study:
    return get_object_or_404(Study.objects.select_related("network"), slug=slug, state=StudyState.OPEN)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    player = player_of(request)
    context = {
        "studies": [(study, preparation(study), tally(study)) for study in open_studies()],
        "player": player,
        "news": news_for(player) if player else None,
        **showcase_context(showcase_draw()),
    }
    return render(request, "play/home.html", context)


@require_safe
def study(request: HttpRequest, slug: str) -> HttpResponse:
    """What a study is about, how far it is, and who has found most this week."""
    shown = get_object_or_404(Study, slug=slug, state__in=PUBLIC)
    player = player_of(request)
    context = {
        "study": shown,
        "player": player,
        "preparation": preparation(shown),
        "tally": tally(shown),
        "places": leaderboard(shown, player),
    }
    return render(request, "play/study.html", context)


@require_safe
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the photos are; a page that still asks after the study has closed is told to stop."""
    study = Study.objects.filter(slug=slug, state=StudyState.OPEN).first()
    if study is None:
        return HttpResponseStopPolling()
    return render(request, "play/_progress.html", {"study": study, "preparation": preparation(study)})


@require_safe
def consent(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "play/consent.html", {"study": open_study(slug)})


@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Join the unfinished game or begin one; a player who has not agreed yet reads the consent text first."""
    study = open_study(slug)
    player = player_of(request)
    if player is None or not has_consented(player, study):
        return redirect("play:consent", slug)
    return redirect(_first_turn(player, study))


@require_POST
def agree(request: HttpRequest, slug: str) -> HttpResponse:
    """Take consent to the version that was on the page; a text that has changed since is shown again."""
    study = open_study(slug)
    if request.POST.get("version") != str(study.consent_version):
        return redirect("play:consent", slug)
    player = player_of(request) or guest_create(language=request.LANGUAGE_CODE)
    consent_give(player=player, study=study, version=study.consent_version)
    response = redirect(_first_turn(player, study))
    remember(response, player)
    return response


def _first_turn(player: Player, study: Study) -> str:
    return address_of(turn(game_start(player=player, study=study)))
