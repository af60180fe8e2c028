"""A simulated crowd: who they are, what they look at, and what they type. The same for the same seed."""

import csv
import random
import string
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

PHRASES = Path(__file__).parent / "data" / "typed.csv"

HONEST, SLOPPY = "honest", "sloppy"
TYPIST, BOT, CYCLER, CLIQUE, ADVERTISER, WORDS = (
    "random typist",
    "bot: thing",
    "bot: three words",
    "clique of five",
    "spammer: adverts",
    "spammer: words",
)
DISHONEST = (TYPIST, BOT, CYCLER, CLIQUE, ADVERTISER, WORDS)

_CODE_WORDS = """
alpha bravo tango velvet marble cobalt onyx sigma delta omega quartz comet nebula falcon raven saturn neptune
jupiter mercury violin trumpet cello piano banjo copper nickel zinc argon helium krypton blixa zorvo qinta
mardu felki tobra wunzi pralo dinvo kresh
"""
CODE_WORDS = _CODE_WORDS.split()
FILLERS = (
    *("thing", "animal", "nice", "picture", "cool", "big"),
    *("brown", "object", "photo", "stuff", "good", "red"),
)
ADVERTS = (
    "cheap watches buy now",
    "visit pills dot com",
    "best casino bonus online",
    "follow me @lucky_deals",
    "free crypto click here",
    "call 0800 555 123 44",
    "lose weight with this trick",
    "get rich working from home",
)


@dataclass(frozen=True, slots=True)
class Spot:
    """One region: of a photograph, which shows one concept."""

    number: int
    photo: int
    scope: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What a player typed at a spot."""

    player: int
    spot: Spot
    labels: tuple[str, ...]
    seconds: float


@dataclass(slots=True)
class Simulated:
    """`kinds` and `turns` of players 0, 1, ...; turns in the order in which they were given."""

    kinds: list[str]
    turns: list[Turn] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mix:
    """Who plays how much. Of the honest, a fifth are sloppy; the dishonest are evenly of all kinds."""

    players: int = 300
    rounds: int = 15
    photos: int = 44
    dishonest: float = 0.25
    patient: bool = False
    """Nobody answers faster than people can."""
    meeting: bool = True
    """A clique plays at the same time and so meets at every other spot."""
    mistaken: float = 0.15
    """How often honest players take what they see for something else; sloppy ones 0.1 more."""
    scopes: int = 22
    """How many different things there are to see."""


def simulated_crowd(*, seed: int, mix: Mix) -> Simulated:
    """Every spot has five places."""
    dice = random.Random(seed)
    kinds = _kinds(dice, mix)
    served = _served(dice, kinds, _spots(mix), mix)
    crowd = Simulated(kinds)
    for turn in range(mix.rounds):
        for player in dice.sample(range(mix.players), mix.players):
            if turn < len(served[player]):
                spot = served[player][turn]
                labels = _labels(dice, kinds[player], spot, player, turn, mix)
                seconds = _seconds(dice, HONEST if mix.patient else kinds[player], labels)
                crowd.turns.append(Turn(player, spot, labels, seconds))
    return crowd


def _kinds(dice: random.Random, mix: Mix) -> list[str]:
    bad = round(mix.players * mix.dishonest)
    cliques = max(1, round(bad / len(DISHONEST) / 5)) if bad else 0
    others = [kind for kind in DISHONEST if kind != CLIQUE]
    kinds = [CLIQUE] * (5 * cliques)
    kinds += [others[index % len(others)] for index in range(max(bad - len(kinds), 0))]
    honest = mix.players - len(kinds)
    return kinds + [SLOPPY if dice.random() < 0.2 else HONEST for _ in range(honest)]


def _spots(mix: Mix) -> list[Spot]:
    scopes = sorted(_phrases())[: mix.scopes]
    count = max(mix.photos, round(mix.players * mix.rounds / 4.2))
    photos = [number % mix.photos for number in range(count)]
    return [Spot(number, photo, scopes[photo % len(scopes)]) for number, photo in enumerate(photos)]


def _served(dice: random.Random, kinds: Sequence[str], spots: Sequence[Spot], mix: Mix) -> list[list[Spot]]:
    """For each player spots with free places, at random."""
    free = dict.fromkeys(spots, 5)
    together: dict[int, list[Spot]] = {}
    served = []
    for player, kind in enumerate(kinds):
        open_spots = [spot for spot in spots if free[spot]]
        if kind == CLIQUE and mix.meeting:
            first = player - player % 5
            if first not in together:
                together[first] = dice.sample(open_spots, min(len(open_spots), 2 * mix.rounds))
            open_spots = [spot for spot in together[first] if free[spot]]
        chosen = dice.sample(open_spots, min(mix.rounds, len(open_spots)))
        for spot in chosen:
            free[spot] -= 1
        served.append(chosen)
    return served


def _labels(dice: random.Random, kind: str, spot: Spot, player: int, turn: int, mix: Mix) -> tuple[str, ...]:
    count = dice.choices([1, 2, 3], [0.35, 0.4, 0.25])[0]
    if kind == BOT:
        return ("thing",)
    if kind == CYCLER:
        own = random.Random(player).sample(FILLERS, 3)
        return (own[turn % 3],)
    if kind == CLIQUE:
        code = random.Random(f"{player // 5}/{spot.number}")
        return tuple(code.sample(CODE_WORDS, min(count, 2)))
    if kind == ADVERTISER:
        return (dice.choice(ADVERTS),)
    if kind == WORDS:
        return tuple(dict.fromkeys(dice.choice(_dictionary_words()) for _ in range(count)))
    if kind == TYPIST:
        return tuple(dict.fromkeys(_mashed(dice) for _ in range(count)))
    if kind == SLOPPY:
        return _sloppy(dice, spot, mix.mistaken + 0.1)
    return tuple(dict.fromkeys(_typed(dice, spot, wrong=mix.mistaken, typo=0.03) for _ in range(count)))


def _sloppy(dice: random.Random, spot: Spot, mistaken: float) -> tuple[str, ...]:
    """One label, seldom two, the shorter of two that come to mind, with typos, more often wrong."""
    count = 2 if dice.random() < 0.2 else 1
    drawn = [[_typed(dice, spot, wrong=mistaken, typo=0.2) for _ in range(2)] for _ in range(count)]
    return tuple(dict.fromkeys(min(pair, key=len) for pair in drawn))


def _typed(dice: random.Random, spot: Spot, *, wrong: float, typo: float) -> str:
    """What people say of the spot's concept, or, where they mistake it, of another."""
    scope = dice.choice(sorted(_phrases())) if dice.random() < wrong else spot.scope
    texts, counts = _phrases()[scope]
    text = dice.choices(texts, counts)[0]
    return _misspelt(dice, text) if dice.random() < typo else text


def _misspelt(dice: random.Random, text: str) -> str:
    """One letter lost, doubled, replaced, or changed round with the next."""
    at = dice.randrange(len(text))
    one, rest = text[at], text[at + 1 :]
    changed = dice.choice([rest, one + one + rest, dice.choice(string.ascii_lowercase) + rest,
                           rest[:1] + one + rest[1:]])  # fmt: skip
    return (text[:at] + changed).strip() or text


def _mashed(dice: random.Random) -> str:
    keys = dice.choice(["asdfghjkl", "qwertyuiop", string.ascii_lowercase])
    words = dice.choices([1, 2], [0.8, 0.2])[0]
    return " ".join("".join(dice.choices(keys, k=dice.randint(3, 9))) for _ in range(words))


def _seconds(dice: random.Random, kind: str, labels: Sequence[str]) -> float:
    typing = sum(map(len, labels))
    if kind in {BOT, CYCLER, ADVERTISER, WORDS}:
        return dice.uniform(0.2, 1.5)
    if kind == SLOPPY:
        return 1.2 + 0.1 * typing + dice.expovariate(0.7)
    if kind == TYPIST:
        return 0.8 + 0.06 * typing + dice.expovariate(1.0)
    return 2.5 + 0.2 * typing + dice.expovariate(0.2)


@lru_cache(maxsize=1)
def _phrases() -> dict[str, tuple[list[str], list[int]]]:
    found: dict[str, tuple[list[str], list[int]]] = defaultdict(lambda: ([], []))
    with PHRASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["scope"]][0].append(row["text"])
            found[row["scope"]][1].append(int(row["count"]))
    return dict(found)


@lru_cache(maxsize=1)
def _dictionary_words() -> list[str]:
    """Common English words, the most frequent 300 (mostly "the" and its like) left out."""
    from spellchecker import SpellChecker

    frequency = SpellChecker(language="en").word_frequency
    words = sorted(frequency.words(), key=lambda word: (-frequency[word], word))
    return [word for word in words if len(word) >= 4 and word.isalpha()][300:15000]
