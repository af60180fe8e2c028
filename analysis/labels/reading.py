"""From raw text to the phrase that is grouped, with what each step decided."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.labels.language import language_of
from analysis.labels.languages import codes
from analysis.labels.normal_form import normalise
from analysis.labels.plain_text import plain_text

Translate = Callable[[Sequence[str], str], Sequence[str]]
"""Texts and the ISO 639-1 code of their language -> the same texts in English, one each."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What some people typed: `count` of them, and their own language where it is known."""

    raw: str
    count: int = 1
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The way of one text through the steps.

    Attributes:
        raw: as it was typed.
        plain: one spelling for what looks the same, see `plain_text`.
        language: see `language_of`.
        translated: in English, where a translation is plugged in and the language is another; else `plain`.
        phrase: `translated` without opening words and the names of the class, see `normalise`; "" where that
            leaves nothing.
    """

    raw: str
    plain: str
    language: str
    translated: str
    phrase: str

    @property
    def form(self) -> str:
        """The phrase, or what was left last where it is empty: never "" unless nothing was typed."""
        return self.phrase or self.plain or self.raw.strip() or self.raw


def read(
    typed: Iterable[Typed],
    class_names: Collection[str] = (),
    *,
    translate: Translate | None = None,
) -> dict[str, Reading]:
    """Read all texts of one scope, such as a class. Neither order nor how rows are split changes anything.
    Spelling is not corrected.

    Args:
        typed: a raw text may come in several rows; its language is then the one that most of its people have.
        class_names: left out of every phrase in any inflection, in every language.
        translate: called once for each language other than English, with distinct texts, sorted. None: every
            text stays in its language, and nothing is called.

    Returns:
        For each raw text its reading, sorted by raw text.
    """
    hints: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in typed:
        hints[one.raw][one.language] += one.count
    plain = {raw: plain_text(raw) for raw in sorted(hints)}
    language = {raw: language_of(plain[raw], _most(hints[raw])) for raw in plain}
    translated = _translated(plain, language, translate) if translate else plain
    return {
        raw: Reading(
            raw=raw,
            plain=plain[raw],
            language=language[raw],
            translated=translated[raw],
            phrase=normalise(translated[raw], tuple(class_names)),
        )
        for raw in plain
    }


def _most(hints: Mapping[str, int]) -> str:
    return min(hints, key=lambda code: (-hints[code], code))


def _translated(
    texts: Mapping[str, str], language: Mapping[str, str], translate: Translate
) -> dict[str, str]:
    translated = dict(texts)
    for code in codes()[1:]:
        wanted = sorted({text for raw, text in texts.items() if language[raw] == code and text})
        if not wanted:
            continue
        english = dict(zip(wanted, map(plain_text, translate(wanted, code)), strict=True))
        translated.update(
            (raw, english[text]) for raw, text in texts.items() if text in english and language[raw] == code
        )
    return translated
