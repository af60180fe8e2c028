from allauth.account.views import logout
from django.http import HttpRequest, HttpResponseBase

from glimpse.accounts.identity import forget


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Afterwards the browser is a fresh one. Who only breaks off signing in stays the guest they are."""
    was_signed_in = request.user.is_authenticated
    response: HttpResponseBase = logout(request)
    if was_signed_in and not request.user.is_authenticated:
        forget(response)
    return response
