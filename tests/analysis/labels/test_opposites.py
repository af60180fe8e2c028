"""Groups whose members speak against each other are parted."""

import random

import pytest

from analysis.labels.languages import languages
from analysis.labels.lemma_key import lemma_key
from analysis.labels.opposites import opposed, parted


def parts(counts: dict[str, int]) -> list[list[str]]:
    return [
        [phrase for phrase, _, _ in part]
        for part in parted([(p, n, lemma_key(p)) for p, n in counts.items()])
    ]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # Most people first, then the alphabet; who names no colour stays with the most.
        (
            {"green": 1, "dark green": 2, "brown": 3, "colourful": 1},
            [["brown", "colourful"], ["dark green", "green"]],
        ),
        ({"black": 1, "white": 1, "black and white": 1}, [["black"], ["black and white"], ["white"]]),
        # Black is common to all who name a colour.
        ({"black": 1, "black and white": 1, "stripes": 1}, [["black", "black and white", "stripes"]]),
        ({"left wing": 1, "right wings": 2, "wing": 1}, [["right wings", "wing"], ["left wing"]]),
        ({"ala sinistra": 1, "ala destra": 1}, [["ala destra"], ["ala sinistra"]]),
        ({"nero": 1, "black": 1}, [["black", "nero"]]),
        ({"nero": 1, "white": 1}, [["nero"], ["white"]]),
        # Colour first, then size within red.
        ({"big red": 1, "small red": 1, "small green": 1}, [["big red"], ["small red"], ["small green"]]),
        (
            {"tail": 1, "long tail": 1, "no tail": 5, "without a tail": 1},
            [["long tail", "tail"], ["no tail", "without a tail"]],
        ),
        ({"bald": 1, "no hair": 1}, [["bald", "no hair"]]),
        ({"no tail": 1, "without tails": 1}, [["no tail", "without tails"]]),
        ({"stripes": 1}, [["stripes"]]),
    ],
)
def test_parts_by_hand(counts: dict[str, int], expected: list[list[str]]) -> None:
    assert parts(counts) == expected
    shuffled = list(counts.items())
    random.Random(0).shuffle(shuffled)
    assert parts(dict(shuffled)) == expected


@pytest.mark.parametrize(
    ("one", "other", "against"),
    [
        ("left ear", "right ear", True),
        ("left ear", "ear", False),
        ("black", "black and white", False),
        ("hard shell", "a soft shell", True),
        ("a hard task", "easy", True),
        ("light", "heavy", True),
        ("light", "dark", True),
        ("no tail", "tail", True),
        ("no tail", "bald", False),
        ("never green", "not brown", True),
        ("coda", "senza coda", True),
        ("orecchio destro", "left ear", True),
    ],
)
def test_opposed(one: str, other: str, against: bool) -> None:
    assert opposed(lemma_key(one), lemma_key(other)) is against
    assert opposed(lemma_key(other), lemma_key(one)) is against


def test_members_of_parts_speak_against_nothing_in_them() -> None:
    words = ["black", "white", "big", "small", "no", "tail", "left", "right"]
    rng = random.Random(1)
    for _ in range(200):
        phrases = {" ".join(rng.sample(words, rng.randint(1, 3))) for _ in range(6)}
        found = parts(dict.fromkeys(phrases, 1))
        assert sorted(phrase for part in found for phrase in part) == sorted(phrases)
        for part in found:
            keys = [lemma_key(phrase) for phrase in part]
            assert not any("tail" in key and "no" in key for key in keys) or all(
                "no" in key for key in keys if "tail" in key
            )


def test_fields_and_meanings_have_one_name_in_all_languages() -> None:
    english, *others = (
        {field: set(own) for field, own in language.opposites.items()} for language in languages()
    )
    assert all(len(meanings) > 1 for meanings in english.values())
    assert all(other == english for other in others)


def test_a_hostile_crowd_of_colours_takes_no_square_of_its_size() -> None:
    colours = [f"{a} {b} {number}" for number in range(200) for a, b in [("red", "blue"), ("green", "pink")]]
    assert len(parts(dict.fromkeys(colours, 1))) == 2
