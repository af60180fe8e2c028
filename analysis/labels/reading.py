"""From raw text to the phrase that is grouped, with what each step decided."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.labels.correction import Correction, corrected, corrections
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
        spelling: what was changed in `plain`, and how many others used each word that was meant.
        translated: in English, where a translation is plugged in and the language is another; else `spelt`.
        phrase: `translated` without opening words and the names of the class, see `normalise`; "" where that
            leaves nothing.
    """

    raw: str
    plain: str
    language: str
    spelling: tuple[Correction, ...]
    translated: str
    phrase: str

    @property
    def spelt(self) -> str:
        """`plain` with what was misspelt put right."""
        return corrected(self.plain, self.spelling)

    @property
    def form(self) -> str:
        """The phrase, or what was left last where it is empty: never "" unless nothing was typed."""
        return self.phrase or self.plain or self.raw.strip() or self.raw


def read(
    typed: Iterable[Typed],
    class_names: Collection[str] = (),
    *,
    spelling: bool = True,
    translate: Translate | None = None,
) -> dict[str, Reading]:
    """Read all texts of one scope, such as a class. Neither order nor how rows are split changes anything.

    Args:
        typed: a raw text may come in several rows; its language is then the one that most of its people have.
        class_names: left out of every phrase in any inflection, in every language.
        spelling: whether misspelt words are read as what they were meant to be, see `corrections`, by what
            others typed in the same language.
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
    people = {raw: hint.total() for raw, hint in hints.items()}
    changed = _spelling(plain, language, people, class_names) if spelling else {}
    spelt = {raw: corrected(text, changed.get(raw, ())) for raw, text in plain.items()}
    translated = _translated(spelt, language, translate) if translate else spelt
    return {
        raw: Reading(
            raw=raw,
            plain=plain[raw],
            language=language[raw],
            spelling=changed.get(raw, ()),
            translated=translated[raw],
            phrase=normalise(translated[raw], tuple(class_names)),
        )
        for raw in plain
    }


def _most(hints: Mapping[str, int]) -> str:
    return min(hints, key=lambda code: (-hints[code], code))


def _spelling(
    plain: Mapping[str, str],
    language: Mapping[str, str],
    people: Mapping[str, int],
    class_names: Collection[str],
) -> dict[str, tuple[Correction, ...]]:
    """By raw text."""
    found: dict[str, tuple[Correction, ...]] = {}
    for code in codes():
        own = [raw for raw in plain if language[raw] == code]
        counts: Counter[str] = Counter()
        for raw in own:
            counts[plain[raw]] += people[raw]
        by_text = corrections(counts, code, class_names)
        found.update((raw, by_text[plain[raw]]) for raw in own if plain[raw] in by_text)
    return found


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
