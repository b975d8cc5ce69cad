"""A database whose transactions are parts of one transaction, which is rolled back in the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock  # prompts read while they hold a connection, in the same thread
from typing import Any, cast

from core.database_errors import translate_errors
from core.errors import DatabaseUnavailable
from db import Connection, Database, connect


class CaseLost(Exception):
    """The connection has failed, and with it everything that the test case has stored."""


class CaseDatabase:
    """What accepts and answers messages uses it like `db.Database`. Its transactions run one at a time."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._lock = RLock()

    @staticmethod
    @contextmanager
    def discarded_transaction(url: str, idle_seconds: int) -> Iterator[Connection]:
        """A transaction on a connection outside the pool, which is always rolled back. Unlike other transactions it may
        stay open during calls to a model, of up to `idle_seconds`, so it must lock no rows that others need."""
        with translate_errors():
            conn = connect(url)
        try:
            with translate_errors():
                conn.execute(
                    "SELECT set_config('idle_in_transaction_session_timeout', %(seconds)s, true)",
                    {"seconds": f"{idle_seconds}s"},
                )
            yield conn
        finally:
            conn.rollback()
            conn.close()

    @classmethod
    def on(cls, conn: Connection) -> Database:
        """Returns a database with all its transactions on this connection."""
        return cast(Database, cls(conn))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection in a part of the transaction, which is undone on any exception."""
        try:
            with self._lock, translate_errors(), self._conn.savepoint():
                yield cast(Connection, _Part(self._conn))
        except DatabaseUnavailable as error:
            if self._conn.closed:  # so that nobody waits until it is available again
                raise CaseLost from error
            raise

    statement = transaction

    @contextmanager
    def read_only(self) -> Iterator[Connection]:
        """A connection for reading. Nothing that it does remains, also if a statement has failed."""
        try:
            with self._lock, translate_errors():
                self._conn.execute("SAVEPOINT block")
                try:
                    yield cast(Connection, _Part(self._conn))
                finally:
                    if not self._conn.closed:
                        self._conn.execute("ROLLBACK TO SAVEPOINT block; RELEASE SAVEPOINT block")
        except DatabaseUnavailable as error:
            if self._conn.closed:
                raise CaseLost from error
            raise


class _Part:
    """A connection whose `rollback` undoes only the current part of the transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def __getattr__(self, name: str) -> Any:
        return getattr(self._conn, name)

    def use_snapshot(self) -> None:
        """The transaction has already begun."""

    def rollback(self) -> None:
        """Undo what the part has done."""
        self._conn.execute("ROLLBACK TO SAVEPOINT block")
