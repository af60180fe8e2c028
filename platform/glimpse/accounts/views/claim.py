from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from glimpse.accounts.identity import guest_of
from labeling.services.accounts import account_claim


@require_POST
@login_required
def claim(request: HttpRequest) -> HttpResponse:
    """Keep this browser's games under the account that is signed in, as signing in on our own pages does."""
    if request.user.pk is not None:
        account_claim(user_id=request.user.pk, guest=guest_of(request), language=request.LANGUAGE_CODE)
    return redirect("play:me")
