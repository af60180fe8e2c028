"""What the page of a photograph says: layers, labels through them, who said what, and what was tested."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from labeling.models import ConceptTest, Image, Label, Player, RegionReliability, Round, Study
from labeling.models.game import RoundState
from labeling.selectors.reliability import Agreement
from labeling.selectors.typed import MOST_TYPED, Given, Typed, TypedOfRegion, typed_of
from tests.explained import Words, make_concept_test, make_explanation
from tests.factories import make_game, make_player, make_study
from tests.glimpse.explained_pages import WORDS, page_of


def test_the_strip_leads_from_deep_to_shallow(visit: Client, deep: Image) -> None:
    make_explanation(deep, WORDS)
    strip = page_of(visit, deep).split('<ol class="strip" data-regions>')[1].split("</ol>")[0]
    assert re.findall(r"<strong data-name>(.*?)</strong>", strip) == ["red", "dots", "red"]
    assert re.findall(r'data-groups="(.*?)"', strip) == ["3", "7", "3 7"]
    heaviest = deep.regions.filter(index=0).order_by("-depth").values_list("pk", flat=True)
    assert re.findall(r"/evidence/(\d+)\?size=card", strip) == list(map(str, heaviest))
    assert re.findall(r'<meter [^>]*value="(\d+)"', strip) == ["45"] * 3


def test_a_layer_without_words_stays_in_the_strip(visit: Client, deep: Image) -> None:
    make_explanation(deep, {"blocks.1": [(7, "dots", 2)]})
    strip = page_of(visit, deep).split('<ol class="strip" data-regions>')[1].split("</ol>")[0]
    assert strip.count('class="strip-layer') == 3
    assert strip.count("no words yet") == 2


def test_the_story_is_told_from_edges_to_objects(visit: Client, deep: Image) -> None:
    make_explanation(deep, WORDS)
    told = page_of(visit, deep).split('<ol class="story"')[1].split("</ol>")[0]
    assert re.findall(r'<span class="soft">(.*?)</span> <strong>(.*?)</strong>', told) == [
        ("patterns", "red"),
        ("parts", "dots"),
        ("parts, objects", "red"),
    ]


def test_a_label_is_followed_through_the_layers(visit: Client, deep: Image) -> None:
    make_explanation(deep, WORDS)
    page = page_of(visit, deep)
    assert page.count('<a class="chip mine"') == 1
    assert 'id="follow-3" href="?label=3" data-label="3" aria-current="true">red <span' in page
    assert re.findall(r'<figure class="path" data-path="(\d+)"(.*?)>', page) == [("3", ""), ("7", " hidden")]
    assert "Weight of “red” in each layer, deep to shallow: 45 %, –, 45 %" in page
    assert "Weight of “dots” in each layer, deep to shallow: –, 45 %, 45 %" in page
    assert page.count('class="hollow"') == 1, "dots come second in the shallow layer"
    assert re.findall(r'<li class="strip-layer( lit)?"', page) == [" lit", "", " lit"]
    other = page_of(visit, deep, label=7)
    assert re.findall(r'<figure class="path" data-path="(\d+)"(.*?)>', other) == [("3", " hidden"), ("7", "")]
    assert re.findall(r'<li class="strip-layer( lit)?"', other) == ["", " lit", " lit"]


@pytest.mark.parametrize("label", ["", "99", "x", "-3", "9" * 40, "²"])
def test_an_unknown_label_is_as_none(visit: Client, deep: Image, label: str) -> None:
    make_explanation(deep, WORDS)
    assert '<figure class="path" data-path="3">' in page_of(visit, deep, label=label)


def test_a_region_can_be_chosen_by_its_address(visit: Client, deep: Image) -> None:
    make_explanation(deep, WORDS)
    region = deep.regions.get(layer="blocks.1", index=1)
    large = reverse("play:evidence", args=[deep.key, region.pk])
    assert f'class="evidence" src="{large}"' in page_of(visit, deep, region=region.pk)
    for nonsense in ("", "x", "999", f"{region.pk}-999"):
        assert 'class="evidence" src' not in page_of(visit, deep, region=nonsense)


def test_a_concept_test_stands_beside_its_label_in_its_layer(visit: Client, deep: Image) -> None:
    make_explanation(deep, WORDS)
    assert "verdict-chip" not in page_of(visit, deep)
    make_concept_test(deep, "blocks.2", 3, "red", "confirmed for")
    make_concept_test(deep, "blocks.0", 3, "red", "too few examples")
    make_concept_test(deep, "blocks.1", 7, "dots", "not confirmed")
    make_concept_test(deep, "blocks.0", 8, "red", "confirmed against")
    page = page_of(visit, deep)
    regions = page.split('<section class="layer">')[1:]
    chips = [
        re.findall(r'class="verdict-chip.*?(confirmed|not confirmed|too few examples)</', layer)
        for layer in regions
    ]
    assert chips == [["confirmed"], ["not confirmed"], ["too few examples"]]
    assert "speaks against</span>" not in page, "another group of the same name"


def test_tests_of_another_class_or_study_stand_nowhere(visit: Client, deep: Image) -> None:
    make_explanation(deep, WORDS)
    for change in ({"explained_class": 9}, {"study": make_study()}):
        found = make_concept_test(deep, "blocks.2", 3, "red", "confirmed for")
        ConceptTest.objects.filter(pk=found.pk).update(**change)
        assert "verdict-chip" not in page_of(visit, deep)


def test_simulated_players_are_called_so(visit: Client, deep: Image) -> None:
    make_explanation(deep, WORDS, manifest={"players": 4, "simulated": 0})
    page = page_of(visit, deep)
    assert "by 4 people" in page
    assert '">3 people' in page
    assert " simulated" not in page
    make_explanation(deep, WORDS, revision=2, manifest={"players": 4, "simulated": 3})
    page = page_of(visit, deep)
    assert "by 4 players, 3 of them simulated" in page
    assert '">3 real or simulated' in page
    make_explanation(deep, WORDS, revision=3, manifest={"players": 4, "simulated": 4})
    page = page_of(visit, deep)
    assert "by 4 simulated players" in page
    assert '<th scope="col">Simulated players</th>' in page
    assert '">3 simulated' in page
    assert not re.search(r"\d (person|people)", page)
    assert "3 real or simulated" in page_of(visit, deep, revision=2, **{"with": 1})


def test_without_a_count_in_the_manifest_simulated_players_are_counted(visit: Client, deep: Image) -> None:
    found = make_explanation(deep, WORDS, manifest={"players": 1})
    del found.manifest["simulated"]
    found.save()
    assert "by 1 person" in page_of(visit, deep)
    Player.objects.update(simulated=True)
    assert "by 1 simulated player" in page_of(visit, deep)


def test_quotes_are_in_their_language_and_the_page_says_who_stands_apart(visit: Client, deep: Image) -> None:
    label = Label.objects.get()
    Label.objects.filter(pk=label.pk).update(raw="the red", language="it")
    make_explanation(deep, WORDS)
    assert '<q lang="it">the red</q>' in page_of(visit, deep)
    assert "stand apart" not in page_of(visit, deep), "there is one language"
    Label.objects.create(round=label.round, region=label.region, raw="the dots", text="dots", language="en")
    make_explanation(deep, WORDS, revision=2)
    assert "Labels in Italian stand apart from the others" in page_of(visit, deep)
    make_explanation(deep, WORDS, revision=3, manifest={"sentence_languages": ["en", "it"]})
    assert "stand apart" not in page_of(visit, deep)


def test_what_people_typed_is_shown_as_text(visit: Client, deep: Image) -> None:
    make_explanation(deep, {"blocks.2": [(0, '"><script>alert(1)</script>', 1)]})
    page = page_of(visit, deep)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


ALPHA = "\N{GREEK SMALL LETTER ALPHA}"


def typed_on(page: str, region: int) -> list[tuple[str, str]]:
    """What is listed as typed on a region: the text, and what follows it."""
    parts = page.split(f'id="typed-{region}"')
    if len(parts) == 1:
        return []
    return re.findall(r"<q lang=.*?>(.*?)</q>([^<]*)", parts[1].split("</details>")[0])


def say(image: Image, raw: str, *, region: int, nickname: str = "Shy Newt") -> Label:
    """One more person's label of a region."""
    game = make_game(image.study, make_player(image.study, nickname=nickname))
    round_ = Round.objects.create(
        game=game, player=game.player, image=image, region_id=region, number=1, state=RoundState.ANSWERED,
        options=[], leased_until=timezone.now(),
    )  # fmt: skip
    return Label.objects.create(round=round_, region_id=region, raw=raw, text=raw.casefold(), language="en")


def test_all_that_people_typed_is_there_though_three_labels_are_shown(visit: Client, deep: Image) -> None:
    region = deep.regions.get(layer="blocks.2", index=0).pk
    Label.objects.all().delete()
    for raw, name in (("Scarlet", "A B"), ("scarlet", "C D"), ("Scarlet", "E F"), ("the red", "G H")):
        say(deep, raw, region=region, nickname=name)
    Label.objects.filter(pk=say(deep, "rude", region=region, nickname="I J").pk).update(quarantined=True)
    make_explanation(deep, WORDS)
    say(deep, "later", region=region, nickname="K L")
    assert typed_on(page_of(visit, deep), region) == [("Scarlet", "&nbsp;×&nbsp;3, "), ("the red", "")]
    make_explanation(deep, WORDS, revision=2)
    assert ("later", ", ") in typed_on(page_of(visit, deep), region)
    assert ("later", ", ") not in typed_on(page_of(visit, deep, revision=1), region)


def test_a_region_that_quotes_all_lists_nothing_twice(visit: Client, deep: Image) -> None:
    region = deep.regions.get(layer="blocks.2", index=0).pk
    Label.objects.all().delete()
    say(deep, "the red", region=region)
    make_explanation(deep, WORDS)
    assert typed_on(page_of(visit, deep), region) == []


def test_who_said_it_of_two_regions_shown_as_one_is_one_person() -> None:
    once = [Given("red", "red", "en", 1), Given("dot", "dot", "en", 1)]
    again = [Given("red", "Red", "it", 1), Given("red", "Red", "it", 2)]
    shown = typed_of({4: once, 5: again}, [4, 5, 6])
    assert shown == TypedOfRegion([Typed("Red", "it", 2), Typed("dot", "en", 1)], more=0)
    many = {1: [Given(f"w{n:03}", f"w{n:03}", "en", n) for n in range(MOST_TYPED + 7)]}
    assert (len(typed_of(many, [1]).labels), typed_of(many, [1]).more) == (MOST_TYPED, 7)


@pytest.mark.parametrize(
    ("alpha", "words"),
    [
        (-0.3, "less than by chance"),
        (0.0, "less than by chance"),
        (0.2, "slight agreement"),
        (0.21, "fair agreement"),
        (0.6, "moderate agreement"),
        (0.61, "substantial agreement"),
        (1.0, "almost perfect agreement"),
    ],
)
def test_agreement_in_words(alpha: float, words: str) -> None:
    with override("en"):
        assert str(Agreement(alpha, None, None).words) == words


def test_how_far_people_agree_is_said_with_its_interval(visit: Client, deep: Image) -> None:
    make_explanation(deep, WORDS)
    assert ALPHA not in page_of(visit, deep)
    first, second = deep.regions.filter(index=0).order_by("-depth").values_list("pk", flat=True)[:2]
    nothing = {"alpha": None, "low": None, "high": None}
    Study.objects.filter(pk=deep.study_id).update(
        reliability={
            "study": {"alpha": 0.4, "low": 0.3, "high": 0.5},
            "layers": [
                {"layer": "blocks.2", "alpha": 0.523, "low": 0.41, "high": 0.634},
                {"layer": "blocks.1", **nothing},
            ],
        }
    )
    of_regions = {str(first): {"alpha": 0.9, "low": None, "high": None}, str(second): nothing}
    RegionReliability.objects.create(study=deep.study, result=of_regions)
    page = page_of(visit, deep)
    assert re.findall(r'(\w+ agreement) <span class="alpha">(.*?)</span>', page) == [
        ("moderate agreement", f"{ALPHA} 0.52 (0.41 to 0.63)"),
        ("perfect agreement", f"{ALPHA} 0.90"),
    ]
    assert ALPHA not in page_of(visit, deep, revision=1), "alpha is of today"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({}, None),
        ({"blocks.1": [(7, "dots", 2)]}, "The network goes by <strong>dots</strong>."),
        (WORDS, "The network goes by <strong>dots</strong> and <strong>red</strong>."),
        (
            {"blocks.0": [(1, "edges", 1)], "blocks.1": [(2, "dots", 2)], "blocks.2": [(3, "beak", 3)]},
            "The network goes by <strong>beak</strong> and <strong>dots</strong>. "
            "Early layers answer to <strong>edges</strong>.",
        ),
    ],
    ids=["nobody spoke", "one layer", "early as deep", "three"],
)
def test_one_sentence_says_it_all(visit: Client, deep: Image, words: Words, said: str | None) -> None:
    make_explanation(deep, words)
    found = re.findall(r'<p class="lead headline">(.*?)</p>', page_of(visit, deep))
    assert [re.sub("</?span.*?>", "", one) for one in found] == ([] if said is None else [said])


def test_labels_of_people_without_trust_lead_nothing(visit: Client, deep: Image) -> None:
    found = make_explanation(deep, {"blocks.2": [(3, "rubbish", 1)], "blocks.0": [(4, "dots", 1)]})
    found.result["layers"][0]["regions"][0]["labels"][0]["score"] = 0.0
    found.save()
    page = page_of(visit, deep)
    assert "The network goes by <strong>dots</strong>" in page
    assert "rubbish" not in page
