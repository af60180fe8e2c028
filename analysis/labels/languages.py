"""The languages of labels. Each is a file in `data/languages`: to add one, add its file.

Its code, the file's name, must be one that simplemma (lemmas) and pyspellchecker (spelling) know. Light
enough for the web process.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Language:
    """What the steps need to know of a language; the files say what each entry is for."""

    code: str
    name: str
    head_first: bool
    openings: tuple[str, ...]
    opening_elisions: tuple[str, ...]
    links: tuple[str, ...]
    link_elisions: tuple[str, ...]
    plurals: tuple[tuple[str, str], ...]
    irregular: frozenset[str]
    irregular_pasts: Mapping[str, str]
    negations: frozenset[str]
    numbers: Mapping[str, str]
    stop_words: frozenset[str]
    opposites: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def languages() -> tuple[Language, ...]:
    """English first, as it is where nothing tells; the others by code."""
    found = [
        _language(file.name.removesuffix(".toml"), file.read_text(encoding="utf-8"))
        for file in files("analysis.labels").joinpath("data/languages").iterdir()
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda language: (language.code != "en", language.code)))


@lru_cache(maxsize=1)
def codes() -> tuple[str, ...]:
    """ISO 639-1 codes of the languages, English first."""
    return tuple(language.code for language in languages())


def _language(code: str, text: str) -> Language:
    entries = tomllib.loads(text)
    return Language(
        code=code,
        name=entries["name"],
        head_first=entries["head"] == "first",
        openings=tuple(entries["openings"]),
        opening_elisions=tuple(entries["opening_elisions"]),
        links=tuple(entries["links"]),
        link_elisions=tuple(entries["link_elisions"]),
        plurals=tuple((singular, plural) for singular, plural in entries["plurals"]),
        irregular=frozenset(entries["irregular"]),
        irregular_pasts=dict(entries["irregular_pasts"]),
        negations=frozenset(entries["negations"]),
        numbers=entries["numbers"],
        stop_words=frozenset(entries["stop_words"].split()),
        opposites=entries["opposites"],
    )
