"""One form for labels that differ in spelling only."""

import re
from collections.abc import Sequence

from analysis.labels.class_names import without_names
from analysis.labels.plain_text import plain_text

_ENGLISH = (
    "i see|i can see|it|it's|its|this|that|there|there's|is|are|was|were|has|have|having|with|a|an|the|some"
)
_ITALIAN = "c'è|ci sono|ha|hanno|è|con|il|lo|la|i|gli|le|un|uno|una"
_OPENING = re.compile(rf"(?:(?:{_ENGLISH}|{_ITALIAN}) |(?:l|un)'(?=\w))+")
"""Words that open a description without describing: English, then Italian. Never a negation."""


def normalise(text: str, class_names: Sequence[str] = ()) -> str:
    """Give labels that differ in spelling only one form; what they mean is settled by grouping.

    Plain text (see `plain_text`), without "it has a" and its like at the start, without the names of the
    class in any inflection. Takes any string, may give "", and is idempotent. Spelling is not corrected.

    >>> normalise("It has the Zebra's STRIPES!", ["zebra"]), normalise("has no tail")
    ('stripes', 'no tail')
    """
    form = without_names(_without_opening(plain_text(text)), class_names)
    return _without_opening(form)


def _without_opening(form: str) -> str:
    opening = _OPENING.match(form + " ")
    return form[opening.end() :] if opening else form
