"""Class names, in the order of a network's outputs."""

import json
from collections.abc import Sequence
from pathlib import Path

from torchvision.models._meta import _IMAGENET_CATEGORIES

from analysis.networks.errors import NetworkError

LONGEST_NAME = 200
IMAGENET: tuple[str, ...] = tuple(_IMAGENET_CATEGORIES)


def read_classes(path: Path) -> tuple[str, ...]:
    """Read class names from a text file with one name a line, or from a JSON list of strings.

    Raises:
        NetworkError: no such file, not text, or no names in it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NetworkError(f"{path.name} cannot be read. Give class names as UTF-8 text.") from error
    names = (
        _from_json(text) if text.lstrip().startswith("[") else [line.strip() for line in text.splitlines()]
    )
    while names and not names[-1]:
        names.pop()
    if not names or not all(names):
        raise NetworkError(f"{path.name} lacks a class name. Write one name a line, or a JSON list.")
    check_names(names)
    return tuple(names)


def check_names(names: Sequence[str]) -> None:
    """Refuse names that cannot be shown or stored.

    Raises:
        NetworkError: a name that is too long or has characters that cannot be seen.
    """
    for name in names:
        if len(name) > LONGEST_NAME or not name.isprintable():
            raise NetworkError(
                f"The class name {name[:20]!r} cannot be used. Give printable names of at most "
                f"{LONGEST_NAME} characters."
            )


def classes_for(count: int, path: Path | None) -> tuple[str, ...]:
    """The names from `path`, or else ImageNet's where there are a thousand classes.

    Raises:
        NetworkError: no file, and not a thousand classes; or as in `read_classes`.
    """
    if path is not None:
        return read_classes(path)
    if count == len(IMAGENET):
        return IMAGENET
    raise NetworkError(f"The weights are for {count} classes. Give a file with their names, one a line.")


def _from_json(text: str) -> list[str]:
    try:
        names = json.loads(text)
    except json.JSONDecodeError as error:
        raise NetworkError("The class names are not a valid JSON list. Write one name a line.") from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise NetworkError("The class names are not a JSON list of strings. Write one name a line.")
    return [name.strip() for name in names]
