import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from labeling.models import Image, LabelGroup, Network
from tests.factories import make_player
from tests.glimpse.rows import all_rows
from tests.glimpse.studies_with_rows import change, changelist, make_rows
from tests.glimpse.visitors import client_of, make_staff, make_superuser, signed_in

KINDS = range(11)
WORDS = [
    *("Study", "secret-name", "blocks.0", "Quiet Otter", "red beak", "beak", "secret-name", "repetition"),
    *("secret-name", "a right guess", "Broken."),
]


@pytest.fixture
def owner(db: None) -> User:
    return make_staff()


@pytest.fixture
def rows(owner: User) -> list[Model]:
    return make_rows(owner)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_superuser", [False, True])
def test_every_page_opens(owner: User, rows: list[Model], kind: int, is_superuser: bool) -> None:
    client = signed_in(make_superuser() if is_superuser else owner)
    before = all_rows()
    for address in (changelist(rows[kind]), change(rows[kind])):
        response = client.get(address)
        assert response.status_code == client.head(address).status_code == 200
        assert WORDS[kind] in response.content.decode()
    assert all_rows() == before


def test_the_front_page_and_the_forms_open(owner: User, rows: list[Model]) -> None:
    for client in (signed_in(owner), signed_in(make_superuser())):
        for name in ("index", "labeling_study_add", "labeling_network_add", "labeling_network_changelist"):
            assert client.get(reverse(f"admin:{name}")).status_code == 200


def test_searching_and_filtering_find_what_is_there(owner: User, rows: list[Model]) -> None:
    client, image = signed_in(owner), rows[1]
    found = client.get(changelist(image), {"q": "secret-name"}).content.decode()
    assert change(image) in found
    assert change(image) not in client.get(changelist(image), {"q": "nothing-like-it"}).content.decode()
    assert client.get(changelist(rows[3]), {"state__exact": "answered"}).status_code == 200


def test_the_pictures_on_the_pages_are_there(owner: User, rows: list[Model]) -> None:
    client, image = signed_in(owner), rows[1]
    assert isinstance(image, Image)
    for address in (
        reverse("play:photo", args=[image.key]),
        reverse("play:explanation", args=[image.key]),
        reverse("admin:labeling_region_evidence", args=[rows[2].pk]),
    ):
        pages = b"".join(client.get(page(row)).content for row in rows[1:3] for page in (changelist, change))
        assert address in pages.decode()
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_strangers_and_players_are_sent_to_sign_in(client: Client, rows: list[Model], kind: int) -> None:
    guest = signed_in(User.objects.create_user("visitor"))
    for visitor in (client, guest, client_of(make_player())):
        for address in (changelist(rows[kind]), change(rows[kind])):
            response = visitor.get(address)
            assert response.status_code == 302
            assert response.headers["Location"].startswith(reverse("admin:login"))


@pytest.mark.parametrize("kind", range(1, 8))
def test_what_the_product_writes_nobody_edits(rows: list[Model], kind: int) -> None:
    client, row = signed_in(make_superuser()), rows[kind]
    before = all_rows()
    if not isinstance(row, Image):  # of which somebody may say where the object is
        assert client.post(change(row), {}).status_code == 403
    assert client.get(f"{changelist(row)}add/").status_code == 403
    if not isinstance(row, Image):
        assert client.post(f"{changelist(row)}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert all_rows() == before


@pytest.mark.parametrize("kind", [0, 1])
def test_a_superuser_deletes_a_study_or_an_image_with_all_that_is_its(
    owner: User, rows: list[Model], kind: int
) -> None:
    address = f"{changelist(rows[kind])}{rows[kind].pk}/delete/"
    assert signed_in(owner).post(address, {"post": "yes"}).status_code == 403
    client = signed_in(make_superuser())
    assert client.get(address).status_code == 200
    assert client.post(address, {"post": "yes"}).status_code == 302
    gone = rows[:7] if kind == 0 else [row for row in rows[1:7] if not isinstance(row, LabelGroup)]
    assert not any(type(row)._default_manager.filter(pk=row.pk).exists() for row in gone)


def test_what_people_typed_is_escaped(owner: User, rows: list[Model]) -> None:
    label = rows[4]
    type(label)._default_manager.update(raw="<script>alert(1)</script>")
    page = signed_in(owner).get(changelist(label)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_networks_page_opens(owner: User, rows: list[Model]) -> None:
    network = Network.objects.get()
    for client in (signed_in(owner), signed_in(make_superuser())):
        response = client.get(reverse("admin:labeling_network_change", args=[network.pk]))
        assert response.status_code == 200
