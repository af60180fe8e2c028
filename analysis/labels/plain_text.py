"""One spelling for text that looks the same: Unicode, case, invisible characters, punctuation."""

import re
import unicodedata

_APOSTROPHES = "`\u00b4\u02bc\u2018\u2019\u2032\uff07"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2212\uff0d"
_LOOKALIKES = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_HYPHENS, "-"))
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_WORD_CATEGORIES = "LMN"
_JOINERS = "'-"


def plain_text(text: str) -> str:
    """Words of `text`, case folded and NFKC normalised, one space apart.

    Control, format and surrogate characters vanish; other punctuation, symbols and emoji separate words;
    hyphens and apostrophes stay inside words only. Takes any string, may give "", and is idempotent.

    >>> plain_text(" Black—and  WHITE, (zebra's) 'round-ish' 🦓")
    "black and white zebra's round-ish"
    """
    visible = "".join(c for c in text.translate(_LOOKALIKES) if c.isspace() or not _is_invisible(c))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    spaced = re.sub(r"[-']{2,}", " ", "".join(c if _is_word_part(c) else " " for c in folded))
    words = (word.strip(_JOINERS) for word in spaced.split())
    return " ".join(word for word in words if any(c.isalnum() for c in word))


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE


def _is_word_part(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character)[0] in _WORD_CATEGORIES
