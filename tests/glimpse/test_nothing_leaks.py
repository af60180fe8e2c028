"""Every byte that a player receives before a round ends: none of it tells what the picture is."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import PIL.Image
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from numpy.typing import NDArray

from analysis.regions.archive import unpack_map
from analysis.regions.reveals import REVEAL_SHARES, reveal_mask
from glimpse.play.pictures import STAGE_SIDE
from labeling.models import Explanation, Image, Label, LabelGroup, Round, Study
from labeling.services.options import options_draw
from tests.factories import make_image, make_player, make_round, make_study
from tests.glimpse.visitors import client_of

MACROBLOCK = 16  # WebP codes squares of this side, so light may spill this far
HTMX = {"HX-Request": "true"}


@pytest.fixture
def image(db: None) -> Image:
    """The only image of its study: described by others, its true class and the network's answer differ."""
    study = make_study(rounds_per_game=1)
    image = make_image(study, true_class=1, predicted_class=11, layers=1, regions=1)
    image.probability, image.source = 0.7312, "https://source.example/4711"
    image.save()
    _store_photo(image, _photo())
    other = make_round(study, make_player(study, nickname="Odd Quokka"))
    Label.objects.create(round=other, region=other.region, raw="Scarlet Feathers", text="scarlet feather")
    LabelGroup.objects.create(study=study, explained_class=11, name="crimson plume", members=[])
    Explanation.objects.create(image=image, revision=1, result={"layers": []}, manifest={})
    return image


def test_nothing_that_a_player_receives_names_the_picture(client: Client, image: Image) -> None:
    everything = b"\n".join(_received(client, image.study)).lower()
    assert b"a part of a photograph on black" in everything
    assert image.photo.name
    assert image.maps.name
    for secret in (
        image.name, image.name.removesuffix(".jpg"), image.author, image.licence, image.sha256, image.key,
        image.photo.name, image.maps.name, image.source, "0.7312", "73 %", "scarlet", "feather", "crimson",
        "Quokka", "blocks.0", "from the camera", "secret comment",
    ):  # fmt: skip
        assert secret.lower().encode() not in everything, secret


def test_pages_are_the_same_whatever_the_answer_is(client: Client, image: Image) -> None:
    list(_pages(client, image.study))  # so that the player is known to both of the runs that are compared
    before = list(_pages(client, image.study))
    round_ = Round.objects.exclude(player__nickname="Odd Quokka").get()
    truth, prediction = [index for index, _ in round_.options if index not in {1, 11}][:2]
    Image.objects.update(
        true_class=truth, class_name="x", predicted_class=prediction, predicted_name="y", probability=0.01,
        name="other.jpg", author="Nobody", licence="none", source="", key="0" * 22, notes=["z"],
    )  # fmt: skip
    Label.objects.update(raw="nothing", text="nothing")
    Explanation.objects.all().delete()
    image.regions.update(weight=0.1, effect=None, area=0.9)
    assert list(_pages(client, image.study)) == before


def test_the_answer_is_one_of_ten_options_and_looks_like_the_others(client: Client, image: Image) -> None:
    page = list(_pages(client, image.study))[-1].decode()
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
        places[options_draw(image).index(1)] += 1
    assert set(places) == set(range(10))
    assert max(places.values()) < 80


def test_every_player_is_offered_the_same(image: Image) -> None:
    rounds = [make_round(image.study, make_player(image.study, nickname=name)) for name in ("A B", "C D")]
    pages = [client_of(round_.player).get(reverse("play:round", args=[round_.key])) for round_ in rounds]
    first, second = (_options(page) for page in pages)
    assert first == second


@pytest.mark.parametrize("level", range(len(REVEAL_SHARES)))
def test_a_glimpse_is_black_outside_and_carries_no_metadata(image: Image, level: int) -> None:
    data = _glimpse(image, level)
    assert data[8:16] == b"WEBPVP8 "  # the form of WebP that has no place for metadata
    with PIL.Image.open(BytesIO(data)) as picture:
        pixels = np.asarray(picture.convert("RGB")).max(axis=2)
    near = _near(_mask(image, level))
    assert pixels[near].max() > 150
    assert pixels[~near].max() <= 2
    assert (pixels > 60).mean() < 1.5 * REVEAL_SHARES[level]


@pytest.mark.parametrize("level", [0, 5])
def test_a_glimpse_is_the_same_bytes_whatever_the_rest_of_the_photo_is(image: Image, level: int) -> None:
    before = _glimpse(image, level)
    pixels = _photo()
    pixels[_mask(image, level) == 0] = 0
    _store_photo(image, pixels)
    assert _glimpse(image, level) == before
    pixels[_mask(image, level) == 1] = 0
    _store_photo(image, pixels)
    assert _glimpse(image, level) != before


def test_photos_and_evidence_carry_no_metadata_either(image: Image) -> None:
    round_ = make_round(image.study, make_player(image.study))
    Round.objects.filter(pk=round_.pk).update(state="answered")
    for name, args in (("photo", [image.key]), ("evidence", [image.key, round_.region_id])):
        data = client_of(round_.player).get(reverse(f"play:{name}", args=args)).content
        assert data[8:16] == b"WEBPVP8 "


def _received(client: Client, study: Study) -> Iterator[bytes]:
    """Status lines, headers, cookies and bodies from the front page to the last step of a round."""
    for response in _responses(client, study):
        yield repr(sorted(response.headers.items())).encode()
        yield response.content
    yield repr(client.cookies).encode()


def _pages(client: Client, study: Study) -> Iterator[bytes]:
    """The pages and parts among them, without the tokens that differ each time."""
    for response in _responses(client, study):
        if response.headers.get("Content-Type", "").startswith("text/html"):
            yield re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


def _responses(client: Client, study: Study) -> Iterator[HttpResponse]:
    for name in ("home", "consent", "progress"):
        yield _get(client, reverse(f"play:{name}", args=[] if name == "home" else [study.slug]))
    started = client.post(reverse("play:agree", args=[study.slug]), {"version": 1})
    yield _checked(started)
    round_address = started.headers["Location"]
    Round.objects.filter(key=round_address.split("/")[2]).update(level=0)
    yield _get(client, round_address)
    for level in range(len(REVEAL_SHARES)):
        if level:
            yield _checked(client.post(f"{round_address}more", {"to_level": level}, headers=HTMX))
        yield _get(client, f"{round_address}glimpse/{level}")
    game = Round.objects.get(key=round_address.split("/")[2]).game
    yield _get(client, reverse("play:waiting", args=[game.key]))
    yield _get(client, reverse("play:summary", args=[game.key]))
    yield _checked(client.post(reverse("play:next", args=[game.key])))
    yield _checked(client.post(f"{round_address}answer", {"labels": "see www.owl.org", "guess": "none"}))
    yield _get(client, round_address)


def _get(client: Client, address: str) -> HttpResponse:
    return _checked(client.get(address))


def _checked(response: object) -> HttpResponse:
    assert isinstance(response, HttpResponse)
    assert response.status_code in {200, 302, 422}
    return response


def _options(response: object) -> list[str]:
    assert isinstance(response, HttpResponse)
    return re.findall(r'name="guess" value="(\w+)"', response.content.decode())


def _glimpse(image: Image, level: int) -> bytes:
    player = make_player(image.study)
    round_ = make_round(image.study, player)
    Round.objects.filter(pk=round_.pk).update(level=level)
    return _get(client_of(player), reverse("play:glimpse", args=[round_.key, level])).content


def _mask(image: Image, level: int) -> NDArray[np.uint8]:
    """How visible each pixel is: 0 outside, 1 where anything shines through."""
    with image.maps.open("rb") as file:
        region_map = unpack_map(bytes(file.read()), "blocks.0", 0)
    return (np.rint(reveal_mask(region_map, level, STAGE_SIDE) * 255) > 0).astype(np.uint8)


def _near(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The macroblocks that hold visible pixels, and their neighbours."""
    blocks = STAGE_SIDE // MACROBLOCK
    lit = mask.reshape(blocks, MACROBLOCK, blocks, MACROBLOCK).max(axis=(1, 3))
    padded = np.pad(lit, 1)
    spread = np.max([np.roll(padded, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)], axis=0)
    return np.asarray(np.kron(spread[1:-1, 1:-1], np.ones((MACROBLOCK, MACROBLOCK))) > 0)


def _photo() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(120, 256, (STAGE_SIDE, STAGE_SIDE, 3), dtype=np.uint8)


def _store_photo(image: Image, pixels: NDArray[np.uint8]) -> None:
    """Without loss and with a camera's metadata, although a worker would have taken that away."""
    exif = PIL.Image.Exif()
    exif[0x010E] = "from the camera"
    with image.photo.open("wb") as file:
        PIL.Image.fromarray(pixels).save(file, "TIFF", exif=exif, icc_profile=b"secret profile " * 20)
    Image.objects.filter(pk=image.pk).update(crop=[0, 0, STAGE_SIDE, STAGE_SIDE])
