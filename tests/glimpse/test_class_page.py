"""Pages of classes: what they say, to whom, and which pictures they show."""

import re
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labeling.models import ClassExplanation, ConceptTest, Image, Player, Region, Round, Share, Study
from labeling.models.study import StudyState
from labeling.services.answers import Answer, round_answer
from labeling.services.players import consent_give
from tests.explained import make_concept_test
from tests.explained_classes import make_class, make_described, shortcut_of
from tests.factories import make_player, make_round, make_study
from tests.glimpse.rows import all_rows
from tests.glimpse.visitors import client_of, make_staff, make_superuser, signed_in

Asked = Mapping[str, str | int]
MACAW, HEN = 1, 2
MOST_STATEMENTS = 12
FIRST = {
    "blocks.0": [(5, "sky", 4)],
    "blocks.1": [(0, "red feathers", 4), (5, "sky", 1)],
    "blocks.2": [(0, "red feathers", 6), (1, "hooked beak", 4)],
}
SECOND = {"blocks.1": [(0, "red feathers", 3)], "blocks.2": [(0, "red feathers", 2), (1, "hooked beak", 3)]}
OTHER = {"blocks.1": [(0, "red comb", 3)], "blocks.2": [(1, "hooked beak", 3)]}


@pytest.fixture
def owner(db: None) -> User:
    return make_staff()


@pytest.fixture
def study(owner: User) -> Study:
    return make_study(owner=owner, rounds_per_game=1)


@pytest.fixture
def images(study: Study) -> list[Image]:
    """Two macaws, explained as a class."""
    images = [make_described(study, FIRST), make_described(study, SECOND)]
    make_class(images)
    return images


@pytest.fixture
def reader(owner: User) -> Client:
    return signed_in(owner)


def class_address(study: Study, index: int = MACAW) -> str:
    return reverse("play:class", args=[study.slug, index])


def index_address(study: Study) -> str:
    return reverse("play:classes", args=[study.slug])


def status(client: Client, study: Study, index: int = MACAW, asked: Asked = MappingProxyType({})) -> int:
    return client.get(class_address(study, index), asked).status_code


def text_of(client: Client, address: str, asked: Asked = MappingProxyType({})) -> str:
    """What a page says, without markup, in single spaces."""
    response = client.get(address, asked)
    assert response.status_code == 200, address
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(
        re.sub(r"<[^>]+>", "", re.sub(r"</?(td|th|li|p|h\d|div|option)\b|<a\b", r" \g<0>", main)).split()
    )


def pictures_on(client: Client, address: str) -> set[str]:
    return set(re.findall(r'<img[^>]* src="([^"?]+)', client.get(address).content.decode()))


def have_round(player: Player, image: Image, *, answered: bool = True) -> Round:
    """Of this image, whichever the game would have drawn."""
    round_ = make_round(image.study, player)
    region = image.regions.filter(index=0).first()
    Round.objects.filter(pk=round_.pk).update(image=image, region=region)
    round_ = Round.objects.get(pk=round_.pk)
    if answered:
        round_answer(round_=round_, answer=Answer(("tail",), None))
    return round_


# --- Who sees it ------------------------------------------------------------------------------------------


def test_nobody_in_particular_sees_no_class(client: Client, study: Study, images: list[Image]) -> None:
    assert status(client, study) == 404
    page = text_of(client, index_address(study))
    assert "Here you see what people said of each class" in page
    assert "macaw" not in page
    assert "red feathers" not in page


def test_a_player_sees_the_classes_of_photos_that_they_have_had(study: Study, images: list[Image]) -> None:
    make_class([make_described(study, OTHER, index=HEN)])
    player = make_player(study)
    browser = client_of(player)
    assert status(browser, study) == status(browser, study, HEN) == 404
    have_round(player, images[0])
    assert status(browser, study) == 200
    assert status(browser, study, HEN) == 404
    page = text_of(browser, index_address(study))
    assert "macaw" in page
    assert "hen" not in page.split()


def test_while_a_round_is_open_there_are_no_classes(study: Study, images: list[Image]) -> None:
    player = make_player(study)
    have_round(player, images[0])
    round_ = have_round(player, images[1], answered=False)
    browser = client_of(player)
    assert status(browser, study) == 404
    page = text_of(browser, index_address(study))
    assert "You are in the middle of a game" in page
    assert "red feathers" not in page
    round_answer(round_=round_, answer=Answer(("tail",), None))
    assert status(browser, study) == 200


def test_an_open_round_of_another_study_takes_nothing_away(study: Study, images: list[Image]) -> None:
    player = make_player(study)
    have_round(player, images[0])
    elsewhere = make_described(make_study(), {})
    consent_give(player=player, study=elsewhere.study, version=elsewhere.study.consent_version)
    have_round(player, elsewhere, answered=False)
    assert status(client_of(player), study) == 200


def test_a_player_sees_pictures_of_their_own_photos_alone(study: Study, images: list[Image]) -> None:
    player = make_player(study)
    have_round(player, images[1])
    browser = client_of(player)
    page = browser.get(class_address(study)).content.decode()
    assert images[1].key in page
    assert images[0].key not in page
    assert "1 photo that you have not met" in page
    for picture in pictures_on(browser, class_address(study)):
        assert browser.get(picture).status_code == 200, picture
    assert images[0].key not in browser.get(index_address(study)).content.decode()


def test_researchers_see_their_own_studies_classes(study: Study, images: list[Image], reader: Client) -> None:
    other = signed_in(make_staff("hopper"))
    assert status(reader, study) == status(signed_in(make_superuser()), study) == 200
    assert status(other, study) == 404
    assert "macaw" not in text_of(other, index_address(study))
    Study.objects.update(state=StudyState.DRAFT)
    assert status(reader, study) == reader.get(index_address(study)).status_code == 200
    assert other.get(index_address(study)).status_code == 404


def test_another_studys_class_is_another_one(study: Study, images: list[Image], reader: Client) -> None:
    twin = make_study(owner=study.owner)
    assert status(reader, twin) == 404
    assert status(reader, study, 7) == status(reader, study, 10**7) == 404
    assert reader.get(reverse("play:class", args=["nothing", MACAW])).status_code == 404


def test_all_pictures_of_the_owners_page_are_there(study: Study, images: list[Image], reader: Client) -> None:
    found = pictures_on(reader, class_address(study))
    ids = set(Region.objects.filter(image__in=images, index=0).values_list("pk", flat=True))
    shown = {int(one.rsplit("/", 1)[1]) for one in found}
    assert shown == ids - {images[1].regions.get(layer="blocks.0", index=0).pk}, "nobody named that one"
    assert {reader.get(one).status_code for one in found} == {200}
    assert all(
        f"/photos/{image.key}/?region=" in reader.get(class_address(study)).content.decode()
        for image in images
    )


def test_regions_of_an_older_revision_have_no_pictures(
    study: Study, images: list[Image], reader: Client
) -> None:
    Study.objects.update(revision=2)
    assert pictures_on(reader, class_address(study)) == set()
    assert "red feathers" in text_of(reader, class_address(study))


def test_a_photo_that_is_taken_back_is_not_shown(study: Study, images: list[Image], reader: Client) -> None:
    Image.objects.filter(pk=images[0].pk).update(prepared_at=None)
    assert images[0].key not in reader.get(class_address(study)).content.decode()


# --- What it says -----------------------------------------------------------------------------------------


def test_the_headline_says_it_in_one_sentence(study: Study, images: list[Image], reader: Client) -> None:
    ClassExplanation.objects.all().delete()
    make_class(images, shortcuts=[shortcut_of(images, 5, "sky")])
    make_concept_test(images[0], "blocks.2", 0, "red feathers", "confirmed for")
    page = text_of(reader, class_address(study))
    assert (
        "macaw sky in the shallowest layer; red feathers ✓ confirmed by a concept test from layer 2 on; "
        "hooked beak in the deepest layer; possible shortcut: sky." in page
    )
    assert "What efficientnet_lite0 goes by in 2 photos, in people’s words · by 4 people" in page


def test_each_label_of_the_headline_has_a_picture(study: Study, images: list[Image], reader: Client) -> None:
    """Of the layer where it scores most, of photos that differ where they can."""
    page = reader.get(class_address(study)).content.decode()
    found = re.findall(
        r'src="/photos/([^/]+)/evidence/(\d+)', page.split('class="portraits"')[1].split("</ul>")[0]
    )
    first, second = images
    assert found == [
        (first.key, str(first.regions.get(layer="blocks.0", index=0).pk)),  # sky: only there
        (second.key, str(second.regions.get(layer="blocks.2", index=0).pk)),  # red feathers: 8 there, 7 above
        (first.key, str(first.regions.get(layer="blocks.2", index=0).pk)),  # hooked beak: both are taken
    ]


def test_the_matrix_has_the_sums_of_scores(study: Study, images: list[Image], reader: Client) -> None:
    page = reader.get(class_address(study)).content.decode()
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th>(.*?)</tr>', page.split('class="matrix"')[1], re.S)
    cells = {
        name: re.findall(r'class="number">([\d.]+)<|visually-hidden">(–)<', row) for name, row in rows[:3]
    }
    assert {name: [number or gap for number, gap in found] for name, found in cells.items()} == {
        # 4 + 3 players in the middle layer, 6 + 2 in the deepest
        "red feathers": ["–", "7.0", "8.0"],
        # second in its regions, where scores are divided by 1.25: 4 and 3 players
        "hooked beak": ["–", "–", "5.6"],
        # the middle layer has it too, but not as the best of a region
        "sky": ["4.0", "–", "–"],
    }
    assert "red feathers: score 8.0, weight 45 %, in 100 % of the photos" in page
    assert page.count('href="#for-3-0"') == 1
    assert page.count('id="for-3-0"') == 1


def test_trends_come_with_slope_and_interval(study: Study, images: list[Image], reader: Client) -> None:
    page = text_of(reader, class_address(study))
    # Means of red feathers over two photos: 0, 3.5, 4; the least-squares slope over 0, 0.5, 1 is 4.
    assert re.search(r"Steepest rising red feathers \+4\.00 -?\d+\.\d\d to \d+\.\d\d", page), page
    assert re.search(r"Steepest falling sky -2\.00", page), page
    assert re.search(r"red feathers 4\.00 \S+ to \S+ 0\.00 3\.50 4\.00", page), page


def test_a_class_of_one_photo_has_no_trend(study: Study, reader: Client) -> None:
    make_class([make_described(study, OTHER, index=HEN)])
    page = text_of(reader, class_address(study, HEN))
    assert "A trend needs at least two photos." in page
    assert "The ring around it" not in page


def test_shortcuts_show_their_evidence(study: Study, images: list[Image], reader: Client) -> None:
    by_words = shortcut_of(images[:1], 1, "hooked beak", by_place=False)
    ClassExplanation.objects.all().delete()
    make_class(images, shortcuts=[shortcut_of(images, 5, "sky"), by_words])
    page = text_of(reader, class_address(study))
    assert "85 % of what its regions show lies outside the object, where 31 % would by chance" in page
    assert "in 2 of 2 photos. It leads regions with 12 % of all that speaks for the class." in page
    assert "85 % outside" in page
    assert "hooked beak A weak hint: nothing like it is among the words that people agree on" in page
    assert "possible shortcut: sky." in page


def test_weak_hints_beyond_the_second_are_folded(study: Study, images: list[Image], reader: Client) -> None:
    ClassExplanation.objects.all().delete()
    hints = [shortcut_of(images[:1], group, f"hint {group}", by_place=False) for group in range(10, 14)]
    make_class(images, shortcuts=[*hints, shortcut_of(images, 5, "sky")])
    page = reader.get(class_address(study)).content.decode()
    shown, folded = page.split('id="shortcuts"')[1].split('id="hints"')
    assert re.findall(r"<h3>([^<]+)</h3>", shown) == ["sky", "hint 10", "hint 11"]
    assert re.findall(r"<h3>(hint[^<]+)</h3>", folded) == ["hint 12", "hint 13"]
    assert "2 more weak hints" in folded


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("confirmed for", "✓ confirmed"),
        ("confirmed against", "✗ speaks against it"),
        ("not confirmed", "not confirmed"),
    ],
)
def test_concept_tests_stand_in_a_table(
    study: Study, images: list[Image], reader: Client, verdict: str, said: str
) -> None:
    make_concept_test(images[0], "blocks.2", 0, "red feathers", verdict)
    page = text_of(reader, class_address(study))
    numbers = "0.88 0.75 to 1.00 0.50 0.0160 0.91 12 in 6 photos"
    assert f"red feathers 3 blocks.2 {said} {numbers}" in page


def test_a_test_of_too_few_has_no_numbers(study: Study, images: list[Image], reader: Client) -> None:
    test = make_concept_test(images[0], "blocks.2", 0, "red feathers", "too few examples")
    nothing = dict.fromkeys(("score", "low", "high", "random_score", "corrected_p", "accuracy"))
    ConceptTest.objects.filter(pk=test.pk).update(result=[{**test.result[0], **nothing}])
    page = text_of(reader, class_address(study))
    assert "No label has enough examples to be tested yet." in page
    assert "1 label with too few examples Label Layer regions red feathers 3 blocks.2 12 in 6 photos" in page


def test_confirmed_labels_come_first(study: Study, images: list[Image], reader: Client) -> None:
    make_concept_test(images[0], "blocks.0", 5, "a sky", "not confirmed")
    make_concept_test(images[0], "blocks.2", 1, "hooked beak", "confirmed for")
    table = text_of(reader, class_address(study)).split("Concept tests")[1]
    assert table.index("hooked beak") < table.index("a sky")


@pytest.mark.parametrize(
    ("simulated", "said"),
    [(0, "by 4 people"), (1, "by 4 players, 1 of them simulated"), (4, "by 4 simulated players")],
)
def test_simulated_players_are_said_to_be(
    study: Study, images: list[Image], reader: Client, simulated: int, said: str
) -> None:
    ClassExplanation.objects.update(manifest={"players": 4, "simulated": simulated})
    assert said in text_of(reader, class_address(study))


def test_what_people_typed_cannot_harm(study: Study, reader: Client) -> None:
    hostile = '<script>alert("x")</script>'
    image = make_described(study, {"blocks.2": [(0, hostile, 3)]})
    make_class([image], shortcuts=[shortcut_of([image], 0, hostile)])
    make_concept_test(image, "blocks.2", 0, hostile, "confirmed for")
    for address in (class_address(study), index_address(study)):
        page = reader.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(&quot;x&quot;)" in page


def test_a_class_without_words(study: Study, reader: Client) -> None:
    make_class([make_described(study, {})])
    page = text_of(reader, class_address(study))
    assert "Nobody has found words for it yet." in page
    assert page.count("No words for this layer yet.") == 3


def test_older_revisions_stay(study: Study, images: list[Image], reader: Client) -> None:
    make_class(images[:1], revision=2)
    assert "goes by in 1 photo," in text_of(reader, class_address(study))
    assert "goes by in 2 photos," in text_of(reader, class_address(study), asked={"revision": 1})
    for asked in ("3", "0", "-1", "one", "", "9" * 30):
        assert status(reader, study, asked={"revision": asked}) == 404, asked


# --- Beside another class ---------------------------------------------------------------------------------


@pytest.fixture
def hen(study: Study) -> ClassExplanation:
    return make_class([make_described(study, OTHER, index=HEN)])


def test_two_classes_beside_each_other(
    study: Study, images: list[Image], hen: ClassExplanation, reader: Client
) -> None:
    page = text_of(reader, class_address(study), asked={"with": HEN})
    rather, both, other = (page.index(title) for title in ("Rather macaw", "Both", "Rather hen"))
    assert rather < page.index("red feathers", rather) < both
    assert both < page.index("hooked beak", both) < other
    assert other < page.index("red comb", other)
    # Of the hen's 3 + 3 points a half each.
    assert "50 %" in page[other:]


@pytest.mark.parametrize("asked", ["1", "7", "x", "", "-2"])
def test_nothing_stands_beside_what_is_not_there(
    study: Study, images: list[Image], hen: ClassExplanation, reader: Client, asked: str
) -> None:
    assert status(reader, study, asked={"with": asked}) == 404


def test_a_player_compares_only_what_they_may_see(
    study: Study, images: list[Image], hen: ClassExplanation
) -> None:
    player = make_player(study)
    have_round(player, images[0])
    browser = client_of(player)
    assert status(browser, study, asked={"with": HEN}) == 404
    assert "hen" not in text_of(browser, class_address(study)).split()
    have_round(player, Image.objects.get(explained_class=HEN))
    assert status(browser, study, asked={"with": HEN}) == 200


# --- The list, links, cost --------------------------------------------------------------------------------


def test_the_list_says_what_each_class_is_known_by(
    study: Study, images: list[Image], hen: ClassExplanation, reader: Client
) -> None:
    page = text_of(reader, index_address(study))
    assert page.index("hen") < page.index("macaw")
    macaw = page[page.index("macaw") :]
    assert "red feathers from layer 2 on" in macaw
    assert "2 photos" in macaw


NO_ALPHA = {"alpha": None, "low": None, "high": None, "reason": "too few regions"}


def test_how_far_people_agree(study: Study, images: list[Image], reader: Client) -> None:
    assert "How far people agree" not in text_of(reader, index_address(study))
    deep = {"alpha": 0.7, "low": None, "high": None}
    layers = [{"layer": "blocks.0", **NO_ALPHA}, {"layer": "blocks.2", **deep}]
    whole = {"alpha": 0.512, "low": 0.43, "high": 0.6}
    Study.objects.update(reliability={"study": whole, "layers": layers})
    page = text_of(reader, index_address(study))
    assert "0.51 (0.43 to 0.60): moderate agreement." in page
    assert "3 blocks.2 0.70 – substantial agreement" in page
    assert "blocks.0" not in page, "a layer without an alpha"


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("nobody to compare", "No two people have described the same region yet."),
        ("too few regions", "Only one region has been described by two people"),
        ("nothing differs", "Everybody says the same everywhere"),
    ],
)
def test_why_no_agreement_is_known(
    study: Study, images: list[Image], reader: Client, reason: str, said: str
) -> None:
    Study.objects.update(reliability={"study": {**NO_ALPHA, "reason": reason}, "layers": []})
    assert said in text_of(reader, index_address(study))


def test_many_classes_come_in_pages(study: Study, reader: Client) -> None:
    study.network.class_names = [f"bird {number:03}" for number in range(60)]
    study.network.save()
    image = make_described(study, FIRST)
    first = make_class([image])
    ClassExplanation.objects.bulk_create(
        ClassExplanation(study=study, explained_class=index, revision=1, result=first.result, manifest={})
        for index in range(60)
        if index != MACAW
    )
    one, two = (text_of(reader, index_address(study), asked={"page": page}) for page in (1, 2))
    names = [f"bird {number:03}" for number in range(60)]
    assert [name for name in names if name in one] == names[:48]
    assert [name for name in names if name in two] == names[48:]
    assert "bird 000" in text_of(reader, index_address(study), asked={"page": "nonsense"})


def test_pages_lead_to_each_other(study: Study, images: list[Image], reader: Client) -> None:
    study_page = reader.get(reverse("play:study", args=[study.slug])).content.decode()
    explanation = reader.get(reverse("play:explanation", args=[images[0].key])).content.decode()
    listed = reader.get(index_address(study)).content.decode()
    page = reader.get(class_address(study)).content.decode()
    assert index_address(study) in study_page
    assert f'"{class_address(study)}"' in listed
    assert f'"{class_address(study)}"' in explanation
    assert index_address(study) in page
    assert reverse("play:study", args=[study.slug]) in page


def test_a_reader_of_a_link_finds_no_way_into_the_study(
    study: Study, images: list[Image], client: Client
) -> None:
    Study.objects.update(shareable=True)
    share = Share.objects.create(study=study, explained_class=MACAW, revision=1)
    address = reverse("play:shared", args=[share.key])
    page = client.get(address).content.decode()
    assert "red feathers" in page
    assert not [image.key for image in images if image.key in page]
    assert f"/studies/{study.slug}/" not in page
    found = pictures_on(client, address)
    assert len(found) == 5
    assert {one.startswith(address) for one in found} == {True}
    assert {client.get(one).status_code for one in found} == {200}


def test_nothing_is_written(study: Study, images: list[Image], hen: ClassExplanation, reader: Client) -> None:
    before = all_rows()
    for address in (class_address(study), f"{class_address(study)}?with={HEN}", index_address(study)):
        reader.get(address)
        assert reader.post(address).status_code == 405
    assert all_rows() == before


@pytest.mark.parametrize("asked", [{}, {"with": HEN}])
def test_statements_do_not_grow_with_what_is_shown(
    study: Study, images: list[Image], hen: ClassExplanation, owner: User, asked: Asked
) -> None:
    few = statements(signed_in(owner), class_address(study), asked)
    wide = [
        make_described(
            study,
            {f"blocks.{n}": [(10 * n + k, f"word {n} {k}", 9 - k) for k in range(5)] for n in range(9)},
            layers=9,
        )
        for _ in range(4)
    ]
    make_class(wide, revision=2, shortcuts=[shortcut_of(wide, 0, "word 0 0")])
    make_concept_test(wide[0], "blocks.2", 0, "word 0 0", "confirmed for")
    many = statements(signed_in(owner), class_address(study), asked)
    assert many == few <= MOST_STATEMENTS + 4 * bool(asked)


def test_statements_of_the_list_do_not_grow_with_classes(
    study: Study, images: list[Image], reader: Client
) -> None:
    few = statements(reader, index_address(study), {})
    for index in (3, 4, 5):
        make_class([make_described(study, OTHER, index=index)])
    assert statements(reader, index_address(study), {}) == few <= MOST_STATEMENTS


def statements(client: Client, address: str, asked: Asked) -> int:
    client.get(address, asked)  # what is kept between requests is there
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, asked).status_code == 200
    return len(queries)
