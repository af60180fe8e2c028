"""Labels that are in no dictionary and that nobody else gave."""

from collections.abc import Collection, Mapping

import numpy as np

from analysis.crowd.crowd import Crowd
from analysis.crowd.dictionary import is_word, meant
from analysis.crowd.marked import marked_signals
from analysis.crowd.records import Flags, Signal, Work
from analysis.labels.stop_words import STOP_WORDS

LIMIT = 0.5


def unknown_labels(work: Work, known: Collection[str], said: Mapping[str, int]) -> Flags:
    """(L,) labels at least half of whose letters are in words that no dictionary has, not even one edit away.

    They are gibberish where no other credible player said the same at the photograph (see `confirmed`).

    Args:
        known: words that are right besides, such as class names.
        said: words of a dictionary that were said in the study, and how often; one edit from them is right.
    """
    return np.array([is_unknown(form, known, said) for form in work.forms], dtype=np.bool_)[work.texts]


def is_unknown(form: str, known: Collection[str], said: Mapping[str, int]) -> bool:
    """Whether at least half of the letters of a normal form are in unknown words.

    >>> is_unknown("asdkjh", (), {}), is_unknown("red asd", (), {}), is_unknown("lef", (), {"leaf": 2})
    (True, True, False)
    """
    words = [word for word in form.split() if word not in STOP_WORDS]
    unknown = sum(len(word) for word in words if not is_word(meant(word, said), known))
    return bool(words) and 2 * unknown >= sum(map(len, words))


def gibberish_signals(work: Work, crowd: Crowd, gibberish: Flags) -> dict[int, Signal]:
    """Found from half of a player's labels, which suffices alone."""
    what = "are in no dictionary and were given by nobody else"
    return marked_signals(work, crowd, gibberish, limit=LIMIT, weight=2, what=what)
