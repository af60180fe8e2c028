from analysis.labels.correction import Correction, corrected, corrections


def test_what_others_typed_decides() -> None:
    counts = {"long wiskers": 1, "whiskers": 5, "a whisker": 2}
    assert corrections(counts, "en") == {"long wiskers": (Correction("wiskers", "whiskers", 7),)}


def test_words_run_together_come_apart() -> None:
    found = corrections({"blackand white": 1, "black and white": 6}, "en")["blackand white"]
    assert corrected("blackand white", found) == "black and white"
