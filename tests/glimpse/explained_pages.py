"""Steps of the tests of a photograph's explanation."""

from django.test import Client
from django.urls import reverse

from labeling.models import Image, Round
from labeling.services.answers import Answer, round_answer

WORDS = {
    "blocks.0": [(3, "red", 3), (7, "dots", 1)],
    "blocks.1": [(7, "dots", 2)],
    "blocks.2": [(3, "red", 2)],
}
"""See `tests.explained.Words`."""


def end(round_: Round) -> None:
    round_answer(round_=round_, answer=Answer(("tail",), None))


def page_of(client: Client, image: Image, **query: int | str) -> str:
    response = client.get(reverse("play:explanation", args=[image.key]), query)
    assert response.status_code == 200
    return response.content.decode()
