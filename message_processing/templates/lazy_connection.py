"""A connection that variable providers share."""

from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

from core.errors import DatabaseUnavailable
from db import Connection, Connections


class LazyConnection:
    """A read-only connection that is taken from the pool on first use.

    Variable providers share one: each finds a working connection, whatever the previous one did with it. Raises
    DatabaseUnavailable if the pool has none.
    """

    def __init__(self, read_only: Connections, statement: Connections | None = None) -> None:
        """`statement` supplies a connection for a single statement, which saves two round trips."""
        self._read_only = read_only
        self._statement = statement
        self._opened: AbstractContextManager[Connection] | None = None
        self._conn: Connection | None = None

    def __getattr__(self, name: str) -> Any:
        if self._conn is not None and self._conn.closed:
            self.give_back()
        if self._conn is None:
            opened = self._read_only()
            self._conn = opened.__enter__()
            self._opened = opened
        elif self._conn.has_failed:
            self._conn.rollback()
        return getattr(self._conn, name)

    def for_one_statement(self) -> AbstractContextManager[Any]:
        """A connection for one reading statement. Reuses the connection that is already taken, if there is one; a turn
        never holds two."""
        return nullcontext(self) if self._statement is None or self._opened else self._statement()

    def give_back(self) -> None:
        """Return the connection to the pool, which replaces a broken one."""
        opened, self._opened, self._conn = self._opened, None, None
        if opened is not None:
            with suppress(DatabaseUnavailable):
                opened.__exit__(None, None, None)
