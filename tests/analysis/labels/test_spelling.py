import pytest

from analysis.labels.spelling import suggestion


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("whel", "en", "wheel"),  # and not the more frequent "when"
        ("fluffly", "en", "fluffy"),
        ("long wiskers", "en", "long whiskers"),
        ("striscie nere", "it", "strisce nere"),
        ("orechio", "it", "orecchio"),
    ],
)
def test_it_suggests_what_people_describe_things_with(typed: str, language: str, meant: str) -> None:
    assert suggestion(typed, language) == meant


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("round eye", "en"),
        ("occhio rotondo", "en"),  # right in another language
        ("whiskers", "it"),
        ("xqzvw", "en"),  # nothing is near
        ("eyee", "de"),  # no dictionary
        ("teh", "en"),  # too short to tell
        ("", "en"),
        ("a" * 60, "en"),
        ("wh33l", "en"),
    ],
)
def test_it_leaves_alone(typed: str, language: str) -> None:
    assert suggestion(typed, language) is None


def test_names_that_are_known_are_right() -> None:
    assert suggestion("stupas", "en") is not None
    assert suggestion("stupas", "en", known=["stupa"]) is None
