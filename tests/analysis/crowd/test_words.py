import numpy as np
import pytest

from analysis.crowd.adverts import is_advert
from analysis.crowd.dictionary import is_word, meant, words_of
from analysis.crowd.gibberish import is_unknown
from analysis.crowd.profanity import is_profane
from analysis.crowd.words import vocabulary_of


@pytest.mark.parametrize(
    "text", ["cock", "an ass", "tit", "great tits", "beaver", "a fat hump", "rump", "screw"]
)
def test_animals_and_descriptions_are_innocent(text: str) -> None:
    assert not is_profane(text)


@pytest.mark.parametrize(
    "text",
    ["fuck", "a FUCKING bird", "sh1t", "sh*t", "f u c k", "shitty.", "what the fuck!", "cazzo", "Vaffanculo",
     "porca miseria che", "blow job"],
)  # fmt: skip
def test_swearing_is_found_in_both_languages(text: str) -> None:
    assert is_profane(text)


def test_class_names_are_exempt_in_all_inflections() -> None:
    assert is_profane("dick")
    known = words_of(["Dick’s bird"])
    assert known == {"dick's", "bird"}
    assert not is_profane("dicks", words_of(["dick"]))
    assert is_profane("dicks and shit", words_of(["dick"]))


@pytest.mark.parametrize("text", ["hooves", "zampe", "black-tipped", "4x4", "stripes", "strpes", "l'occhio"])
def test_words_are_known(text: str) -> None:
    assert is_word(text, ())


@pytest.mark.parametrize("text", ["kjhdsf", "asdfgh", "qwezx", "zx"])
def test_mashed_keys_are_no_words(text: str) -> None:
    assert not is_word(text, ())
    assert is_word(text, {text})


def test_half_of_the_letters_decide() -> None:
    assert is_unknown("red asdkj", (), {})
    assert not is_unknown("feathers asdkj", (), {})
    assert not is_unknown("the", (), {}), "stop words say nothing either way"


def test_a_misspelt_word_means_the_commonest_near_it() -> None:
    assert meant("feahters", {"feathers": 3, "fathers": 9}) == "feathers"
    assert meant("fether", {"feather": 2, "father": 3, "tether": 1}) == "father"
    assert meant("xyzzy", {"feathers": 3}) == "xyzzy"
    assert meant("father", {"feather": 3}) == "father", "a word is what it says"


def test_labels_are_compared_by_their_words() -> None:
    forms = ["the red stripes", "striped", "feahters", "feathers", "thing", "things"]
    vocabulary = vocabulary_of(forms, np.array([1, 1, 1, 5, 1, 1]))
    words = [
        {vocabulary.names[word] for word in vocabulary.words[start:end]}
        for start, end in zip(vocabulary.starts, vocabulary.starts[1:], strict=False)
    ]
    assert words == [{"red", "stripe"}, {"stripe"}, {"feather"}, {"feather"}, {"thing"}, {"things"}]


@pytest.mark.parametrize(
    "text",
    [
        "buy cheap watches",
        "pills dot com",
        "www pills",
        "call 0800 555 123 44",
        "follow @lucky",
        "shop . com",
    ],
)
def test_adverts_are_found(text: str) -> None:
    assert is_advert(text)


@pytest.mark.parametrize(
    "text", ["shop", "7 black stripes", "red, white", "cash money", "12 windows", "no. 5"]
)
def test_descriptions_are_no_adverts(text: str) -> None:
    assert not is_advert(text)
