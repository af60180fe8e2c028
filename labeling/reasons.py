"""Why a label is held, as codes in `Label.reasons`, and what they say to researchers."""

from collections.abc import Iterable

from analysis.crowd.records import Kind

RESEARCHER = "researcher"
SAME_PERSON = "same person"
PLAYER = "player: "
BY_VERDICT = f"{PLAYER}{RESEARCHER}"
# Signals neither give these nor take them away.
DECIDED = frozenset({RESEARCHER, SAME_PERSON})

_OF_LABELS = {
    Kind.GIBBERISH: "in no dictionary, and nobody else says it",
    Kind.PROFANITY: "a swear word",
    Kind.SPAM: "an advert, or the same long phrase again",
    RESEARCHER: "held by a researcher",
    SAME_PERSON: "its player had described the region under another name",
}
_OF_PLAYERS = {
    Kind.SPEED: "the player is too fast",
    Kind.REPETITION: "the player says the same everywhere",
    Kind.GIBBERISH: "the player types what is no word",
    Kind.PROFANITY: "the player swears",
    Kind.SPAM: "the player advertises",
    Kind.AGREEMENT: "the player agrees with nobody",
    Kind.CLIQUE: "the player agrees with the same few only",
    RESEARCHER: "the player is held by a researcher",
}


def is_decided(reasons: Iterable[str]) -> bool:
    return not DECIDED.isdisjoint(reasons)


def player_reasons(kinds: Iterable[Kind]) -> tuple[str, ...]:
    return tuple(f"{PLAYER}{kind}" for kind in kinds)


def in_words(reasons: Iterable[str]) -> str:
    return "; ".join(map(_in_words, reasons))


def _in_words(reason: str) -> str:
    if reason.startswith(PLAYER):
        return _OF_PLAYERS.get(reason.removeprefix(PLAYER), reason)
    return _OF_LABELS.get(reason, reason)
