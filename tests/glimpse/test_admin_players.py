"""Superusers alone see which account belongs to whom, and give players other nicknames."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from labeling.models import Player
from tests.factories import make_player
from tests.glimpse.studies_with_rows import changelist, make_rows
from tests.glimpse.visitors import make_staff, make_superuser, signed_in

pytestmark = pytest.mark.django_db
LIST = "admin:labeling_player_changelist"


@pytest.fixture
def player() -> Player:
    player = make_player(nickname="Rude Word")
    player.user = User.objects.create_user("player-1", "ada@example.org")
    player.named = True
    player.save()
    return player


@pytest.fixture
def root() -> Client:
    return signed_in(make_superuser())


def page_of(player: Player) -> str:
    return reverse("admin:labeling_player_change", args=[player.pk])


def test_superusers_see_the_account(root: Client, player: Player) -> None:
    for address in (reverse(LIST), page_of(player)):
        page = root.get(address).content.decode()
        assert reverse("admin:auth_user_change", args=[player.user_id]) in page
        assert "ada@example.org" not in page


def test_researchers_see_neither_players_nor_addresses(player: Player) -> None:
    staff = make_staff()
    rows = make_rows(staff)
    client = signed_in(staff)
    assert client.get(reverse(LIST)).status_code == client.get(page_of(player)).status_code == 403
    assert client.post(page_of(player), {"nickname": "Other"}).status_code == 403
    Player.objects.exclude(pk=player.pk).update(user=User.objects.create_user("player-2", "bob@example.org"))
    for row in rows:
        page = client.get(changelist(row)).content.decode()
        assert "@example.org" not in page


def test_superusers_rename(root: Client, player: Player) -> None:
    assert root.post(page_of(player), {"nickname": "Kind Word"}).status_code == 302
    player.refresh_from_db()
    assert (player.nickname, player.user_id is not None) == ("Kind Word", True)


def test_a_nickname_that_somebody_has_chosen_is_refused(root: Client, player: Player) -> None:
    other = make_player(nickname="Swift Heron")
    page = root.post(page_of(other), {"nickname": "rude word"}, follow=True).content.decode()
    assert "Another player has chosen this nickname." in page
    other.refresh_from_db()
    assert other.nickname == "Swift Heron"


def test_superusers_have_a_nickname_made_up(root: Client, player: Player) -> None:
    nameless = make_player(nickname="")
    root.post(reverse(LIST), {"action": "reset", "_selected_action": [player.pk, nameless.pk]})
    player.refresh_from_db()
    nameless.refresh_from_db()
    assert player.nickname != "Rude Word"
    assert not player.named
    assert nameless.nickname == ""


def test_nobody_is_added_or_deleted_here(root: Client, player: Player) -> None:
    assert root.get(reverse("admin:labeling_player_add")).status_code == 403
    assert (
        root.post(reverse("admin:labeling_player_delete", args=[player.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert Player.objects.filter(pk=player.pk).exists()
