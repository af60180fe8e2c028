"""Typed settings from environment variables; a secret may also come from the file that NAME_FILE names."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str) -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE | FALSE:
        return value.lower() in TRUE
    raise ImproperlyConfigured(f"{name} is {value!r}: give true or false.")


def integer(name: str, default: int, *, minimum: int = 0) -> int:
    value = os.environ.get(name, str(default))
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}: give a whole number.") from None
    if number < minimum:
        raise ImproperlyConfigured(f"{name} is {number}: give at least {minimum}.")
    return number


def items(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def secret(name: str, *, insecure: str | None = None) -> str:
    """The value of NAME, else the content of the file NAME_FILE, else `insecure`, else a refusal."""
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}.") from None
    if insecure is None:
        raise ImproperlyConfigured(
            f"Set {name}, or {name}_FILE to a file that holds it: "
            'python -c "import secrets; print(secrets.token_urlsafe(50))" makes one. '
            "For development set GLIMPSE_DEBUG=true."
        )
    return insecure
