"""What a misspelt word was meant to be, from dictionaries and from what others typed in the same scope."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.labels.inflection import same_word
from analysis.labels.known_words import is_word
from analysis.labels.languages import codes
from analysis.labels.meant_words import ENOUGH, meant_words
from analysis.labels.near_words import LONGEST
from analysis.labels.plain_text import plain_text
from analysis.labels.scope_words import PIECE, ScopeWords, pieces

_FAR_MORE = 20
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of a text, what it was meant to be, and how many people of the scope used that or an inflection
    of it; for words that were run together, both of them, one after the other."""

    word: str
    meant: str
    support: int


def corrections(
    counts: Mapping[str, int], language: str, known: Collection[str] = ()
) -> dict[str, tuple[Correction, ...]]:
    """What misspelt words of the texts of one scope were meant to be.

    Never changed: a word that the dictionary of any language has, or whose singular it has; an inflection of
    one in `known`; a word that three people used, unless twenty times as many used the other; and what has
    fewer than three letters, more than 24, or anything but letters. For the others see `meant_words`.

    Args:
        counts: plain texts, see `plain_text`, and how many people typed each.
        language: an ISO 639-1 code of `languages`; for any other nothing is corrected.
        known: further words that are right and may be meant, such as the class's names.

    Returns:
        For each text that has any, its corrections in the order of their words. The order of `counts` changes
        nothing.
    """
    if language not in codes():
        return {}
    names = frozenset(piece for name in known for piece in pieces(plain_text(name)))
    scope = ScopeWords(counts, names)
    unknown = [word for word in sorted(scope.people) if _may_be_wrong(word, names)]
    found = (
        Correction(word, meant, _support(meant, scope))
        for word, meant in meant_words(unknown, scope, language).items()
    )
    meant = {one.word: one for one in found if not _is_used(scope.people[one.word], one.support)}
    by_text = {text: tuple(_of_text(text, meant)) for text in sorted(counts)} if meant else {}
    return {text: some for text, some in by_text.items() if some}


def corrected(text: str, corrections: Sequence[Correction]) -> str:
    """Plain text with its words corrected.

    >>> corrected("blak-and white", [Correction("blak", "black", 3)])
    'black-and white'
    """
    if not corrections:
        return text
    meant = {one.word: one.meant for one in corrections}
    parts, end = [], 0
    for found in PIECE.finditer(text):
        parts += [text[end : found.start("word")], meant.get(found["word"], found["word"])]
        end = found.end("word")
    return "".join([*parts, text[end:]])


def _of_text(text: str, meant: Mapping[str, Correction]) -> Iterator[Correction]:
    return (meant[word] for word in dict.fromkeys(pieces(text)) if word in meant)


def _support(meant: str, scope: ScopeWords) -> int:
    return min(scope.support(word) for word in meant.split())


def _is_used(people: int, support: int) -> bool:
    return people >= ENOUGH and support < _FAR_MORE * people


def _may_be_wrong(word: str, names: Collection[str]) -> bool:
    return (
        _SHORTEST <= len(word) <= LONGEST
        and word.replace("'", "").isalpha()
        and not is_word(word)
        and not any(same_word(word, name) for name in names)
    )
