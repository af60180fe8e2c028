"""Researchers hold and release labels and players of their own studies."""

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client

from labeling.models import Conduct, Label
from labeling.models.conduct import Verdict
from tests.glimpse.rows import all_rows
from tests.glimpse.studies_with_rows import change, changelist, make_rows
from tests.glimpse.visitors import make_staff, signed_in

ROUND, LABEL, CONDUCT = 3, 4, 7


@pytest.fixture
def owner(db: None) -> User:
    return make_staff()


@pytest.fixture
def rows(owner: User) -> list[Model]:
    return make_rows(owner)


@pytest.fixture
def client(owner: User) -> Client:
    return signed_in(owner)


def act(client: Client, row: Model, action: str) -> str:
    chosen = {"action": action, "_selected_action": row.pk}
    return client.post(changelist(row), chosen, follow=True).content.decode()


@pytest.mark.parametrize("kind", [ROUND, LABEL])
def test_labels_are_held_and_released(client: Client, rows: list[Model], kind: int) -> None:
    assert "Labels held: 1." in act(client, rows[kind], "quarantine")
    label = Label.objects.get()
    assert (label.quarantined, label.released, label.reasons) == (True, False, ["researcher"])
    assert "held by a researcher" in client.get(changelist(rows[LABEL])).content.decode()
    assert "1 of 1" in client.get(changelist(rows[ROUND])).content.decode()
    assert "Labels held: 0." in act(client, rows[kind], "quarantine"), "twice is once"
    assert "Labels released: 1." in act(client, rows[kind], "release")
    label.refresh_from_db()
    assert (label.quarantined, label.released) == (False, True)


def test_players_are_held_released_and_left_to_the_signals(client: Client, rows: list[Model]) -> None:
    assert "Labels held: 1." in act(client, rows[CONDUCT], "quarantine")
    assert Label.objects.get().reasons == ["player: researcher"]
    assert Conduct.objects.get().verdict == Verdict.QUARANTINED
    assert "Labels released: 1." in act(client, rows[CONDUCT], "release")
    assert not Label.objects.get().quarantined
    assert Conduct.objects.get().verdict == Verdict.TRUSTED
    assert "Decisions taken back: 1." in act(client, rows[CONDUCT], "unjudge")
    assert Conduct.objects.get().verdict == Verdict.NONE


@pytest.mark.parametrize(
    ("kind", "action"),
    [(kind, action) for kind in (ROUND, LABEL, CONDUCT) for action in ("quarantine", "release")],
)
def test_nobody_reaches_others_work(client: Client, rows: list[Model], kind: int, action: str) -> None:
    others = make_rows(make_staff("hopper"))
    before = all_rows()
    act(client, others[kind], action)
    assert all_rows() == before


def test_the_evidence_is_shown_as_text(client: Client, rows: list[Model]) -> None:
    page = client.get(change(rows[CONDUCT])).content.decode()
    assert "“&lt;b&gt;beak&lt;/b&gt;” again." in page
    assert "yes, suffices alone" in page


def test_a_players_labels_are_a_click_away(client: Client, rows: list[Model]) -> None:
    conduct = Conduct.objects.get()
    where = {"round__player__id__exact": conduct.player_id, "region__study__id__exact": conduct.study_id}
    page = client.get(changelist(rows[LABEL]), where)
    assert page.status_code == 200
    assert change(rows[LABEL]) in page.content.decode()
    nobody = client.get(changelist(rows[LABEL]), where | {"round__player__id__exact": 0})
    assert change(rows[LABEL]) not in nobody.content.decode()


def test_players_are_found_by_signal(client: Client, rows: list[Model]) -> None:
    found = client.get(changelist(rows[CONDUCT]), {"signal": "repetition"}).content.decode()
    assert change(rows[CONDUCT]) in found
    other = client.get(changelist(rows[CONDUCT]), {"signal": "clique"}).content.decode()
    assert change(rows[CONDUCT]) not in other
