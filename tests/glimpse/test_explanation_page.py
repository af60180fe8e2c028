from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Explanation, Image, Job, Player, Round, Study
from labeling.models.job import JobKind, JobState
from tests.factories import make_game, make_image, make_round, make_study
from tests.glimpse.explained_pages import end
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
