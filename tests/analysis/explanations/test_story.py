"""One image's story, by hand."""

from analysis.explanations.export import local_record
from analysis.explanations.records import LocalExplanation
from analysis.explanations.story import label_paths, story
from tests.analysis.explanations.classes import image, region

ZEBRA = image(
    1,
    {
        "shallow": [region(1, 0.9, {1: 2.0, 2: 1.0})],
        "middle": [],
        "deep": [
            region(3, 0.2, {4: 9.0}),
            region(2, 0.7, {2: 3.0}),
            region(4, 0.8, {}),
            region(5, 1.0, {5: 1.0}, sign="opposes"),
        ],
    },
).explanation


def test_chapters() -> None:
    assert isinstance(ZEBRA, LocalExplanation)
    shallow, middle, deep = story(ZEBRA)
    assert [chapter.depth for chapter in (shallow, middle, deep)] == [0, 0.5, 1]
    assert shallow.leading is not None
    assert (shallow.leading.name, shallow.leading.region_ids, shallow.leading.weight) == (
        "stripes",
        (1,),
        0.9,
    )
    assert (shallow.appear, shallow.persist, shallow.vanish) == ((1, 2), (), ())
    assert (middle.leading, middle.appear, middle.vanish) == (None, (), ()), "nobody said anything of it yet"
    assert deep.leading is not None
    assert (deep.leading.name, deep.leading.score) == ("legs", 3.0), "of the heaviest region that has words"
    assert (deep.appear, deep.persist, deep.vanish) == ((4,), (2,), (1,))


def test_paths_go_from_shallow_to_deep() -> None:
    paths = {
        path.name: [(s.layer, s.region_ids, s.weight, s.score) for s in path.steps]
        for path in label_paths(ZEBRA)
    }
    assert paths == {
        "legs": [("shallow", (1,), 0.9, 1.0), ("deep", (2,), 0.7, 3.0)],
        "mane": [("deep", (3,), 0.2, 9.0)],
        "stripes": [("shallow", (1,), 0.9, 2.0)],
    }


def test_opposing_regions_have_a_story_of_their_own() -> None:
    assert [path.name for path in label_paths(ZEBRA, "opposes")] == ["sky"]
    assert [chapter.leading is None for chapter in story(ZEBRA, "opposes")] == [True, True, False]


def test_a_plain_record_tells_the_same() -> None:
    assert isinstance(ZEBRA, LocalExplanation)
    record = local_record(ZEBRA)
    assert story(record) == story(ZEBRA)
    assert label_paths(record) == label_paths(ZEBRA)


def test_nothing_said_is_no_story() -> None:
    assert story(LocalExplanation(())) == ()
    assert label_paths(LocalExplanation(())) == ()
