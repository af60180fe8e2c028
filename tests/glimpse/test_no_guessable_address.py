"""What a picture is cannot be fetched by any address while its round is open, whoever asks."""

from collections.abc import Iterator
from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from labeling.models import Image, Round
from labeling.models.game import SkipReason
from labeling.services.answers import round_skip
from tests.factories import make_player, make_round
from tests.glimpse.secret_images import make_decoy, make_secret, secrets_of
from tests.glimpse.visitors import client_of

PICTURE = "image/webp"
FOLDERS = ("", "media/", "static/", "static/../media/", "static/..%2fmedia/", "%2e%2e/media/", "var/media/")


@pytest.fixture
def round_(db: None) -> Round:
    """Open, of an image that everybody must guess."""
    image = make_secret()
    return make_round(image.study, make_player(image.study))


@pytest.fixture
def visitors(round_: Round, client: Client) -> dict[str, Client]:
    stranger = make_player(round_.game.study, nickname="Swift Heron")
    return {"player": client_of(round_.player), "stranger": client_of(stranger), "nobody": client}


def addresses(round_: Round) -> Iterator[str]:
    """Every address of the site with every key that there is, also where it does not belong."""
    image = round_.image
    keys = (round_.key, round_.game.key, image.key, round_.game.study.slug, image.pk, image.sha256)
    regions = list(image.regions.values_list("pk", flat=True))
    numbers = (0, 1, 5, 6, *regions, "-".join(map(str, regions)))
    for pattern in get_resolver("glimpse.play.urls").url_patterns:
        assert isinstance(pattern, URLPattern)
        for args in ((), *product(keys), *product(keys, numbers)):
            try:
                yield reverse(f"play:{pattern.name}", args=args)
            except NoReverseMatch:
                continue


def test_no_address_of_the_site_gives_it_away(round_: Round, visitors: dict[str, Client]) -> None:
    secrets = [secret for secret in secrets_of(round_.image) if secret != round_.image.key.lower().encode()]
    glimpse = reverse("play:glimpse", args=[round_.key, 0])
    asked = sorted(set(addresses(round_)))
    assert len(asked) > 100
    assert reverse("play:photo", args=[round_.image.key]) in asked
    pictures = set()
    for address, (who, visitor) in product(asked, visitors.items()):
        response = visitor.get(address)
        if response.headers.get("Content-Type") == PICTURE:
            pictures.add((who, address))
        elif response.status_code == 200:
            said = response.content.lower()
            assert not [secret for secret in secrets if secret in said], address
    assert pictures == {("player", glimpse)}


def test_no_file_is_served_as_it_is(round_: Round, visitors: dict[str, Client]) -> None:
    files = (round_.image.photo.name, round_.image.maps.name, round_.image.name, "photo.jpg")
    for visitor, file, folder in product(visitors.values(), files, FOLDERS):
        assert visitor.get(f"/{folder}{file}").status_code == 404, (folder, file)


def test_evidence_is_of_the_image_that_was_seen(round_: Round) -> None:
    """The id of a region can be guessed: under another image's key it is not there."""
    unseen, seen = round_.image, make_decoy(round_.image)
    player = make_player(seen.study, nickname="Swift Heron")
    round_skip(round_=make_round(seen.study, player), reason=SkipReason.NOTHING)
    visitor = client_of(player)
    own, others = (image.regions.get(index=0).pk for image in (seen, unseen))
    for regions, status in ((own, 200), (others, 404), (f"{own}-{others}", 404)):
        assert visitor.get(reverse("play:evidence", args=[seen.key, regions])).status_code == status


def test_levels_that_were_not_reached_are_not_there(round_: Round, visitors: dict[str, Client]) -> None:
    Round.objects.filter(pk=round_.pk).update(level=2)
    found = [
        [visitor.get(reverse("play:glimpse", args=[round_.key, level])).status_code for level in range(7)]
        for visitor in visitors.values()
    ]
    assert found == [[200, 200, 200, 404, 404, 404, 404], [404] * 7, [404] * 7]


def test_researchers_pages_ask_who_it_is(round_: Round, visitors: dict[str, Client]) -> None:
    for visitor, name in product(visitors.values(), ("study", "image", "region", "round", "label")):
        listed = reverse(f"admin:labeling_{name}_changelist")
        for address in (listed, f"{listed}{round_.image_id}/change/", reverse("admin:index")):
            response = visitor.get(address)
            assert response.status_code == 302
            assert response.headers["Location"].startswith("/admin/login/")


def test_nothing_is_told_of_images_by_their_keys(visitors: dict[str, Client], round_: Round) -> None:
    """The page of an image that is there and of one that is not are the same."""
    for visitor, name in product(visitors.values(), ("explanation", "photo", "showcase-photo")):
        there = visitor.get(reverse(f"play:{name}", args=[Image.objects.get().key]))
        nowhere = visitor.get(reverse(f"play:{name}", args=["0" * 22]))
        assert there.status_code == nowhere.status_code == 404
        assert len(there.content) == len(nowhere.content)
