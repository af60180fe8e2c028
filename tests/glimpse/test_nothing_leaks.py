"""Every byte that a player receives before a round ends: none of it tells what the picture is."""

import re
from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Explanation, Image, Label, Region, Round
from labeling.models.game import SkipReason
from labeling.services.answers import round_skip
from labeling.services.options import options_draw
from tests.factories import make_player, make_round
from tests.glimpse.receiving import AHEAD, Received, cookies, received, take
from tests.glimpse.secret_images import PREDICTION, TRUTH, WITNESS, make_decoy, make_secret, secrets_of
from tests.glimpse.visitors import client_of


@pytest.fixture
def image(db: None) -> Image:
    return make_secret()


def own_round() -> Round:
    return Round.objects.exclude(player__nickname=WITNESS).get()


def test_nothing_that_a_player_receives_names_the_picture(client: Client, image: Image) -> None:
    everything = b"\n".join(map(bytes, received(client, image.study))) + cookies(client)
    everything = everything.lower()
    assert b"a part of a photograph on black" in everything
    for secret in secrets_of(image):
        assert secret not in everything, secret


def test_everything_is_the_same_whatever_the_answer_is(client: Client, image: Image) -> None:
    """Bodies, and so sizes, and headers: also of pictures, of checks while typing, of the data export."""
    before = _again(client, image)
    truth, prediction = [index for index, _ in own_round().options if index not in {TRUTH, PREDICTION}][:2]
    Image.objects.update(
        true_class=truth, class_name="x", predicted_class=prediction, predicted_name="y", probability=0.01,
        name="other.jpg", author="Nobody", licence="none", source="", key="0" * 22, notes=["z"],
        explained_class=prediction, explained_name="y", explained_probability=0.01,
    )  # fmt: skip
    Label.objects.update(raw="nothing", text="nothing")
    Explanation.objects.all().delete()
    image.regions.update(weight=0.1, effect=None, area=0.9, settled=["round eye"])
    _same(before, _again(client, image))


def test_everything_is_the_same_in_a_gold_round(client: Client, image: Image) -> None:
    before = _again(client, image)
    Round.objects.filter(pk=own_round().pk).update(gold=True, holds_place=False)
    Region.objects.filter(sign="supports").update(gold=True, settled=["scarlet feather"], agreement=1.0)
    _same(before, _again(client, image))


def _again(client: Client, image: Image) -> list[Received]:
    """Twice, so that the player is known to all of the runs that are compared."""
    list(received(client, image.study))
    return list(received(client, image.study))


def _same(before: list[Received], after: list[Received]) -> None:
    assert [one.address for one in before] == [one.address for one in after]
    for one, other in zip(before, after, strict=True):
        assert one == other, one.address


def test_the_round_that_is_fetched_ahead_tells_as_little(image: Image) -> None:
    image.study.rounds_per_game = 2
    image.study.save()
    make_decoy(image)
    first = make_round(image.study, make_player(image.study))
    image.regions.update(retired_at=None)
    round_skip(round_=first, reason=SkipReason.NOTHING)
    ahead = take(client_of(first.player), reverse("play:next", args=[first.game.key]), {}, **AHEAD)
    assert Round.objects.get(game=first.game, number=2).image == image
    assert b"A part of a photograph on black" in ahead.body
    for secret in secrets_of(image):
        assert secret not in bytes(ahead).lower(), secret


def test_the_answer_is_one_of_ten_options_and_looks_like_the_others(client: Client, image: Image) -> None:
    list(received(client, image.study))
    page = take(client, reverse("play:round", args=[own_round().key])).body.decode()
    options = re.findall(r'<label class="chip">.*?</label>', page)
    assert len(options) == 10
    bare = {re.sub(r'value="\d+"|>[^<]*</label>', "", option) for option in options}
    assert len(bare) == 1
    assert sum(">macaw</label>" in option for option in options) == 1
    assert page.count("macaw") == 1


def test_the_order_of_options_tells_nothing(image: Image) -> None:
    places: Counter[int] = Counter()
    for number in range(400):
        image.key = str(number)
        places[options_draw(image).index(TRUTH)] += 1
    assert set(places) == set(range(10))
    assert max(places.values()) < 80


def test_every_player_is_offered_the_same(image: Image) -> None:
    rounds = [make_round(image.study, make_player(image.study, nickname=name)) for name in ("A B", "C D")]
    pages = [take(client_of(round_.player), reverse("play:round", args=[round_.key])) for round_ in rounds]
    first, second = (re.findall(rb'name="guess" value="(\w+)"', page.body) for page in pages)
    assert first == second
    assert len(first) == 11
