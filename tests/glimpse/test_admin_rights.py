"""Nobody gives themselves rights."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from tests.glimpse.visitors import make_staff, make_superuser, signed_in

RIGHTS = {"is_active": "on", "is_staff": "on", "is_superuser": "on"}


def change(user: User) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])


def send(client: Client, user: User, **values: object) -> int:
    data = {"username": user.username, "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00", **values}
    return client.post(change(user), data).status_code


@pytest.fixture
def staff(db: None) -> User:
    return make_staff()


def test_staff_cannot_open_users(staff: User) -> None:
    other = make_superuser()
    client = signed_in(staff)
    for address in (
        reverse("admin:auth_user_changelist"),
        reverse("admin:auth_user_add"),
        reverse("admin:auth_user_password_change", args=[other.pk]),
        change(other),
        change(staff),
    ):
        assert client.get(address).status_code == 403
    assert "auth/user" not in client.get(reverse("admin:index")).content.decode()


def test_staff_cannot_add_rights_to_themselves_or_others(staff: User) -> None:
    client = signed_in(staff)
    for user in (staff, make_staff("hopper")):
        assert send(client, user, **RIGHTS) == 403
        user.refresh_from_db()
        assert not user.is_superuser


def test_even_permissions_on_users_open_nothing(staff: User) -> None:
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    assert send(signed_in(staff), staff, **RIGHTS) == 403


def test_superusers_open_every_users_page(staff: User) -> None:
    root = make_superuser()
    client = signed_in(root)
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 200
    assert client.get(change(staff)).status_code == client.get(change(root)).status_code == 200


def test_superusers_give_and_take_others_rights(staff: User) -> None:
    client = signed_in(make_superuser())
    assert send(client, staff, is_active="on") == 302
    staff.refresh_from_db()
    assert (staff.is_active, staff.is_staff) == (True, False)


def test_superusers_do_not_change_their_own_rights(db: None) -> None:
    root = make_superuser()
    client = signed_in(root)
    assert send(client, root, first_name="Ada") == 302
    root.refresh_from_db()
    assert root.first_name == "Ada"
    assert root.is_active
    assert root.is_staff
    assert root.is_superuser
    assert client.post(reverse("admin:auth_user_delete", args=[root.pk]), {"post": "yes"}).status_code == 403


def test_deleting_many_spares_oneself(staff: User) -> None:
    root = make_superuser()
    data = {"action": "delete_selected", "_selected_action": [root.pk, staff.pk], "post": "yes"}
    signed_in(root).post(reverse("admin:auth_user_changelist"), data)
    assert User.objects.filter(pk=root.pk).exists()
