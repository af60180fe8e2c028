"""What a player may enter as a label, and what to say when it will not do.

Light enough for the web process: no array or network library is imported.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from analysis.labels.class_names import head, may_hold, without_names
from analysis.labels.normal_form import normalise
from analysis.labels.plain_text import plain_text

MAX_CHARACTERS = 60
MAX_WORDS = 5

_LINK = re.compile(
    r"://|\bwww\.|\S@\S+\.\w|\w\.(?:com|org|net|edu|gov|info|biz|io|it|eu|uk|de|fr|co|xyz)\b",
    re.IGNORECASE,
)


class EntryFault(StrEnum):
    """Why an entry was refused."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    LINK = "link"
    NO_LETTER = "no_letter"
    TOO_MANY_WORDS = "too_many_words"
    TABOO = "taboo"


class EntryError(ValueError):
    """A refused entry: a code for programs, a sentence that says what to do for people.

    `name` is the answer that a taboo entry names.
    """

    def __init__(self, code: EntryFault, message: str, name: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.name = name


def check_entry(text: str, taboo_names: Sequence[str], *, language: str = "en") -> None:
    """Refuse what cannot be a label. An accepted text has a normal form that is not empty.

    Taboo is each offered name wherever it stands, in any inflection, hyphenated or run together, and the
    head of a longer name (the last word of an English name, the first of an Italian one) on its own: with
    "triumphal arch" on offer "arches" names an answer, "a round arch of stone" describes. The other words of
    a name ("great", "grey", "African") stay free. Which of the names is the answer plays no part, so a
    refusal tells nothing.

    Args:
        text: what the player typed.
        taboo_names: the display names of *all* options on offer.
        language: of the names, an ISO 639-1 code.

    Raises:
        EntryError: with the first fault found.
    """
    visible = _visible(text)
    words = plain_text(text)
    _check_length(visible, words)
    if _LINK.search(visible):
        raise EntryError(EntryFault.LINK, "Leave out links and addresses. Describe what you see in words.")
    _check_words(words)
    for name in taboo_names:
        if not may_hold(words, name):
            continue
        if without_names(words, [name]) != words or _is_only(words, head(name, language)):
            message = f"“{name}” is one of the answers. Describe what you see without naming an answer."
            raise EntryError(EntryFault.TABOO, message, name)


def _visible(text: str) -> str:
    compatible = unicodedata.normalize("NFKC", text)
    return "".join(c for c in compatible if c.isprintable() or c.isspace()).strip()


def _check_length(visible: str, words: str) -> None:
    if not visible:
        raise EntryError(EntryFault.EMPTY, "Type one to five words that say what you see.")
    if max(len(visible), len(words)) > MAX_CHARACTERS:  # folding case may lengthen a text: ß becomes ss
        raise EntryError(EntryFault.TOO_LONG, f"That is too long. Use at most {MAX_CHARACTERS} characters.")


def _is_only(words: str, name: str) -> bool:
    rest = without_names(words, [name])
    return rest != words and not normalise(rest)


def _check_words(words: str) -> None:
    if not any(character.isalpha() for character in words):
        raise EntryError(EntryFault.NO_LETTER, "Use letters: say in a word or two what you see.")
    if len(words.split()) > MAX_WORDS:
        raise EntryError(EntryFault.TOO_MANY_WORDS, f"Use at most {MAX_WORDS} words for one feature.")
    if not normalise(words):
        raise EntryError(EntryFault.EMPTY, "Add a word that says what you see.")
