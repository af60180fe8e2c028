"""Adverts that pass the entry checks: addresses spelt out, numbers to call, words that sell."""

import re
from collections.abc import Collection

_ADDRESS = re.compile(
    r"\b(?:www|http|https|bit\s?ly|t\.me|telegram|whatsapp)\b|@\w{3,}"
    r"|\b(?:dot|punto)\s?(?:com|net|org|it|info|io|biz|shop|xyz)\b"
    r"|\w\s*[.,]\s*(?:com|net|org|info|biz|shop|xyz)\b|\w\s?\(dot\)",
    re.IGNORECASE,
)
_NUMBER_TO_CALL = re.compile(r"(?:\d[\s\-.]?){7,}")
_SELL = """
acquista affare affari bitcoin bonus buy casino cheap click clicca code coupon crypto deal deals discount earn
gratis guadagna investment loan loans lottery money now offer offers offerta offerte order promo sale sales
sconto sconti seguimi shop sell selling subscribe viagra visit winner
"""
_SELLING = frozenset(_SELL.split())
LEAST_SELLING = 2


def is_advert(text: str, exempt: Collection[str] = ()) -> bool:
    """Whether a text as typed holds an address, a number to call, or two different words that sell.

    >>> [is_advert(text) for text in ("cheap pills buy now", "visit pills dot com", "call 555 123 4567")]
    [True, True, True]
    >>> is_advert("shop window"), is_advert("7 stripes"), is_advert("red and white flag")
    (False, False, False)
    """
    if _ADDRESS.search(text) or _NUMBER_TO_CALL.search(text):
        return True
    words = set(re.findall(r"\w+", text.casefold())) - set(exempt)
    return len(words & _SELLING) >= LEAST_SELLING
