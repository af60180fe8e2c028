import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Player
from labeling.services.nicknames import nickname_choose, nickname_reset
from labeling.services.players import ANIMALS, MANNERS
from tests.factories import make_player
from tests.glimpse.visitors import client_of

pytestmark = pytest.mark.django_db
ADDRESS = "/me/nickname"


@pytest.fixture
def player() -> Player:
    return make_player(nickname="Quiet Otter")


@pytest.fixture
def visit(player: Player) -> Client:
    return client_of(player)


def choose(client: Client, nickname: str) -> tuple[int, str]:
    response = client.post(ADDRESS, {"nickname": nickname})
    return response.status_code, response.content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Zebra Fan", "Zebra Fan"),
        ("  two   words ", "two words"),
        ("Éva 3", "Éva 3"),
        ("ＡＢＣ", "ABC"),  # noqa: RUF001 (compatible characters)
        ("Blue Tit", "Blue Tit"),
        ("Cock Robin", "Cock Robin"),
        ("a" * 24, "a" * 24),
        ("Quiet Otter", "Quiet Otter"),
    ],
)
def test_a_nickname_is_kept_as_it_looks(visit: Client, player: Player, typed: str, kept: str) -> None:
    assert choose(visit, typed)[0] == 302
    player.refresh_from_db()
    assert (player.nickname, player.named) == (kept, True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write a nickname."),
        ("   ", "Write a nickname."),
        ("ab", "3 to 24"),
        ("a" * 25, "3 to 24"),
        ("<b>bold</b>", "letters, digits and spaces"),
        ("me@example.org", "letters, digits and spaces"),
        ("a.com", "letters, digits and spaces"),
        ("o‮tter", "letters, digits and spaces"),
        ("12345", "at least one letter"),
        ("www otter com", "links"),
        ("Shitty Otter", "nobody minds"),
        ("S H I T", "nobody minds"),
        ("che merda", "nobody minds"),
    ],
)
def test_what_will_not_do_is_said(visit: Client, player: Player, typed: str, said: str) -> None:
    status, page = choose(visit, typed)
    assert status == 422
    assert said in page
    player.refresh_from_db()
    assert (player.nickname, player.named) == ("Quiet Otter", False)


@pytest.mark.parametrize("typed", ["Swift Heron", "swift HERON", "Swift  Heron"])
def test_somebody_elses_nickname_is_taken(visit: Client, player: Player, typed: str) -> None:
    make_player(nickname="Swift Heron")
    status, page = choose(visit, typed)
    assert status == 422
    assert "Somebody else" in page
    player.refresh_from_db()
    assert player.nickname == "Quiet Otter"


def test_of_two_who_choose_at_once_one_has_it(player: Player) -> None:
    other = make_player(nickname="Swift Heron")
    assert nickname_choose(player=player, nickname="Zebra Fan")
    assert not nickname_choose(player=other, nickname="zebra fan")
    other.refresh_from_db()
    assert other.nickname == "Swift Heron"


def test_the_loser_of_a_race_is_told(visit: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_player()
    assert nickname_choose(player=other, nickname="Zebra Fan")
    monkeypatch.setattr("glimpse.accounts.forms.is_taken", lambda nickname, player: False)
    status, page = choose(visit, "zebra fan")
    assert status == 422
    assert "Somebody else" in page


def test_made_up_nicknames_may_repeat() -> None:
    for _ in range(2):
        player = make_player(nickname="Quiet Otter")
        nickname_reset(player=player)
        player.refresh_from_db()
        manner, animal = player.nickname.split()
        assert manner in MANNERS
        assert animal in ANIMALS
    assert not Player.objects.filter(named=True).exists()


def test_what_is_typed_is_escaped(visit: Client) -> None:
    assert "<script>alert" not in choose(visit, "<script>alert(1)</script>")[1]


def test_nobody_changes_anothers_nickname(client: Client, player: Player) -> None:
    assert client.get(ADDRESS).status_code == 404
    assert choose(client, "Zebra Fan")[0] == 404
    choose(client_of(make_player(nickname="Swift Heron")), "Zebra Fan")
    player.refresh_from_db()
    assert player.nickname == "Quiet Otter"


def test_the_page_shows_the_old_one(visit: Client) -> None:
    response = visit.get(ADDRESS)
    assert 'value="Quiet Otter"' in response.content.decode()
    assert reverse("accounts:nickname") == ADDRESS
    assert "no-store" in response.headers["Cache-Control"]
