"""Who visits: players by their cookie, researchers by signing in."""

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from glimpse.accounts.identity import COOKIE, remember
from labeling.models import Player


def client_of(player: Player, client: Client | None = None) -> Client:
    """A browser with the player's cookie, made as the site makes it."""
    client = client or Client()
    response = HttpResponse()
    remember(response, player)
    client.cookies[COOKIE] = response.cookies[COOKIE].value
    return client


def make_staff(name: str = "grace") -> User:
    return User.objects.create_user(name, password="correct horse battery", is_staff=True)


def make_superuser(name: str = "root") -> User:
    return User.objects.create_superuser(name, password="correct horse battery")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
