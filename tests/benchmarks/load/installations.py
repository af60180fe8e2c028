"""Installations for the load, as in production: no debugging, hashed static files, the embedded database or
PostgreSQL."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.labeling.installation import Installation


def load_installation(folder: Path, database_url: str | None = None) -> Installation:
    variables = {
        "GLIMPSE_DEBUG": "false",
        "GLIMPSE_SECRET_KEY": "only-for-the-load",
        "GLIMPSE_ALLOWED_HOSTS": "127.0.0.1",
        "GLIMPSE_HTTPS": "false",
        "GLIMPSE_LOG_LEVEL": "ERROR",
        **({"GLIMPSE_DATABASE_URL": database_url} if database_url else {}),
    }
    return Installation(folder, variables)


@contextmanager
def database_of_its_own(server_url: str) -> Iterator[str]:
    """A new database on the server; the address of it. Dropped in the end."""
    import psycopg  # an extra of the package, which the embedded tests do without

    name = f"glimpse_load_{secrets.token_hex(4)}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
