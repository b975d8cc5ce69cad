"""The connection pool and `transaction()`; no queries.

A process holds at most `DB_POOL_SIZE` connections. A pool that is empty makes the caller wait, then answers 503; it
never grows. A connection that the server closed is noticed when it is taken, and replaced.
"""

import logging
import select
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from core import metrics
from core.errors import Conflict, DatabaseUnavailable, InvalidRequest, NotFound

Connection = psycopg.Connection[DictRow]
Row = dict[str, Any]
Connections = Callable[[], AbstractContextManager[Connection]]

POOL_WAIT = 10.0  # seconds a caller waits for a connection
SESSION_OPTIONS = "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"

logger = logging.getLogger(__name__)

# What a constraint's violation means to a client: the error, its sentence, and the field it concerns.
_UNIQUE = {
    "businesses_business_name_key": "A business with this name exists already.",
    "users_email_of_staff_key": "A user with this email exists already.",
    "users_email_of_customer_key": "A customer of this business with this email exists already.",
    "users_external_id_key": "A customer of this business with this external_id exists already.",
    "stages_business_id_stage_name_key": "A stage of this business with this name exists already.",
    "business_variables_business_id_name_key": "A variable of this business with this name exists already.",
    "agents_business_id_agent_name_key": "An agent of this business with this name exists already.",
    "event_property_schemas_event_type_key": "This type of event has a schema already.",
}
_FOREIGN = {
    "stages_agent_fkey": "agent_id",
    "conversations_user_id_fkey": "user_id",
    "businesses_default_stage_fkey": "default_stage_id",
    "events_agent_fkey": "agent_id",
    "events_stage_fkey": "stage_id",
    "events_product_fkey": "product_id",
    "events_order_fkey": "order_id",
    "events_user_id_fkey": "user_id",
}


class Database:
    """A process's pool. Create it after the fork: connections cannot be shared across one."""

    def __init__(self, url: str, pool_size: int, wait: float = POOL_WAIT) -> None:
        self.url = url
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            url,
            min_size=pool_size,
            max_size=pool_size,
            timeout=wait,
            open=False,
            name="icmp",
            check=self._check,
            # Short, so that after a long outage the next caller starts a new attempt instead of waiting out a backoff.
            reconnect_timeout=5.0,
            kwargs={"row_factory": dict_row, "options": SESSION_OPTIONS, "connect_timeout": 5},
        )
        self._pool.open()
        metrics.show_pool(pool_size)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection in a transaction: committed at the end, rolled back on any exception. Never nested, and never
        open across a call to a model or another host. Raises the errors of `_translate`."""
        with _translate(), self._taken() as conn:
            yield conn

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """A connection on which each statement is its own transaction: for one statement, two round trips fewer."""
        with _translate(), self._taken() as conn:
            conn.autocommit = True
            try:
                yield conn
            finally:
                if not conn.closed:
                    conn.autocommit = False

    @contextmanager
    def read_only(self) -> Iterator[Connection]:
        """As `transaction()`, where the database refuses every write."""
        with _translate(), self._taken() as conn:
            conn.read_only = True
            try:
                yield conn
            finally:
                conn.rollback()
                conn.read_only = None

    @contextmanager
    def own_connection(self) -> Iterator[Connection]:
        """A connection outside the pool, each statement on its own, for a thread that holds it for its life."""
        with (
            _translate(),
            psycopg.connect(
                self.url, autocommit=True, row_factory=dict_row, connect_timeout=5, options=SESSION_OPTIONS
            ) as conn,
        ):
            yield conn

    def close(self) -> None:
        self._pool.close(timeout=2)

    @contextmanager
    def _taken(self) -> Iterator[Connection]:
        """A connection of the pool in a transaction, waited for where none is free."""
        with ExitStack() as given_back:
            metrics.want_connection()
            try:
                conn = given_back.enter_context(self._pool.connection())
            finally:
                metrics.stop_wanting_connection()
            metrics.take_connection()
            given_back.callback(metrics.give_back_connection)
            yield conn

    def _check(self, conn: psycopg.Connection[Any]) -> None:
        """Refuse a connection that died in the pool. A healthy idle one has nothing to read, so the usual check costs
        no round trip; where there is something, asking tells whether it was a notice or the end."""
        if not readable(conn.fileno()):
            return
        try:
            conn.execute("")
            conn.rollback()
        except psycopg.OperationalError:
            # Where one died others did. Were they found one by one, the pool would pause longer after each.
            self._pool.check()
            raise


def readable(*descriptors: int, seconds: float = 0) -> bool:
    """Whether one of them has something to read within so many seconds. Not by `select`, which cannot look at the
    1,025th open file of a process."""
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


class LazyConnection:
    """Stands for a read-only connection that is taken from the pool when something is first asked of it.

    For code that is anybody's, one after the other: whoever comes next finds a connection that works, whatever the one
    before did with it. A pool that had none to give is not asked again.
    """

    def __init__(self, read_only: Connections, statement: Connections | None = None) -> None:
        """`statement`: where to take a connection for one statement only, which costs two round trips less."""
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
        elif self._conn.info.transaction_status == TransactionStatus.INERROR:
            self._conn.rollback()
        return getattr(self._conn, name)

    def for_one_statement(self) -> AbstractContextManager[Any]:
        """For the product's own statements, which write nothing. Nobody holds two connections at once: where one was
        taken already it is that one."""
        return nullcontext(self) if self._statement is None or self._opened else self._statement()

    def give_back(self) -> None:
        """To the pool, which replaces a broken one."""
        opened, self._opened, self._conn = self._opened, None, None
        if opened is not None:
            with suppress(DatabaseUnavailable):
                opened.__exit__(None, None, None)


@contextmanager
def _translate() -> Iterator[None]:
    """The driver's errors as the product's own: what a client did wrong is told, the database's absence is a 503."""
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        raise Conflict(_UNIQUE.get(error.diag.constraint_name or "", "This row exists already.")) from error
    except psycopg.errors.ForeignKeyViolation as error:
        field = _FOREIGN.get(error.diag.constraint_name or "")
        raise NotFound(f"There is no such {field}." if field else "A row that is named does not exist.") from error
    except psycopg.errors.SerializationFailure as error:
        raise Conflict("Two requests changed this at once.") from error
    except psycopg.errors.UntranslatableCharacter as error:
        raise InvalidRequest("The request holds a character that cannot be stored.") from error
    except (PoolTimeout, PoolClosed, psycopg.OperationalError, psycopg.InterfaceError) as error:
        if isinstance(error, psycopg.Error) and (error.sqlstate or "").startswith("54"):
            raise  # beyond a limit of PostgreSQL: that will not be better in a while
        logger.warning("database unavailable", extra={"error_code": type(error).__name__})
        raise DatabaseUnavailable() from error
