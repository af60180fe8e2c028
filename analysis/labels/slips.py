"""Slips that are no matter of letters: rules of a language that were left out or followed too far."""

from analysis.labels.known_words import has_word, is_singular, plural
from analysis.labels.languages import languages
from analysis.labels.vocabulary import vocabulary

_PASTS = {verb: past for language in languages() for verb, past in language.irregular_pasts.items()}
_NOT = "n't"


def slip_meant(word: str, language: str) -> str | None:
    """What was meant by a word that no dictionary has, where a rule tells; else None.

    >>> slip_meant("dont", "en"), slip_meant("daisys", "en"), slip_meant("overpayed", "en")
    ("don't", 'daisies', 'overpaid')
    """
    return _with_apostrophe(word, language) or _plural_meant(word) or _past_meant(word)


def _with_apostrophe(word: str, language: str) -> str | None:
    """Of "dont", and of "don" where the apostrophe was taken for the end of the word."""
    contractions = vocabulary(language).contractions
    if word in contractions:
        return contractions[word]
    negated = contractions.get(word + "t", "")
    return negated if negated.endswith(_NOT) else None


def _plural_meant(word: str) -> str | None:
    singular = word[:-1]
    if not word.endswith("s") or not is_singular(singular):
        return None
    meant = plural(singular)
    return meant if meant != word and has_word(meant) else None


def _past_meant(word: str) -> str | None:
    """Of "eated", and of verbs with something before them such as "overpayed"."""
    if not word.endswith("ed"):
        return None
    for verb in (word[:-2], word[:-1], word[:-3]):
        for start in range(max(0, len(verb) - 1)):
            past = _PASTS.get(verb[start:])
            if past and has_word(verb[:start] + past) and (not start or has_word(verb)):
                return verb[:start] + past
    return None
