"""The translation that this site has plugged in: a function of its own, from a setting. None by default."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from analysis.labels.reading import Translate

MOST_KEPT = 100_000


def translation() -> Translate | None:
    """For `read`; each text is translated once a process. None where nothing is plugged in.

    Raises:
        ImproperlyConfigured: the setting names no function.
    """
    return _translation(settings.GLIMPSE_TRANSLATION)


@lru_cache(maxsize=4)
def _translation(path: str) -> Translate | None:
    if not path:
        return None
    one = lru_cache(maxsize=MOST_KEPT)(_function(path))

    def translate(texts: Sequence[str], language: str) -> list[str]:
        return [one(text, language) for text in texts]

    return translate


def _function(path: str) -> Callable[[str, str], str]:
    try:
        function = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"GLIMPSE_TRANSLATION is {path!r}, which cannot be used: {error}."
        ) from error
    if not callable(function):
        raise ImproperlyConfigured(f"GLIMPSE_TRANSLATION is {path!r}, which is no function.")

    def checked(text: str, language: str) -> str:
        found = function(text, language)
        if not isinstance(found, str):
            raise TypeError(f"{path} gave {type(found).__name__} for {text!r}, and no text")
        return found

    return checked
