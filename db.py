"""The connection pool and `transaction()`; no queries.

A process holds `DB_POOL_SIZE` connections, never more. When all are in use, a caller waits up to POOL_TIMEOUT seconds
and then gets DatabaseUnavailable, which clients see as a 503. A connection that the server has closed is detected when
it is taken from the pool, and replaced.
"""

import select
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any, Protocol, cast

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from psycopg2.extras import Json, RealDictCursor, register_uuid
from psycopg2.pool import PoolError, ThreadedConnectionPool

from core import metrics
from core.database_errors import translate_errors
from core.errors import DatabaseUnavailable

Row = dict[str, Any]
Connections = Callable[[], AbstractContextManager["Connection"]]

POOL_TIMEOUT = 10.0  # seconds a caller waits for a connection
CONNECT_TIMEOUT = 5  # seconds
RECONNECT_INTERVAL = 0.2  # seconds between attempts to connect
CLOSE_TIMEOUT = 2.0  # seconds that closing the pool waits for connections in use
SESSION_OPTIONS = "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"

register_uuid()


class Jsonb(Json):
    """Passes a Python object as `jsonb`. `psycopg2.extras.Json` alone is an untyped literal."""

    def getquoted(self) -> bytes:
        return super().getquoted() + b"::jsonb"


class Cursor(Protocol):
    """The result of a statement."""

    rowcount: int

    def fetchone(self) -> Row | None: ...

    def fetchall(self) -> list[Row]: ...


class Connection(psycopg2.extensions.connection):
    """A connection whose rows are dicts."""

    def execute(self, statement: str, parameters: Mapping[str, Any] | None = None) -> Cursor:
        """Run a statement and return its result."""
        cursor = self.cursor()
        cursor.execute(statement, parameters)
        return cast(Cursor, cursor)


def connect(url: str, *, autocommit: bool = False, options: str | None = SESSION_OPTIONS) -> Connection:
    """A connection outside the pool. `options` are PostgreSQL's command-line options for the session."""
    conn: Connection = psycopg2.connect(
        url,
        connection_factory=Connection,
        cursor_factory=RealDictCursor,
        connect_timeout=CONNECT_TIMEOUT,
        options=options,
    )
    conn.autocommit = autocommit
    return conn


class Database:
    """The connection pool of a process. Create it after the fork: processes cannot share connections."""

    def __init__(self, url: str, pool_size: int, timeout: float = POOL_TIMEOUT) -> None:
        """Opens `pool_size` connections; raises DatabaseUnavailable if the database does not answer."""
        self.url = url
        self._timeout = timeout
        self._size = pool_size
        # psycopg2's pool raises an error when it is exhausted, so callers wait for a slot first. With
        # minconn = maxconn it keeps every connection, and hands out the one used last.
        self._slots = threading.Semaphore(pool_size)
        with translate_errors():
            self._pool = ThreadedConnectionPool(
                pool_size,
                pool_size,
                url,
                connection_factory=Connection,
                cursor_factory=RealDictCursor,
                connect_timeout=CONNECT_TIMEOUT,
                options=SESSION_OPTIONS,
            )
        metrics.set_pool_size(pool_size)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection in a transaction: committed at the end, rolled back on any exception.

        Never nest transactions, and never keep one open during a call to a model or another host. Raises the errors of
        `translate_errors`.
        """
        with translate_errors(), self._connection() as conn, conn:
            yield conn

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """A connection in autocommit mode. For a single statement this saves two round trips."""
        with translate_errors(), self._connection() as conn:
            conn.autocommit = True
            try:
                yield conn
            finally:
                if not conn.closed:
                    conn.autocommit = False

    @contextmanager
    def read_only(self) -> Iterator[Connection]:
        """Like `transaction()`, but the database rejects every write."""
        with translate_errors(), self._connection() as conn:
            conn.readonly = True
            try:
                yield conn
            finally:
                if not conn.closed:
                    conn.rollback()
                    conn.readonly = None

    @contextmanager
    def own_connection(self) -> Iterator[Connection]:
        """An autocommit connection outside the pool, for a thread that keeps it."""
        with translate_errors():
            conn = connect(self.url, autocommit=True)
            try:
                yield conn
            finally:
                conn.close()

    def close(self) -> None:
        """Close all connections, after waiting up to CLOSE_TIMEOUT seconds for those in use."""
        deadline = time.monotonic() + CLOSE_TIMEOUT
        for _ in range(self._size):
            self._slots.acquire(timeout=max(0.0, deadline - time.monotonic()))
        with suppress(PoolError):  # it is closed already
            self._pool.closeall()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A connection from the pool, after waiting for a free one."""
        deadline = time.monotonic() + self._timeout
        with metrics.waiting_for_connection():
            if not self._slots.acquire(timeout=self._timeout):
                raise DatabaseUnavailable
        try:
            conn = self._take(deadline)
            try:
                with metrics.using_connection():
                    yield conn
            finally:
                with suppress(PoolError):  # the pool was closed meanwhile, and with it the connection
                    self._pool.putconn(conn)
        finally:
            self._slots.release()

    def _take(self, deadline: float) -> Connection:
        """A working connection. Discards dead ones: after a restart of the database, all idle connections are dead.
        While the database restarts, keeps trying to connect until the deadline."""
        while True:
            try:
                conn = cast(Connection, self._pool.getconn())
            except psycopg2.OperationalError:
                if time.monotonic() + RECONNECT_INTERVAL > deadline:
                    raise
                time.sleep(RECONNECT_INTERVAL)
                continue
            if _is_alive(conn):
                return conn
            self._pool.putconn(conn, close=True)


def _is_alive(conn: Connection) -> bool:
    """Whether an idle connection still works. A healthy one has nothing to read, so this usually needs no round trip;
    if there is something to read, a statement shows whether the connection is closed or only received a notice."""
    if not wait_readable(conn.fileno()):
        return True
    try:
        conn.execute("SELECT")
        conn.rollback()
    except psycopg2.Error:
        return False
    return True


def wait_readable(*descriptors: int, seconds: float = 0) -> bool:
    """Whether one of the file descriptors has data to read within `seconds`.

    Uses `poll`, because `select` cannot handle a descriptor above 1,023.
    """
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


class LazyConnection:
    """A read-only connection that is taken from the pool on first use.

    Variable providers share one: each finds a working connection, whatever the previous one did with it. If the pool
    has no connection to give, it is not asked again.
    """

    def __init__(self, read_only: Connections, statement: Connections | None = None) -> None:
        """`statement` supplies a connection for a single statement, which saves two round trips."""
        self._read_only = read_only
        self._statement = statement
        self._opened: AbstractContextManager[Connection] | None = None
        self._conn: Connection | None = None
        self._failure: DatabaseUnavailable | None = None

    def __getattr__(self, name: str) -> Any:
        if self._failure:
            raise self._failure
        if self._conn is not None and self._conn.closed:
            self.give_back()
        if self._conn is None:
            try:
                self._opened = self._read_only()
                self._conn = self._opened.__enter__()
            except DatabaseUnavailable as error:
                self._failure = error
                raise
        elif self._conn.info.transaction_status == TRANSACTION_STATUS_INERROR:
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
