from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from glimpse.accounts.forms import NicknameForm
from glimpse.accounts.identity import player_of
from labeling.models import Player
from labeling.services.nicknames import nickname_choose


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nickname(request: HttpRequest) -> HttpResponse:
    player = get_object_or_404(Player, pk=getattr(player_of(request), "pk", None))
    form = NicknameForm(request.POST or None, player=player)
    if request.method == "POST" and form.is_valid():
        if nickname_choose(player=player, nickname=form.cleaned_data["nickname"]):
            return redirect("play:me")
        form.add_error("nickname", form.taken())
    return render(
        request,
        "accounts/nickname.html",
        {"form": form, "player": player},
        status=422 if form.errors else 200,
    )
