"""The classes that a round offers."""

import random
from collections.abc import Iterable
from typing import TypeVar

from django.db.models import F
from django.db.models.functions import Coalesce

from labeling.models import Image, Study
from labeling.selectors.class_names import class_names, display_name, display_names

JOINING = {"or", "con", "da", "del", "della", "di", "in", "nella"}  # words that two names may share

T = TypeVar("T")


def options_draw(image: Image) -> list[int]:
    """The right class of a prepared image and plausible wrong ones, as indices, shuffled.

    Wrong ones are classes of the study's other images, then those for which it has names that players know,
    then of the network. None shares a word with the right one, so that no synonym or parent ("bear", "ice
    bear") is offered as wrong; no two have one name in any language. They are drawn once and kept: every
    player is offered the same, so that comparing two players' options tells nothing.
    """
    study, answer = image.study, image.answer_class
    if answer is None:
        raise ValueError(f"{image} has not been prepared.")
    dice = random.Random(f"{study.seed}/{image.key}")
    names: list[str] = study.network.class_names
    chosen, shown = [answer], display_names(study, names[answer])
    taken = _words(study, names[answer])
    named = [index for index, name in enumerate(names) if name in study.display_names]
    for some in (_classes_of(study), named, range(len(names))):
        for index in _shuffled(dice, some):
            own = display_names(study, names[index])
            if len(chosen) < study.options_per_round and not (
                own & shown or _words(study, names[index]) & taken
            ):
                chosen.append(index)
                shown |= own
    return _shuffled(dice, chosen)


def options_shown(study: Study, options: Iterable[int], language: str) -> list[tuple[int, str]]:
    """An image's options as (class index, display name)."""
    names = class_names(study)
    return [(index, display_name(study, names[index], language)) for index in options]


def _words(study: Study, class_name: str) -> set[str]:
    """Of the class's names in all languages."""
    names = display_names(study, class_name)
    return {word for name in names for word in name.lower().replace("-", " ").split()} - JOINING


def _classes_of(study: Study) -> list[int]:
    answers = study.images.annotate(answer=Coalesce(F("true_class"), F("predicted_class")))
    return sorted(set(answers.exclude(answer=None).values_list("answer", flat=True)))


def _shuffled(dice: random.Random, items: Iterable[T]) -> list[T]:
    return sorted(items, key=lambda _: dice.random())
