"""The classes that a round offers."""

import random
from collections.abc import Iterable
from typing import TypeVar

from django.db.models import F
from django.db.models.functions import Coalesce

from labeling.models import Image, Study

T = TypeVar("T")


def display_name(study: Study, class_name: str) -> str:
    """The class's name that players know."""
    return str(study.display_names.get(class_name, class_name))


def options_draw(image: Image) -> list[int]:
    """The right class of a prepared image and plausible wrong ones, as indices, shuffled.

    Wrong ones are classes of the study's other images, then of the network. None shares a word with the
    right one, so that no synonym or parent ("bear", "ice bear") is offered as wrong. They are drawn once
    and kept: every player is offered the same, so that comparing two players' options tells nothing.
    """
    study, answer = image.study, image.answer_class
    if answer is None:
        raise ValueError(f"{image} has not been prepared.")
    dice = random.Random(f"{study.seed}/{image.key}")
    names: list[str] = study.network.class_names
    right = display_name(study, names[answer])
    chosen = {right: answer}
    taken = _words(right)
    for index in [*_shuffled(dice, _classes_of(study)), *_shuffled(dice, range(len(names)))]:
        if len(chosen) == study.options_per_round:
            break
        name = display_name(study, names[index])
        if name not in chosen and not _words(name) & taken:
            chosen[name] = index
    return _shuffled(dice, chosen.values())


def options_shown(image: Image) -> list[tuple[int, str]]:
    """The image's options as (class index, display name)."""
    names: list[str] = image.study.network.class_names
    return [(index, display_name(image.study, names[index])) for index in image.options]


def _words(name: str) -> set[str]:
    return set(name.lower().replace("-", " ").split()) - {"or"}


def _classes_of(study: Study) -> list[int]:
    answers = study.images.annotate(answer=Coalesce(F("true_class"), F("predicted_class")))
    return sorted(set(answers.exclude(answer=None).values_list("answer", flat=True)))


def _shuffled(dice: random.Random, items: Iterable[T]) -> list[T]:
    return sorted(items, key=lambda _: dice.random())
