"""Who visits: players by their cookie, researchers by signing in."""

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from glimpse.accounts.identity import COOKIE, remember
from labeling.models import Player


def cookie_of(player: Player) -> tuple[str, str]:
    """The name and the value of the player's cookie, made as the site makes it."""
    response = HttpResponse()
    remember(response, player)
    return COOKIE, response.cookies[COOKIE].value


def client_of(player: Player, client: Client | None = None) -> Client:
    """A browser with the player's cookie."""
    client = client or Client()
    name, value = cookie_of(player)
    client.cookies[name] = value
    return client


def make_staff(name: str = "grace") -> User:
    return User.objects.create_user(name, password="correct horse battery", is_staff=True)


def make_superuser(name: str = "root") -> User:
    return User.objects.create_superuser(name, password="correct horse battery")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
