"""Taking back what one gave: to one study, or everything."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from glimpse.accounts.forms import DeletionForm, WithdrawalForm
from glimpse.accounts.identity import forget, player_of
from glimpse.accounts.sessions import sessions_end
from labeling.models import Player
from labeling.selectors.own_data import studies_of_player
from labeling.services.withdrawal import player_delete, study_withdraw


def own_player(request: HttpRequest) -> Player:
    return get_object_or_404(Player, pk=getattr(player_of(request), "pk", None))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Say for each study what a withdrawal does there; with a study and the confirmation, do it."""
    player = own_player(request)
    form = WithdrawalForm(request.POST or None, studies=studies_of_player(player))
    if request.method == "POST" and form.is_valid():
        study_withdraw(player=player, study=form.cleaned_data["study"])
        return redirect("accounts:withdraw")
    return _page(request, player, form, DeletionForm())


@never_cache
@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the player, and the account where there is one; the browser is a fresh one afterwards."""
    player = own_player(request)
    form = DeletionForm(request.POST)
    if not form.is_valid():
        return _page(request, player, WithdrawalForm(studies=studies_of_player(player)), form)
    user_id = player.user_id
    player_delete(player=player)
    if user_id is not None:
        logout(request)
        sessions_end(user_id=user_id)
    response = render(request, "accounts/deleted.html")
    forget(response)
    return response


def _page(request: HttpRequest, player: Player, form: WithdrawalForm, deletion: DeletionForm) -> HttpResponse:
    context = {
        "player": player,
        "studies": studies_of_player(player),
        "form": form,
        "deletion": deletion,
        "keeps_account": player.user is not None and player.user.is_staff,
    }
    status = 422 if form.errors or deletion.errors else 200
    return render(request, "accounts/withdraw.html", context, status=status)
