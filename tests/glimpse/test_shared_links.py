"""Links by which anybody reads one revision, and nothing else."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labeling.models import Explanation, Image, Share, Study
from labeling.models.image import unguessable_key
from labeling.services.sharing import NotShareableError, share_image
from tests.explained import make_explanation
from tests.factories import make_image, make_player, make_study
from tests.glimpse.rows import all_rows
from tests.glimpse.visitors import client_of, make_staff, make_superuser, signed_in

WORDS = {"blocks.0": [(0, "red beak", 3)], "blocks.1": [(0, "red beak", 2), (1, "long tail", 1)]}


@pytest.fixture
def owner(db: None) -> User:
    return make_staff()


@pytest.fixture
def image(owner: User) -> Image:
    study = make_study(owner=owner)
    study.shareable = True
    study.save()
    image = make_image(study)
    make_explanation(image, WORDS)
    return image


@pytest.fixture
def share(image: Image, owner: User) -> Share:
    return share_image(image=image, revision=1, by=owner)


def address(share: Share) -> str:
    return reverse("play:shared", args=[share.key])


def pictures_of(share: Share) -> list[str]:
    assert share.image is not None
    regions = share.image.regions.values_list("pk", flat=True)
    return [
        reverse("play:shared-photo", args=[share.key]),
        *(reverse("play:shared-evidence", args=[share.key, region]) for region in regions),
    ]


def make(client: Client, image: Image, revision: object = 1) -> int:
    data = {"image": image.key, "revision": revision, "back": reverse("play:explanation", args=[image.key])}
    return client.post(reverse("play:share", args=[image.study.slug]), data).status_code


def revoke(client: Client, share: Share) -> int:
    return client.post(reverse("play:unshare", args=[share.study.slug]), {"key": share.key}).status_code


def test_anybody_reads_it_and_sees_its_pictures(client: Client, share: Share) -> None:
    page = client.get(address(share))
    assert page.status_code == 200
    text = page.content.decode()
    for said in ("red beak", "long tail", "Revision 1", share.study.title):
        assert said in text
    for picture in pictures_of(share):
        response = client.get(picture)
        assert (response.status_code, response.headers["Content-Type"]) == (200, "image/webp"), picture


def test_all_its_pictures_come_through_the_link(client: Client, share: Share) -> None:
    page = client.get(address(share)).content.decode()
    found = re.findall(r'<img[^>]* src="([^"?]+)', page) + re.findall(r'data-evidence="([^"]+)"', page)
    assert len(set(found)) == 7, "the photograph, and the supporting and opposing regions of two layers"
    assert {one.startswith(address(share)) for one in found if "/static/" not in one} == {True}
    assert share.image is not None
    assert share.image.key not in page
    assert share.image.name not in page


def test_search_engines_are_told_to_leave_it_alone(client: Client, share: Share) -> None:
    for place in (address(share), *pictures_of(share)):
        assert "noindex" in client.get(place).headers["X-Robots-Tag"]
    page = client.get(address(share))
    assert '<meta name="robots" content="noindex' in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_it_stays_at_its_revision(client: Client, share: Share) -> None:
    assert share.image is not None
    make_explanation(share.image, {"blocks.0": [(4, "blue wing", 9)]}, revision=2)
    page = client.get(address(share), {"revision": 2}).content.decode()
    assert "red beak" in page
    assert "blue wing" not in page
    assert "hx-get" not in page, "nothing newer comes by itself"


def test_reading_it_writes_nothing_and_remembers_nobody(client: Client, share: Share) -> None:
    before = all_rows()
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address(share))
        for picture in pictures_of(share):
            client.get(picture)
    assert not [one["sql"] for one in queries if not one["sql"].startswith("SELECT")]
    assert all_rows() == before
    assert not client.cookies
    assert "<form" not in page.content.decode()
    assert client.post(address(share)).status_code == 405


def test_it_opens_no_other_door(client: Client, share: Share) -> None:
    """A link is to its own pictures: not to other regions of the image, other images, or pages of players."""
    image = share.image
    assert image is not None
    other = make_image(image.study)
    others = other.regions.values_list("pk", flat=True)[0]
    first, second = image.regions.filter(layer="blocks.0").values_list("pk", flat=True)[:2]
    for regions in (others, f"{first}-{others}", f"{first}-{second}", 10**17):
        assert client.get(reverse("play:shared-evidence", args=[share.key, regions])).status_code == 404
    for name in ("explanation", "photo"):
        for key in (image.key, share.key):
            assert client.get(reverse(f"play:{name}", args=[key])).status_code == 404
    for name in ("shared", "shared-photo"):
        for key in (image.key, other.key, unguessable_key()):
            assert client.get(reverse(f"play:{name}", args=[key])).status_code == 404


def test_a_revoked_link_is_dead_for_good(client: Client, share: Share, owner: User) -> None:
    assert revoke(signed_in(owner), share) == 302
    assert {client.get(place).status_code for place in (address(share), *pictures_of(share))} == {404}
    share.refresh_from_db()
    first = share.revoked_at
    assert revoke(signed_in(owner), share) == 302
    share.refresh_from_db()
    assert share.revoked_at == first is not None
    again = share_image(image=Image.objects.select_related("study").get(), revision=1, by=owner)
    assert again.key != share.key


def test_a_study_that_forbids_links_kills_them(client: Client, share: Share, owner: User) -> None:
    Study.objects.update(shareable=False)
    assert {client.get(place).status_code for place in (address(share), *pictures_of(share))} == {404}
    assert share.image is not None
    assert make(signed_in(owner), share.image) == 404
    page = signed_in(owner).get(reverse("play:explanation", args=[share.image.key])).content.decode()
    assert "does not allow links" in page
    with pytest.raises(NotShareableError):
        share_image(image=Image.objects.select_related("study").get(), revision=1, by=owner)


def test_what_was_made_anew_under_the_same_number_is_not_what_was_shared(
    client: Client, share: Share
) -> None:
    assert share.image is not None
    Explanation.objects.all().delete()
    places = (address(share), *pictures_of(share))
    assert {client.get(place).status_code for place in places} == {404}
    make_explanation(share.image, {"blocks.0": [(4, "blue wing", 9)]})
    assert {client.get(place).status_code for place in places} == {404}


def test_an_image_that_is_not_prepared_any_more_is_nowhere(client: Client, share: Share) -> None:
    Image.objects.update(prepared_at=None)
    assert {client.get(place).status_code for place in (address(share), *pictures_of(share))} == {404}


def test_the_owner_makes_one_from_the_page(image: Image, owner: User) -> None:
    visit = signed_in(owner)
    page = visit.get(reverse("play:explanation", args=[image.key])).content.decode()
    assert reverse("play:share", args=[image.study.slug]) in page
    assert make(visit, image) == make(visit, image) == 302
    share = Share.objects.get()
    assert (share.image, share.revision, share.created_by) == (image, 1, owner)
    assert len(share.key) == 22, "128 bits"
    page = visit.get(reverse("play:explanation", args=[image.key])).content.decode()
    assert address(share) in page
    assert "whoever reads it knows these pictures" in page, "the study is open"


@pytest.mark.parametrize("revision", ["0", "2", "x", "", "-1", "99999999999999999999"])
def test_only_a_revision_that_there_is_can_be_shared(image: Image, owner: User, revision: str) -> None:
    assert make(signed_in(owner), image, revision) == 404
    assert not Share.objects.exists()


def test_nobody_else_makes_or_revokes_one(client: Client, share: Share) -> None:
    image = share.image
    assert image is not None
    strangers = {
        "nobody": client,
        "player": client_of(make_player(image.study)),
        "researcher": signed_in(make_staff("hopper")),
        "account": signed_in(User.objects.create_user("ada")),
    }
    before = all_rows()
    for name, visit in strangers.items():
        assert make(visit, image) == revoke(visit, share) == 404, name
    assert all_rows() == before
    assert make(signed_in(make_superuser()), image) == 302


def test_a_form_from_another_site_makes_none(image: Image, owner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    data = {"image": image.key, "revision": 1}
    assert strict.post(reverse("play:share", args=[image.study.slug]), data).status_code == 403
    assert strict.get(reverse("play:share", args=[image.study.slug])).status_code == 405
    assert not Share.objects.exists()


def test_an_owner_makes_none_of_another_studys_image(image: Image, owner: User) -> None:
    other = make_image(make_study(owner=make_staff("hopper")))
    data = {"image": other.key, "revision": 1}
    response = signed_in(owner).post(reverse("play:share", args=[image.study.slug]), data)
    assert response.status_code == 404


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_it_leads_back_to_no_other_site(image: Image, owner: User, back: str) -> None:
    data = {"image": image.key, "revision": 1, "back": back}
    response = signed_in(owner).post(reverse("play:share", args=[image.study.slug]), data)
    assert response.headers["Location"] == "/"
