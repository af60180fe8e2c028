"""What can be wrong with a network, said to a person."""

import difflib
from collections.abc import Iterable


class NetworkError(ValueError):
    """A network that cannot be used; the message is plain and says what to do."""


def suggestion(wrong: str, possible: Iterable[str]) -> str:
    """A sentence with the names nearest to a mistyped one, or an empty string where none is near."""
    near = difflib.get_close_matches(wrong, list(possible), n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(near)}?" if near else ""
