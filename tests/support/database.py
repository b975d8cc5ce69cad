"""The tests' own database connections, to check what was stored and to set up what the API cannot."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2 import DataError, OperationalError
from psycopg2.errors import ReadOnlySqlTransaction

import db
from db import Connection

__all__ = ["Connection", "DataError", "OperationalError", "ReadOnlySqlTransaction", "connect"]


@contextmanager
def connect(url: str, *, autocommit: bool = True) -> Iterator[Connection]:
    """A connection with dict rows, closed at the end. Without `autocommit`, its transaction is then committed."""
    conn = db.connect(url, autocommit=autocommit, local_settings="")
    conn.response_timeout = 1800.0  # seconds; some tests insert a million rows
    try:
        yield conn
        if not autocommit:
            conn.commit()
    finally:
        conn.close()
