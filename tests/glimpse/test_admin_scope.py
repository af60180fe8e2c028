"""Researchers work on their own studies, superusers on all."""

import re

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from labeling.models import Job
from tests.glimpse.rows import all_rows
from tests.glimpse.studies_with_rows import change, changelist, make_rows, study_of
from tests.glimpse.visitors import make_staff, make_superuser, signed_in

KINDS = range(11)


@pytest.fixture
def owner(db: None) -> User:
    return make_staff()


@pytest.fixture
def own(owner: User) -> list[Model]:
    return make_rows(owner)


@pytest.fixture
def others(db: None) -> list[Model]:
    return make_rows(make_staff("hopper"))


def listed(client: Client, row: Model) -> set[int]:
    page = client.get(changelist(row)).content.decode()
    return {int(pk) for pk in re.findall(rf'href="{changelist(row)}(\d+)/change/', page)}


@pytest.mark.parametrize("kind", KINDS)
def test_staff_see_their_own_rows_alone(
    owner: User, own: list[Model], others: list[Model], kind: int
) -> None:
    client = signed_in(owner)
    assert listed(client, own[kind]) == {own[kind].pk}
    assert client.get(change(own[kind])).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_staff_cannot_reach_others_rows_by_id(owner: User, others: list[Model], kind: int) -> None:
    client, row = signed_in(owner), others[kind]
    before = all_rows()
    name = f"admin:labeling_{row._meta.model_name}"
    for address in (change(row), reverse(f"{name}_history", args=[row.pk])):
        for method in (client.get, client.post):
            response = method(address, {"title": "mine now", "state": "open"})
            assert response.status_code in {302, 403, 404}
            assert response.headers.get("Location", reverse("admin:index")) == reverse("admin:index")
    deleted = client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"})
    assert deleted.status_code in {302, 403, 404}
    assert all_rows() == before


@pytest.mark.parametrize("kind", KINDS)
def test_superusers_see_all_rows(own: list[Model], others: list[Model], kind: int) -> None:
    client = signed_in(make_superuser())
    assert listed(client, own[kind]) == {own[kind].pk, others[kind].pk}
    assert client.get(change(others[kind])).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_of_staff_names_others_studies(
    owner: User, own: list[Model], others: list[Model], kind: int
) -> None:
    make_rows(owner)  # filters appear where there is more than one study to choose from
    client = signed_in(owner)
    pages = client.get(changelist(own[kind])).content + client.get(change(own[kind])).content
    assert study_of(own).title in pages.decode() or kind in {1, 2, 3, 4, 6, 8}
    assert study_of(others).title not in pages.decode()
    assert "hopper" not in pages.decode()


def test_staff_cannot_retry_others_jobs(owner: User, own: list[Model], others: list[Model]) -> None:
    before = list(Job.objects.order_by("pk").values())
    signed_in(owner).post(changelist(others[-1]), {"action": "retry", "_selected_action": others[-1].pk})
    assert list(Job.objects.order_by("pk").values()) == before


def test_a_study_belongs_to_who_made_it(owner: User, own: list[Model]) -> None:
    client, study = signed_in(owner), study_of(own)
    client.post(
        reverse("admin:labeling_study_add"),
        {
            "slug": "birds", "title": "Birds", "network": study.network_id, "state": "draft", "layers": "[]",
            "preset": "faithful", "label_preset": "glimpse", "target": "predicted", "measure": "on",
            "revision": 1, "seed": 0, "min_labellings": 3, "max_labellings": 5,
            "retire_agreement": 0.6, "gold_share": 0.1, "leaderboard": "weekly", "withdrawal": "anonymise",
            "rounds_per_game": 5, "options_per_round": 10,
            "lease_seconds": 300, "display_names": "{}", "consent_text": "We keep what you type.",
            "consent_version": 1, "owner": make_superuser().pk,
        },
    )  # fmt: skip
    made = study.network.studies.get(slug="birds")
    assert made.owner == owner


def test_evidence_is_served_for_own_regions(owner: User, own: list[Model], others: list[Model]) -> None:
    client = signed_in(owner)
    picture = client.get(reverse("admin:labeling_region_evidence", args=[own[2].pk]))
    assert picture.headers["Content-Type"] == "image/webp"
    assert client.get(reverse("admin:labeling_region_evidence", args=[others[2].pk])).status_code == 404
    root = signed_in(make_superuser("lovelace"))
    assert root.get(reverse("admin:labeling_region_evidence", args=[others[2].pk])).status_code == 200
