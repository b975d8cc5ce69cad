"""The connection pool and `transaction()`; no queries.

A process holds `DB_POOL_SIZE` connections, never more, and one of the lease monitor's. When all are in use, a caller
waits up to POOL_TIMEOUT seconds and then gets DatabaseUnavailable, which clients see as a 503. A connection that the
server has closed is detected when it is taken from the pool, and replaced.

`DATABASE_URL` may point to a connection pooler in transaction mode, which can give each transaction another session. So
nothing here outlives a transaction: no settings of the session, no session locks, no prepared statements.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol, cast

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INERROR
from psycopg2.extras import Json, RealDictCursor, register_uuid

from core import metrics
from core.concurrency import is_readable
from core.database_driver import open_connection
from core.database_errors import is_disk_full, translate_errors
from core.errors import DatabaseUnavailable
from core.fair_semaphore import FairSemaphore

Row = dict[str, Any]
Connections = Callable[[], AbstractContextManager["Connection"]]

POOL_TIMEOUT = 10.0  # seconds a caller waits for a connection
RECONNECT_INTERVAL = 0.2  # seconds between attempts to connect
CLOSE_TIMEOUT = 2.0  # seconds that closing the pool waits for connections in use
# Sent together with the first statement of each transaction, which costs no round trip.
LOCAL_SETTINGS = (
    "SET LOCAL statement_timeout = '25s';"
    " SET LOCAL idle_in_transaction_session_timeout = '60s';"
    " SET LOCAL timezone = 'UTC'; "
)
RESPONSE_TIMEOUT = 28.0  # seconds; longer than the server's own limit, for a server that no longer answers
OWN_RESPONSE_TIMEOUT = 5.0  # seconds, on the lease monitor's connection

register_uuid()


class Jsonb(Json):
    """Passes a Python object as `jsonb`. `psycopg2.extras.Json` alone is an untyped literal."""

    def getquoted(self) -> bytes:
        return super().getquoted() + b"::jsonb"


class JsonRows(Jsonb):
    """Passes rows for `jsonb_to_recordset`. Their values may also be decimals, timestamps and UUIDs."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        super().__init__(list(rows))

    def dumps(self, obj: Any) -> str:
        """The rows as JSON."""
        return json.dumps(obj, default=str)


class Cursor(Protocol):
    """The result of a statement."""

    rowcount: int

    def fetchone(self) -> Row | None: ...

    def fetchall(self) -> list[Row]: ...


class Connection(psycopg2.extensions.connection):
    """A connection whose rows are dicts."""

    local_settings = LOCAL_SETTINGS
    response_timeout = RESPONSE_TIMEOUT  # of each statement

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.used_at = time.monotonic()  # or opened

    def execute(self, statement: str, parameters: Mapping[str, Any] | None = None) -> Cursor:
        """Run a statement and return its result."""
        if self.get_transaction_status() == TRANSACTION_STATUS_IDLE:  # it starts a transaction, or is one
            statement = self.local_settings + statement
        cursor = self.cursor()
        cursor.execute(statement, parameters)
        return cast(Cursor, cursor)

    def use_snapshot(self) -> None:
        """Let all statements of the transaction see the same state of the database. Call it first."""
        self.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """If the block raises, undo what it has done. The transaction can continue."""
        self.execute("SAVEPOINT block")
        try:
            yield
        except Exception:
            if not self.closed:
                self.execute("ROLLBACK TO SAVEPOINT block; RELEASE SAVEPOINT block")
            raise
        self.execute("RELEASE SAVEPOINT block")

    def rollback(self) -> None:
        """Undo the transaction. A connection that has failed has done so, and its error must not be hidden."""
        if not self.closed:
            super().rollback()

    @property
    def has_failed(self) -> bool:
        """Whether a statement of the transaction has failed, so that it accepts no further ones."""
        return self.get_transaction_status() == TRANSACTION_STATUS_INERROR

    @property
    def is_pooled(self) -> bool:
        """Whether there is a connection pooler between this process and the server: then the process ID from the start
        of the connection is not that of the session."""
        row = self.execute("SELECT pg_backend_pid() AS pid").fetchone()
        return row is not None and row["pid"] != self.info.backend_pid


def connect(url: str, *, autocommit: bool = False, local_settings: str = LOCAL_SETTINGS) -> Connection:
    """A connection outside the pool. `local_settings` are SET LOCAL statements for each transaction."""
    conn = open_connection(url, Connection, RealDictCursor)
    conn.autocommit = autocommit
    conn.local_settings = local_settings
    return conn


class Database:
    """The connections of a process. Create it after the fork: processes cannot share connections."""

    def __init__(
        self, url: str, pool_size: int, timeout: float = POOL_TIMEOUT, *, direct_url: str | None = None
    ) -> None:
        """Opens `pool_size` connections; raises DatabaseUnavailable if the database does not answer.

        `direct_url` leads to the server where `url` leads to a pooler. `own_connection` uses it.
        """
        self._url, self._direct_url = url, direct_url or url
        self._timeout = timeout
        self._size = pool_size
        self._distrusted_at = 0.0  # connections that were idle then may be as dead as the one that failed
        self.disk_is_full = False  # whether a write has failed for that reason; the lease monitor resets it
        self._slots = FairSemaphore(pool_size)
        self._closed = False
        self._idle: list[Connection] = []  # the one used last is taken first
        with translate_errors():
            # First, so that no process starts without the connection that its heartbeat needs.
            self._first_own: Connection | None = self._connect_directly()
            self._idle += [connect(url) for _ in range(pool_size)]
        metrics.set_pool_size(pool_size)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection in a transaction: committed at the end, rolled back on any exception.

        Never nest transactions, and never keep one open during a call to a model or another host. Raises the errors of
        `translate_errors`.
        """
        with self._noting_full_disk(), translate_errors(), self._connection() as conn, conn:
            yield conn

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """A connection in autocommit mode. For a single statement this saves two round trips."""
        with self._noting_full_disk(), translate_errors(), self._connection() as conn:
            conn.autocommit = True
            try:
                yield conn
            finally:
                if not conn.closed:
                    conn.autocommit = False

    @contextmanager
    def read_only(self) -> Iterator[Connection]:
        """Like `transaction()`, but the database rejects every write."""
        with translate_errors(writes=False), self._connection() as conn:
            conn.readonly = True
            try:
                yield conn
            finally:
                if not conn.closed:
                    conn.rollback()
                    conn.readonly = None

    @contextmanager
    def own_connection(self) -> Iterator[Connection]:
        """An autocommit connection outside the pool, for a thread that keeps it. Its waits are short."""
        with translate_errors():
            conn, self._first_own = self._first_own or self._connect_directly(), None
            try:
                yield conn
            finally:
                if conn.closed:
                    self._distrust_idle_connections()
                conn.close()

    @property
    def url(self) -> str:
        """Where the database is."""
        return self._url

    def _connect_directly(self) -> Connection:
        # A health check may follow two other statements that wait for a lock, and its client waits for four seconds.
        settings = f"{LOCAL_SETTINGS}SET LOCAL lock_timeout = '1s'; "
        conn = connect(self._direct_url, autocommit=True, local_settings=settings)
        conn.response_timeout = OWN_RESPONSE_TIMEOUT
        return conn

    def _distrust_idle_connections(self) -> None:
        self._distrusted_at = time.monotonic()

    @contextmanager
    def _noting_full_disk(self) -> Iterator[None]:
        try:
            yield
        except DatabaseUnavailable as error:
            if is_disk_full(error):
                self.disk_is_full = True
            raise

    def close(self) -> None:
        """Close all connections, after waiting up to CLOSE_TIMEOUT seconds for those in use."""
        deadline = time.monotonic() + CLOSE_TIMEOUT
        for _ in range(self._size):
            self._slots.acquire(timeout=max(0.0, deadline - time.monotonic()))
        self._closed = True
        while self._idle:
            self._idle.pop().close()
        if self._first_own is not None:
            self._first_own.close()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A connection from the pool, after waiting for a free one."""
        deadline = time.monotonic() + self._timeout
        if not self._slots.acquire(timeout=0):
            with metrics.waiting_for_connection():
                if not self._slots.acquire(timeout=self._timeout):
                    raise DatabaseUnavailable
        try:
            conn = self._take(deadline)
            try:
                with metrics.using_connection():
                    yield conn
            finally:
                self._put_back(conn)
        finally:
            self._slots.release()

    def _take(self, deadline: float) -> Connection:
        """A working connection. Discards dead ones: after a restart of the database, all idle connections are dead.
        While the database restarts, keeps trying to connect until the deadline."""
        while True:
            if self._closed:
                raise DatabaseUnavailable
            try:
                conn = self._idle.pop()
            except IndexError:
                try:
                    return connect(self._url)
                except psycopg2.OperationalError:
                    if time.monotonic() + RECONNECT_INTERVAL > deadline:
                        raise
                    time.sleep(RECONNECT_INTERVAL)
                    continue
            if conn.used_at >= self._distrusted_at and _is_alive(conn):
                return conn
            conn.close()

    def _put_back(self, conn: Connection) -> None:
        if conn.closed:
            self._distrust_idle_connections()
        elif self._closed or conn.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            conn.close()  # the latter was interrupted
        else:
            conn.used_at = time.monotonic()
            self._idle.append(conn)


def _is_alive(conn: Connection) -> bool:
    """Whether an idle connection still works. A healthy one has nothing to read, so this usually needs no round trip;
    if there is something to read, a statement shows whether the connection is closed or only received a notice."""
    if not is_readable(conn.fileno()):
        return True
    try:
        conn.execute("SELECT")
        conn.rollback()
    except psycopg2.Error:
        return False
    return True
