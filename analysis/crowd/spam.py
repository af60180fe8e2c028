"""Adverts, and the same long phrase at picture after picture."""

from collections.abc import Collection

import numpy as np

from analysis.crowd.adverts import is_advert
from analysis.crowd.crowd import Crowd, distinct
from analysis.crowd.marked import marked_signals
from analysis.crowd.records import Flags, Signal, Work

LIMIT = 0.3
LONG_PHRASE = 3
OFTEN = 3


def spam_labels(work: Work, crowd: Crowd, known: Collection[str]) -> Flags:
    """(L,) labels that are adverts, and phrases of three words or more that one player gave at three
    photographs or more and that nobody else in the study ever gave."""
    adverts = np.array([is_advert(text, known) for text in work.typed], dtype=np.bool_)
    return adverts[work.texts] | _pasted(work, crowd)


def _pasted(work: Work, crowd: Crowd) -> Flags:
    ids: dict[str, int] = {}
    codes = np.array([ids.setdefault(form, len(ids)) for form in work.forms], dtype=np.int64)
    is_long = np.array([len(form.split()) >= LONG_PHRASE for form in ids], dtype=np.bool_)
    form = codes[work.texts]
    players = np.bincount(form[distinct(form, crowd.label_players).first], minlength=len(ids))
    places = np.bincount(form[distinct(form, crowd.places).first], minlength=len(ids))
    pasted: Flags = is_long & (players == 1) & (places >= OFTEN)
    return pasted[form]


def spam_signals(work: Work, crowd: Crowd, spam: Flags) -> dict[int, Signal]:
    """Found from three in ten of a player's labels, which suffices alone."""
    what = "are adverts or the same long phrase again"
    return marked_signals(work, crowd, spam, limit=LIMIT, weight=2, what=what)
