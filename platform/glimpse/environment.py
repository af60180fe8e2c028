"""Typed settings from environment variables; a secret may also come from the file that NAME_FILE names."""

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

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


def function(name: str) -> str:
    """The dotted path of a function in a module that can be found, or "". The module is not loaded: only
    workers call it."""
    path = os.environ.get(name, "").strip()
    module, _, attribute = path.rpartition(".")
    if not path:
        return path
    try:
        found = bool(module and attribute.isidentifier() and find_spec(module))
    except (ImportError, ValueError):
        found = False
    if not found:
        raise ImproperlyConfigured(
            f"{name} is {path!r}: give package.module.function, of a module that is there."
        )
    return path


@dataclass(frozen=True, slots=True)
class MailServer:
    """`starttls` begins in the clear and changes over, `tls` is encrypted from the first byte."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool


MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail_server(name: str) -> MailServer | None:
    """`smtps://user:password@host:465`, or `smtp+tls://` for STARTTLS, or `smtp://` without encryption."""
    if not (given := os.environ.get(name) or _from_file(name)):
        return None
    try:
        url = urlsplit(given)
        port = url.port
    except ValueError:
        url, port = urlsplit(""), None
    if url.scheme not in MAIL_PORTS or not url.hostname:
        raise ImproperlyConfigured(f"{name} cannot be read: give smtps://user:password@host:465.")
    return MailServer(
        host=url.hostname,
        port=port or MAIL_PORTS[url.scheme],
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        starttls=url.scheme == "smtp+tls",
        tls=url.scheme == "smtps",
    )


def _from_file(name: str) -> str | None:
    """The content of the file NAME_FILE, where there is one."""
    if not (path := os.environ.get(f"{name}_FILE")):
        return None
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}.") from None


def secret(name: str, *, insecure: str | None = None) -> str:
    """The value of NAME, else the content of the file NAME_FILE, else `insecure`, else a refusal."""
    if value := os.environ.get(name):
        return value
    if (content := _from_file(name)) is not None:
        return content
    if insecure is None:
        raise ImproperlyConfigured(
            f"Set {name}, or {name}_FILE to a file that holds it: "
            'python -c "import secrets; print(secrets.token_urlsafe(50))" makes one. '
            "For development set GLIMPSE_DEBUG=true."
        )
    return insecure
