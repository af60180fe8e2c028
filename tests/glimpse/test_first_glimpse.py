"""The glimpse that the front page gives away."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Image, Player, Round, Study
from labeling.models.game import SkipReason
from labeling.models.study import StudyState
from labeling.services.answers import round_skip
from labeling.services.rounds import round_next
from labeling.services.showcase import showcase_begin, showcase_end
from tests.factories import make_game, make_image
from tests.glimpse.rows import all_rows

HTMX = {"HX-Request": "true"}


@pytest.fixture
def image(study: Study) -> Image:
    image = make_image(study, true_class=7, predicted_class=7)
    assert showcase_begin(images=Image.objects.filter(pk=image.pk)) == 1
    image.refresh_from_db()
    return image


def statuses(client: Client, image: Image) -> set[int]:
    found = {client.get(address).status_code for address in addresses(image)}
    guess = reverse("play:showcase-guess", args=[image.key])
    return found | {client.post(guess, {"guess": 7}).status_code}


def addresses(image: Image) -> Iterator[str]:
    for level in range(6):
        yield reverse("play:showcase-glimpse", args=[image.key, level])
        yield f"{reverse('play:showcase-more', args=[image.key])}?level={level}"
    yield reverse("play:showcase-photo", args=[image.key])
    yield reverse("play:showcase-evidence", args=[image.key])


def guess(client: Client, image: Image, index: object, **headers: str) -> str:
    address = reverse("play:showcase-guess", args=[image.key])
    return client.post(address, {"guess": index}, headers=headers).content.decode()


def test_the_front_page_asks_with_four_answers(client: Client, image: Image) -> None:
    page = client.get(reverse("play:home")).content.decode()
    assert reverse("play:showcase-glimpse", args=[image.key, 0]) in page
    assert reverse("play:showcase-photo", args=[image.key]) not in page
    options = re.findall(r'name="guess" value="(\d+)">', page)
    assert len(options) == len(set(options)) == 4
    assert "7" in options


def test_every_address_of_it_is_there(client: Client, image: Image) -> None:
    assert statuses(client, image) == {200}


def test_of_other_images_there_is_none(client: Client, visit: Client, image: Image, round_: Round) -> None:
    for other in Image.objects.exclude(pk=image.pk):
        assert statuses(client, other) == statuses(visit, other) == {404}


def test_it_ends_with_the_study_and_with_being_given_away(client: Client, image: Image) -> None:
    Study.objects.update(state=StudyState.PAUSED)
    assert statuses(client, image) == {404}
    Study.objects.update(state=StudyState.OPEN)
    showcase_end(images=Image.objects.all())
    assert statuses(client, image) == {404}


def test_levels_end(client: Client, image: Image) -> None:
    more = reverse("play:showcase-more", args=[image.key])
    assert client.get(reverse("play:showcase-glimpse", args=[image.key, 6])).status_code == 404
    for level in ("6", "-1", "x", ""):
        assert client.get(f"{more}?level={level}").status_code == 404
    assert "Show more" in client.get(f"{more}?level=4").content.decode()
    assert "Show more" not in client.get(f"{more}?level=5").content.decode()


def test_a_guess_is_told_right_or_wrong(client: Client, image: Image) -> None:
    assert "Yes: petra." in guess(client, image, 7)
    for wrong in (1, "", "x"):
        page = guess(client, image, wrong)
        assert "It is: petra." in page
        assert "The network thought so too, 80&nbsp;% sure." in page


def test_htmx_gets_the_part_alone(client: Client, image: Image) -> None:
    assert "<html" in guess(client, image, 7)
    assert guess(client, image, 7, **HTMX).strip().startswith('<div id="first"')
    more = client.get(f"{reverse('play:showcase-more', args=[image.key])}?level=1", headers=HTMX)
    assert more.content.decode().strip().startswith('<div id="first"')


def test_nothing_of_it_is_stored(client: Client, image: Image) -> None:
    before = all_rows()
    client.get(reverse("play:home"))
    statuses(client, image)
    assert all_rows() == before
    assert set(client.cookies) <= {"csrftoken"}


def test_it_is_in_no_round(image: Image, study: Study, player: Player) -> None:
    study.rounds_per_game = 20
    study.save()
    game = make_game(study, player)
    while round_ := round_next(game=game):
        round_skip(round_=round_, reason=SkipReason.NOTHING)
    assert game.rounds.count() == 3
    assert not Round.objects.filter(image=image).exists()
