"""A study's rules, the images that the front page gives away, and what the game has made of regions."""

import pytest
from django.contrib.auth.models import User
from django.forms import model_to_dict
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from labeling.models import Image, LedgerEntry, Region, Study
from labeling.models.reward import EntryKind
from labeling.models.study import CONSENT_TEXT
from tests.factories import make_image, make_player, make_round, make_study
from tests.glimpse.visitors import make_staff, make_superuser, signed_in

RULES = {
    "description": "Birds of *three* islands.",
    "min_labellings": "2",
    "retire_agreement": "0.75",
    "gold_share": "0.2",
    "settled_taboo": "on",
    "leaderboard": "relative",
    "withdrawal": "delete",
}


@pytest.fixture
def owner(db: None) -> User:
    return make_staff()


@pytest.fixture
def study(owner: User) -> Study:
    return make_study(owner=owner)


def save(user: User, study: Study, **changes: str) -> HttpResponse:
    data = model_to_dict(study, exclude=["owner", "layers", "display_names"])
    data |= {"layers": "[]", "display_names": "{}"} | changes
    address = reverse("admin:labeling_study_change", args=[study.pk])
    response = signed_in(user).post(address, data, follow=True)
    study.refresh_from_db()
    assert isinstance(response, HttpResponse)
    return response


def act(client: Client, action: str, *images: Image) -> str:
    address = reverse("admin:labeling_image_changelist")
    data = {"action": action, "_selected_action": [image.pk for image in images]}
    return client.post(address, data, follow=True).content.decode()


def test_the_rules_of_the_game_are_a_researchers(owner: User, study: Study) -> None:
    save(owner, study, opposing_played="on", **RULES)
    assert (study.description, study.min_labellings, study.retire_agreement) == (
        "Birds of *three* islands.",
        2,
        0.75,
    )
    assert (study.gold_share, study.settled_taboo, study.opposing_played) == (0.2, True, True)
    assert (study.leaderboard, study.withdrawal) == ("relative", "delete")


def test_which_signs_are_played_is_fixed_once_there_are_images(owner: User, study: Study) -> None:
    make_image(study)
    save(owner, study, opposing_played="on", gold_share="0.3")
    assert (study.opposing_played, study.gold_share) == (False, 0.3)


@pytest.mark.parametrize(("has_images", "fewest"), [(False, "6"), (True, "6")])
def test_agreement_cannot_need_more_players_than_there_are_places(
    owner: User, study: Study, has_images: bool, fewest: str
) -> None:
    if has_images:
        make_image(study)
    page = save(owner, study, min_labellings=fewest)
    assert "A region has 5 places: choose 5 or less." in page.content.decode()
    assert study.min_labellings == 3
    save(owner, study, min_labellings="5")
    assert study.min_labellings == 5


def test_with_more_places_more_players_may_be_needed(owner: User, study: Study) -> None:
    save(owner, study, min_labellings="8", max_labellings="9")
    assert (study.min_labellings, study.max_labellings) == (8, 9)


@pytest.mark.parametrize(("field", "value"), [("gold_share", "0.6"), ("retire_agreement", "1.5")])
def test_shares_stay_within_bounds(owner: User, study: Study, field: str, value: str) -> None:
    before = getattr(study, field)
    save(owner, study, **{field: value})
    assert getattr(study, field) == before


def test_a_new_study_proposes_a_consent_text(owner: User) -> None:
    page = signed_in(owner).get(reverse("admin:labeling_study_add")).content.decode()
    assert CONSENT_TEXT.splitlines()[0][:40] in page


def test_images_are_given_away_and_kept_again(owner: User, study: Study) -> None:
    client, image = signed_in(owner), make_image(study)
    assert "played by nobody: 1." in act(client, "give_away", image)
    image.refresh_from_db()
    assert image.showcase
    assert not image.regions.filter(capacity__gt=0).exists()
    assert "No longer given away: 1." in act(client, "stop_giving_away", image)
    image.refresh_from_db()
    assert not image.showcase


def test_what_was_played_is_not_given_away_and_that_is_said(owner: User, study: Study) -> None:
    played, image = make_image(study), None
    make_round(study, make_player(study))
    image = make_image(study)
    page = act(signed_in(owner), "give_away", played, image)
    assert "played by nobody: 1." in page
    assert "as somebody has played them: 1." in page
    played.refresh_from_db()
    assert not played.showcase


def test_nobody_gives_away_others_images(owner: User) -> None:
    image = make_image(make_study(owner=make_staff("hopper")))
    for action in ("give_away", "stop_giving_away"):
        act(signed_in(owner), action, image)
        image.refresh_from_db()
        assert not image.showcase
    act(signed_in(make_superuser()), "give_away", image)
    act(signed_in(owner), "stop_giving_away", image)
    image.refresh_from_db()
    assert image.showcase


def test_regions_show_what_the_game_made_of_them(owner: User, study: Study) -> None:
    region = make_image(study, layers=1, regions=1).regions.get(sign="supports")
    changes = {"agreement": 0.667, "settled": ["long beak"], "gold": True, "retired_at": "2026-01-01T00:00Z"}
    Region.objects.filter(pk=region.pk).update(labellings=4, **changes)
    client, address = signed_in(owner), reverse("admin:labeling_region_changelist")
    assert "67%" in client.get(address).content.decode()
    page = client.get(reverse("admin:labeling_region_change", args=[region.pk])).content.decode()
    assert "long beak" in page
    link = f"/{region.pk}/change/"
    for query, found in (({"gold__exact": 1}, True), ({"gold__exact": 0}, False)):
        assert (link in client.get(address, query).content.decode()) == found
    for query, found in (({"retired_at__isempty": 0}, True), ({"retired_at__isempty": 1}, False)):
        assert (link in client.get(address, query).content.decode()) == found


def test_nobody_writes_in_the_ledger(owner: User, study: Study) -> None:
    entry = LedgerEntry.objects.create(
        player=make_player(study), study=study, kind=EntryKind.GUESS, points=85, key="k"
    )
    for user in (owner, make_superuser()):
        client = signed_in(user)
        change = reverse("admin:labeling_ledgerentry_change", args=[entry.pk])
        assert client.get(change).status_code == 200
        assert client.post(change, {"points": 900}).status_code == 403
        assert client.get(reverse("admin:labeling_ledgerentry_add")).status_code == 403
        delete = reverse("admin:labeling_ledgerentry_delete", args=[entry.pk])
        assert client.post(delete, {"post": "yes"}).status_code == 403
    assert list(LedgerEntry.objects.values_list("points", flat=True)) == [85]
