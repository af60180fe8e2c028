import pytest
from django.test import Client

from labeling.models import Image, Player, Round, Study
from tests.factories import make_image, make_player, make_round, make_study
from tests.glimpse.explained_pages import end
from tests.glimpse.visitors import client_of, make_staff


@pytest.fixture
def study(db: None) -> Study:
    """An open study with three prepared images of different classes."""
    study = make_study()
    for true_class in (1, 2, 3):
        make_image(study, true_class=true_class, predicted_class=true_class)
    return study


@pytest.fixture
def player(study: Study) -> Player:
    return make_player(study)


@pytest.fixture
def round_(study: Study, player: Player) -> Round:
    return make_round(study, player)


@pytest.fixture
def visit(player: Player) -> Client:
    """The player's browser."""
    return client_of(player)


@pytest.fixture
def other(study: Study) -> Client:
    """The browser of another player of the same study."""
    return client_of(make_player(study, nickname="Swift Heron"))


@pytest.fixture
def deep(player: Player) -> Image:
    """An image of three layers that the player has seen, the only one of its study, not yet explained."""
    study = make_study(rounds_per_game=1, owner=make_staff())
    image = make_image(study, layers=3)
    end(make_round(study, player))
    return image
