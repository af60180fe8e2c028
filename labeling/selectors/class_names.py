"""Names of classes: the network's own, and those that players know."""

from functools import lru_cache

from django.utils.translation import get_language

from labeling.models import Network, Study

FALLBACK = "en"


def display_name(study: Study, class_name: str, language: str | None = None) -> str:
    """The class's name that players know, in the language that is asked for or else that of the request."""
    name: str | dict[str, str] = study.display_names.get(class_name, class_name)
    if isinstance(name, str):
        return name
    asked = (language or get_language() or FALLBACK).split("-")[0]
    return name.get(asked) or name.get(FALLBACK, class_name)


def display_names(study: Study, class_name: str) -> set[str]:
    """The same in every language that there is."""
    name: str | dict[str, str] = study.display_names.get(class_name, class_name)
    return {name} if isinstance(name, str) else set(name.values())


def class_names(study: Study) -> tuple[str, ...]:
    """Of the study's network, by index."""
    return _class_names(study.network_id, study.network.digest)


@lru_cache(maxsize=16)
def _class_names(network_id: int, digest: str) -> tuple[str, ...]:
    """Kept, as there are a thousand of them and they stay while the network's digest does."""
    return tuple(Network.objects.values_list("class_names", flat=True).get(pk=network_id))
