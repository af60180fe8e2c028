import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labeling.models import ConceptTest, Explanation, Image, Job, Label, Player, Round, Study
from labeling.models.job import JobKind, JobState
from labeling.services.answers import Answer, round_answer
from tests.explained import make_concept_test, make_explanation
from tests.factories import make_game, make_image, make_round, make_study
from tests.glimpse.rows import all_rows
from tests.glimpse.visitors import client_of, make_staff, make_superuser, signed_in


def addresses(image: Image) -> list[str]:
    """Every address that shows an image or tells of it."""
    regions = list(image.regions.filter(layer="blocks.0").values_list("pk", flat=True))
    return [
        reverse("play:explanation", args=[image.key]),
        reverse("play:photo", args=[image.key]),
        *(reverse("play:evidence", args=[image.key, region]) for region in regions),
        reverse("play:evidence", args=[image.key, "-".join(map(str, regions))]),
    ]


def statuses(client: Client, image: Image) -> set[int]:
    return {
        getattr(client, method)(address, headers=headers).status_code
        for address in addresses(image)
        for method in ("get", "head")
        for headers in ({}, {"HX-Request": "true"})
    }


def end(round_: Round) -> None:
    round_answer(round_=round_, answer=Answer(("tail",), None))


def test_an_image_that_is_being_guessed_is_nowhere(visit: Client, round_: Round) -> None:
    assert statuses(visit, round_.image) == {404}


def test_it_is_there_after_the_round(visit: Client, round_: Round) -> None:
    end(round_)
    assert statuses(visit, round_.image) == {200}


def test_it_is_gone_again_while_another_of_its_regions_is_guessed(visit: Client, player: Player) -> None:
    study = make_study()
    image = make_image(study, layers=1, regions=2)
    study.rounds_per_game = 1
    study.save()
    end(make_round(study, player))
    assert statuses(visit, image) == {200}
    second = make_round(study, player)
    assert second.image == image
    assert statuses(visit, image) == {404}
    end(second)
    assert statuses(visit, image) == {200}


def test_others_images_are_nowhere(visit: Client, other: Client, client: Client, round_: Round) -> None:
    end(round_)
    assert statuses(other, round_.image) == statuses(client, round_.image) == {404}
    for image in Image.objects.exclude(pk=round_.image_id):
        assert statuses(visit, image) == {404}


def test_researchers_see_their_own_studies_images(round_: Round) -> None:
    owner = make_staff()
    Study.objects.update(owner=owner)
    assert statuses(signed_in(owner), round_.image) == {200}
    assert statuses(signed_in(make_superuser()), round_.image) == {200}
    assert statuses(signed_in(make_staff("hopper")), round_.image) == {404}


@pytest.mark.parametrize("right", ["is_staff", "is_active"])
def test_an_owner_who_lost_their_rights_sees_nothing(round_: Round, right: str) -> None:
    owner = make_staff()
    Study.objects.update(owner=owner)
    visit = signed_in(owner)
    setattr(owner, right, False)
    owner.save()
    assert statuses(visit, round_.image) == {404}


def test_an_image_that_is_not_prepared_is_nowhere(db: None) -> None:
    image = make_image(make_study())
    Image.objects.update(prepared_at=None)
    assert statuses(signed_in(make_superuser()), image) == {404}


@pytest.mark.parametrize(
    "choose",
    [
        lambda own, others: f"{own[0]}-{own[0]}",
        lambda own, others: f"{own[0]}-{own[-1]}",
        lambda own, others: others[0],
        lambda own, others: f"{own[0]}-{others[0]}",
        lambda own, others: "999999999999999999",
    ],
    ids=["twice", "two layers", "another image's", "mixed", "unknown"],
)
def test_evidence_is_of_one_layer_of_the_image(
    visit: Client, round_: Round, choose: Callable[[list[int], list[int]], object]
) -> None:
    end(round_)
    own = list(round_.image.regions.values_list("pk", flat=True))
    others = list(Image.objects.exclude(pk=round_.image_id).values_list("regions__pk", flat=True))
    address = reverse("play:evidence", args=[round_.image.key, choose(own, others)])
    assert visit.get(address).status_code == 404


@pytest.mark.parametrize("regions", ["", "x", "1-", "-1", "1234567890123456789"])
def test_evidence_of_nonsense_is_nowhere(visit: Client, round_: Round, regions: str) -> None:
    end(round_)
    assert visit.get(f"/photos/{round_.image.key}/evidence/{regions}").status_code == 404


def test_it_shows_every_region_before_anybody_has_said_anything(visit: Client, round_: Round) -> None:
    end(round_)
    page = visit.get(reverse("play:explanation", args=[round_.image.key])).content.decode()
    for region in round_.image.regions.all():
        assert f"/evidence/{region.pk}?size=card" in page
    assert "No words for this photo yet" in page
    assert "1 region speaks against it" in page
    assert "Ada Photographer" in page


def test_asked_with_its_revision_it_answers_only_with_news(visit: Client, round_: Round) -> None:
    end(round_)
    address = reverse("play:explanation", args=[round_.image.key])

    def ask(revision: int) -> tuple[int, str]:
        response = visit.get(address, {"shown": revision}, headers={"HX-Request": "true"})
        return response.status_code, response.content.decode()

    assert ask(0) == (204, "")
    explain(round_)
    status, part = ask(0)
    assert status == 200
    assert "<html" not in part
    assert "red beak" in part
    assert "Revision 1 · 4 labels by 2 people" in part
    assert ask(1) == (204, "")


def test_a_merged_region_has_one_picture_of_all_its_parts(visit: Client, round_: Round) -> None:
    end(round_)
    explain(round_)
    regions = round_.image.regions.filter(layer="blocks.0", sign="supports").values_list("pk", flat=True)
    address = reverse("play:evidence", args=[round_.image.key, "-".join(map(str, regions))])
    page = visit.get(reverse("play:explanation", args=[round_.image.key])).content.decode()
    assert f"{address}?size=card" in page
    assert visit.get(address).content != visit.get(addresses(round_.image)[2]).content


def test_gets_change_nothing(visit: Client, round_: Round) -> None:
    end(round_)
    before = all_rows()
    statuses(visit, round_.image)
    assert all_rows() == before


def test_a_second_browser_of_the_player_sees_the_same(round_: Round, player: Player) -> None:
    end(round_)
    make_game(round_.game.study, player)
    assert statuses(client_of(player), round_.image) == {200}


def test_what_is_being_measured_is_said_and_comes_by_itself(visit: Client, round_: Round) -> None:
    end(round_)
    image, address = round_.image, reverse("play:explanation", args=[round_.image.key])
    image.regions.update(effect=None)
    job = Job.objects.create(study=image.study, kind=JobKind.MEASURES, subject=image.pk)
    page = visit.get(address).content.decode()
    assert "what happens without each region is being measured" in page
    assert "?shown=0&amp;measuring=1" in page
    assert ">drop " not in page
    shown, by_htmx = {"shown": 0, "measuring": 1}, {"HX-Request": "true"}
    assert visit.get(address, shown, headers=by_htmx).status_code == 204
    image.regions.update(effect=1.25)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    part = visit.get(address, shown, headers=by_htmx).content.decode()
    assert "drop 1.3" in part
    assert "is being measured" not in part


def test_it_says_which_class_is_explained(visit: Client, round_: Round) -> None:
    end(round_)
    address = reverse("play:explanation", args=[round_.image.key])
    assert "is the answer of efficientnet_lite0." in visit.get(address).content.decode()
    Image.objects.filter(pk=round_.image_id).update(
        predicted_class=7, predicted_name="petra", probability=0.61, explained_probability=0.05
    )
    page = visit.get(address).content.decode()
    assert f'<h1>{round_.image.explained_name} <span class="evidence-text">5 %</span></h1>' in page
    assert "The answer of efficientnet_lite0 is: petra, 61&nbsp;% sure." in page


def explain(round_: Round) -> None:
    regions = list(
        round_.image.regions.filter(layer="blocks.0", sign="supports").values_list("pk", flat=True)
    )
    label = {"group": 0, "name": "red beak", "score": 1.0, "players": 2, "examples": ["red beak"]}
    region = {"region_ids": regions, "weight": 0.9, "sign": "supports", "labels": [label]}
    Explanation.objects.create(
        image=round_.image,
        revision=1,
        result={"layers": [{"layer": "blocks.0", "regions": [region]}]},
        manifest={"labels": 4, "players": 2},
    )


WORDS = {
    "blocks.0": [(3, "red", 3), (7, "dots", 1)],
    "blocks.1": [(7, "dots", 2)],
    "blocks.2": [(3, "red", 2)],
}


@pytest.fixture
def deep(player: Player) -> Image:
    """An image of three layers that the player has seen, the only one of its study, not yet explained."""
    study = make_study(rounds_per_game=1, owner=make_staff())
    image = make_image(study, layers=3)
    end(make_round(study, player))
    return image


def page_of(client: Client, image: Image, **query: object) -> str:
    response = client.get(reverse("play:explanation", args=[image.key]), query)
    assert response.status_code == 200
    return response.content.decode()


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
    assert "concept test<span" not in page_of(visit, deep)
    make_concept_test(deep, "blocks.2", 3, "red", "confirmed for")
    make_concept_test(deep, "blocks.0", 3, "red", "too few examples")
    make_concept_test(deep, "blocks.1", 7, "dots", "not confirmed")
    make_concept_test(deep, "blocks.0", 8, "red", "confirmed against")
    page = page_of(visit, deep)
    regions = page.split('<section class="layer">')[1:]
    chips = [re.findall(r'<span class="verdict-chip.*?">(.*?)<', layer) for layer in regions]
    assert chips == [["✓ concept test"], ["not confirmed"], ["too few examples"]]
    assert "concept test: speaks against" not in page, "another group of the same name"


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
    assert "· 3 people" in page
    assert " simulated" not in page
    make_explanation(deep, WORDS, revision=2, manifest={"players": 4, "simulated": 3})
    page = page_of(visit, deep)
    assert "by 4 players, 3 of them simulated" in page
    assert "· 3 real or simulated" in page
    make_explanation(deep, WORDS, revision=3, manifest={"players": 4, "simulated": 4})
    page = page_of(visit, deep)
    assert "by 4 simulated players" in page
    assert "· 3 simulated" in page
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
    assert "Labels in Italian stand apart from the others" in page_of(visit, deep)
    make_explanation(deep, WORDS, revision=2, manifest={"sentence_languages": ["en", "it"]})
    assert "stand apart" not in page_of(visit, deep)


def test_what_people_typed_is_shown_as_text(visit: Client, deep: Image) -> None:
    make_explanation(deep, {"blocks.2": [(0, '"><script>alert(1)</script>', 1)]})
    page = page_of(visit, deep)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_earlier_revision_is_shown_as_it_was(visit: Client, deep: Image) -> None:
    make_explanation(deep, {"blocks.2": [(3, "rouge", 1)]})
    make_explanation(deep, WORDS, revision=2)
    page = page_of(visit, deep, revision=1)
    assert "rouge" in page
    assert "dots" not in page
    assert "Revision 1" in page
    assert "hx-get" not in page, "nothing newer takes its place"
    assert 'href="?revision=1&amp;with=2"' in page
    assert "max_distance" in page
    assert "minilm" in page
    assert "hx-get" in page_of(visit, deep)


@pytest.mark.parametrize(
    "query", ["revision=3", "revision=0", "revision=x", "revision=", "with=9", "with=-1"]
)
def test_a_revision_that_is_not_there_is_nowhere(visit: Client, deep: Image, query: str) -> None:
    make_explanation(deep, WORDS)
    address = reverse("play:explanation", args=[deep.key])
    assert visit.get(f"{address}?{query}").status_code == 404


def test_two_revisions_are_compared(visit: Client, deep: Image) -> None:
    make_explanation(deep, WORDS)
    newer = {"blocks.0": [(7, "dots", 4), (9, "plumes", 1)], "blocks.1": [(7, "dots", 2)]}
    make_explanation(deep, newer, revision=2, manifest={"settings": {"max_distance": 0.6}})
    for query in ({"revision": 2, "with": 1}, {"revision": 1, "with": 2}, {"with": 1}):
        page = page_of(visit, deep, **query)
        rows = re.findall(r'<tr class="(\w+)">\s*<th scope="row">([^<]+)</th>', page)
        assert rows == [
            ("went", "red"),
            ("same", "dots"),
            ("came", "plumes"),
            ("went", "red"),
            ("changed", "dots"),
        ], query
        assert '<th scope="row">settings.max_distance</th><td>0.55</td><td>0.6</td>' in page


def test_pictures_of_regions_that_were_replaced_are_not_shown(visit: Client, deep: Image) -> None:
    make_explanation(deep, WORDS)
    regions = list(deep.regions.values_list("pk", flat=True))
    Study.objects.filter(pk=deep.study_id).update(revision=2)
    page = page_of(visit, deep)
    assert "red" in page
    assert "/evidence/" not in page
    assert visit.get(reverse("play:evidence", args=[deep.key, regions[0]])).status_code == 404


def test_only_researchers_are_offered_links(visit: Client, deep: Image) -> None:
    make_explanation(deep, WORDS)
    Study.objects.update(shareable=True)
    assert reverse("play:share", args=[deep.study.slug]) not in page_of(visit, deep)
    owner = deep.study.owner
    assert owner is not None
    assert reverse("play:share", args=[deep.study.slug]) in page_of(signed_in(owner), deep)


def test_it_takes_few_statements_however_much_there_is(visit: Client, player: Player) -> None:
    counts = []
    for layers, regions in ((2, 1), (9, 5)):
        study = make_study(rounds_per_game=1)
        image = make_image(study, layers=layers, regions=regions)
        end(make_round(study, player))
        for revision in range(1, layers):
            words = {f"blocks.{n}": [(n, f"thing {n}", 2), (50 + n, f"part {n}", 1)] for n in range(layers)}
            make_explanation(image, words, revision=revision)
        make_concept_test(image, "blocks.0", 0, "thing 0", "confirmed for")
        page_of(visit, image)
        with CaptureQueriesContext(connection) as queries:
            page_of(visit, image)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 13, [query["sql"] for query in queries]
