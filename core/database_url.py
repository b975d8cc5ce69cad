"""Connection URLs of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg2
from psycopg2.extensions import parse_dsn

from core.settings import ConfigError

# A host that disappears sends nothing, not even an error. With these parameters a connection to it fails after 20
# seconds at most, whether data is in transit or not. tcp_user_timeout is in milliseconds, the others in seconds.
_PARAMETERS = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def checked_url(name: str, url: str) -> str:
    """The value of the setting `name` as a postgresql:// URL. Raises ConfigError, which names an unknown parameter and
    never repeats the URL, because it may contain a password."""
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    try:
        parts = urlsplit(url)
        is_valid = parts.scheme == "postgresql" and bool(parts.path.strip("/")) and parts.port != 0
        parse_dsn(url)
    except (ValueError, psycopg2.Error) as error:
        _, is_unknown, parameter = str(error).partition("invalid URI query parameter: ")
        if is_unknown:
            raise ConfigError(f"{name} has an unknown parameter: {parameter.strip()}.") from None
        is_valid = False
    if not is_valid:
        raise ConfigError(f"{name} must look like postgresql://user:password@host:5432/database.")
    return url


def with_timeouts(url: str) -> str:
    """The URL with the parameters that detect a host that has disappeared. Those that it already has are kept."""
    given = parse_dsn(url)
    added = "&".join(f"{name}={value}" for name, value in _PARAMETERS.items() if name not in given)
    return f"{url}{'&' if urlsplit(url).query else '?'}{added}" if added else url


@contextmanager
def naming_server(url: str) -> Iterator[None]:
    """Adds the server's address to the error of a failed connection. psycopg2 leaves it out if it waits with a function
    of ours (`core/database_driver.py`)."""
    try:
        yield
    except psycopg2.OperationalError as error:
        if str(error).startswith("connection to server"):
            raise
        server = parse_dsn(url)
        address = f'"{server.get("host", "localhost")}", port {server.get("port", 5432)}'
        raise psycopg2.OperationalError(f"connection to server at {address} failed: {error}") from error
