"""Players of many kinds, and how each of them types."""

import random
import string
from collections.abc import Sequence
from dataclasses import dataclass

from labeling.demo.sights import Concept, Sight

OPENERS = {"en": ("it has", "the", "looks like", "some"), "it": ("ha", "sembra", "si vede")}
FILLERS = {"en": ("thing", "nice", "picture", "stuff"), "it": ("cosa", "bello", "foto", "boh")}
FOCUS = 3
"""What comes to mind most is said by most: chances grow with this power of the fitness."""
FAINT = 0.15
"""What is less likely than this share of the likeliest is not said."""
_KEYS = ("asdfghjkl", "qwertyuiop", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Character:
    """How somebody plays. Shares and chances are 0..1.

    Attributes:
        share: of all players.
        labels: weights of giving one, two, three labels.
        slips: chance of a typing error in a label.
        mistaken: chance of taking what is seen for something else.
        patience: chance to ask for more of the picture, at every step.
        knows: chance of a right guess at the first look; it grows with every step.
        pause: seconds to think, on average.
        honest: says what is seen; else something else, see `_nonsense`.
    """

    name: str
    share: float
    labels: tuple[float, float, float]
    slips: float
    mistaken: float
    patience: float
    knows: float
    pause: float
    honest: bool = True


CHARACTERS = (
    Character("careful", 0.40, (0.3, 0.45, 0.25), 0.03, 0.05, 0.65, 0.65, 9.0),
    Character("quick", 0.30, (0.8, 0.2, 0.0), 0.15, 0.12, 0.25, 0.5, 4.0),
    Character("mistaken", 0.20, (0.5, 0.35, 0.15), 0.06, 0.4, 0.5, 0.35, 7.0),
    Character("bot", 0.05, (1.0, 0.0, 0.0), 0.0, 0.0, 0.0, 0.1, 0.1, honest=False),
    Character("typist", 0.05, (0.6, 0.3, 0.1), 0.0, 0.0, 0.1, 0.1, 1.0, honest=False),
)


def cast(players: int) -> list[Character]:
    """As many of each as their share says, the largest remainders rounded up; careful ones first."""
    whole = [int(players * one.share) for one in CHARACTERS]
    rest = [players * one.share - count for one, count in zip(CHARACTERS, whole, strict=True)]
    for index in sorted(range(len(whole)), key=lambda i: (-rest[i], i))[: players - sum(whole)]:
        whole[index] += 1
    return [one for one, count in zip(CHARACTERS, whole, strict=True) for _ in range(count)]


def says(
    dice: random.Random,
    character: Character,
    language: str,
    seen: Sequence[tuple[Sight, float]],
    elsewhere: Sequence[Concept],
) -> list[str]:
    """One to three labels.

    Args:
        seen: the photograph's sights, and how likely each comes to mind (any scale, not all 0).
        elsewhere: what else there is in the world, for who is mistaken.
    """
    count = dice.choices([1, 2, 3], character.labels)[0]
    if not character.honest:
        return [_nonsense(dice, character, language) for _ in range(count)]
    labels = []
    for concept in _named(dice, seen, count):
        meant = dice.choice(elsewhere) if dice.random() < character.mistaken else concept
        labels.append(_typed(dice, meant, language, character.slips))
    return list(dict.fromkeys(labels))


def _named(dice: random.Random, seen: Sequence[tuple[Sight, float]], count: int) -> list[Concept]:
    """Up to so many things, each once, and nothing that hardly comes to mind."""
    likeliest = max(weight for _, weight in seen)
    left = {sight: weight for sight, weight in seen if weight >= FAINT * likeliest}
    named: list[Concept] = []
    while left and len(named) < count:
        weights = [weight**FOCUS for weight in left.values()]
        sight = dice.choices(list(left), weights)[0]
        del left[sight]
        named.append(sight.concept)
    return named


def thinks(dice: random.Random, character: Character, labels: Sequence[str], level: int) -> float:
    """Seconds from the first look to the answer."""
    typing = 0.18 * sum(map(len, labels)) if character.honest else 0.02
    return typing + (1 + level) * dice.uniform(0.5, 1.5) * character.pause / 2 + character.pause / 4


def _typed(dice: random.Random, concept: Concept, language: str, slips: float) -> str:
    phrases = concept.phrases[language]
    text = dice.choices(phrases, [1 / (rank + 1) for rank in range(len(phrases))])[0]
    if dice.random() < 0.12:
        text = f"{dice.choice(OPENERS[language])} {text}"
    if dice.random() < slips:
        text = _slipped(dice, text)
    return text.capitalize() if dice.random() < 0.15 else text


def _slipped(dice: random.Random, text: str) -> str:
    """One letter lost, doubled, replaced, or changed round with the next; not the first."""
    at = dice.randrange(1, len(text))
    one, rest = text[at], text[at + 1 :]
    other = dice.choice(string.ascii_lowercase)
    return text[:at] + dice.choice([rest, one + one + rest, other + rest, rest[:1] + one + rest[1:]])


def _nonsense(dice: random.Random, character: Character, language: str) -> str:
    """The same word always, or keys at random."""
    if character.name == "bot":
        return FILLERS[language][0]
    return "".join(dice.choices(dice.choice(_KEYS), k=dice.randint(4, 9)))
