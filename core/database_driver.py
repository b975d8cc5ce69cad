"""Connects to PostgreSQL and waits for it, in greenlets and in threads alike, and never without end.

A proxy or a connection pooler can keep a connection open whose other end is gone. Neither keepalives nor the server's
own time limits help then. So psycopg2 waits here, where each wait has a time limit, instead of in the C library. This
rules out COPY, which psycopg2 does not support with a function of its own for waiting.
"""

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

import psycopg2
from psycopg2.extensions import (
    POLL_OK,
    POLL_WRITE,
    STATUS_BEGIN,
    STATUS_READY,
    connection,
    make_dsn,
    parse_dsn,
    set_wait_callback,
)

from core.concurrency import wait_for_descriptor
from core.database_url import naming_server, with_timeouts

C = TypeVar("C", bound=connection)


def open_connection(url: str, connection_factory: Callable[..., C], cursor_factory: Any) -> C:
    """Connect, trying each address of the host. The name is resolved here: the C library would block all greenlets."""
    *others, last = _per_address(with_timeouts(url))
    factories: Any = {"connection_factory": connection_factory, "cursor_factory": cursor_factory}
    for dsn in others:
        try:
            with naming_server(dsn):
                return cast(C, psycopg2.connect(dsn, **factories))
        except psycopg2.OperationalError as error:
            if "FATAL" in str(error):  # the server's own words: its other addresses would say the same
                raise
    with naming_server(last):
        return cast(C, psycopg2.connect(last, **factories))


def _per_address(url: str) -> Iterator[str]:
    parameters = parse_dsn(url)
    host = parameters.get("host", "")
    if not host or "/" in host or "," in host or "hostaddr" in parameters:
        yield url
        return
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise psycopg2.OperationalError(f"could not resolve the host name: {error.strerror}") from error
    for address in dict.fromkeys(str(each[4][0]) for each in found):
        yield make_dsn(url, hostaddr=address)


def _wait(conn: Any) -> None:
    """Wait until the connection is ready. Closes it and raises OperationalError after its time limit."""
    seconds = _time_limit(conn)
    deadline = None if seconds is None else time.monotonic() + seconds
    while (state := conn.poll()) != POLL_OK:
        left = None if deadline is None else deadline - time.monotonic()
        if not wait_for_descriptor(conn.fileno(), writable=state == POLL_WRITE, seconds=left):
            raise psycopg2.OperationalError("the server does not answer")  # psycopg2 closes the connection


def _time_limit(conn: Any) -> float | None:
    """Seconds: of the connection's class, or for connecting, which the C library does not limit here."""
    if conn.status in (STATUS_READY, STATUS_BEGIN):
        limit: float | None = getattr(conn, "response_timeout", None)
        return limit
    parameters = parse_dsn(conn.dsn)
    hosts = parameters.get("host", "").count(",") + 1
    return hosts * float(parameters.get("connect_timeout") or 0) or None


set_wait_callback(_wait)
