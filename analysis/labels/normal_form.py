"""One form for labels that differ in spelling only."""

import re
from collections.abc import Sequence

from analysis.labels.class_names import without_names
from analysis.labels.languages import languages
from analysis.labels.plain_text import plain_text

_OPENINGS = "|".join(re.escape(one) for language in languages() for one in language.openings)
_ELISIONS = "|".join(re.escape(one) for language in languages() for one in language.opening_elisions)
_OPENING = re.compile(rf"(?:(?:{_OPENINGS}) |(?:{_ELISIONS})'(?=\w))+")


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
