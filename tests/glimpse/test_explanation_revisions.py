"""Earlier explanations of a photograph: shown as they were, compared; and what all of this costs."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labeling.models import Image, Player, Study
from tests.explained import make_concept_test, make_explanation
from tests.factories import make_image, make_round, make_study
from tests.glimpse.explained_pages import WORDS, end, page_of
from tests.glimpse.visitors import signed_in


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
        assert re.findall(r"(\d+)(?: labels?)? (came|went|changed)<?", page)[:3] == [
            ("1", "came"), ("2", "went"), ("1", "changed")
        ]  # fmt: skip
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
    assert counts[0] == counts[1] <= 11, [query["sql"] for query in queries]
