"""Numbered SQL files, applied in order by yoyo, each in its own transaction.

All of this runs under a PostgreSQL advisory lock, which ends with its transaction: processes that start at the same
time wait for each other, and a killed process leaves no lock behind. It also works through a connection pooler in
transaction mode, where a lock of the session would stay behind in the pooler. Each file works while the previous
version of the code still serves requests.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.errors
import yoyo

from core.database_errors import own_words
from core.database_url import naming_server, with_timeouts

FOLDER = Path(__file__).parent
LOCK_ID = 0x1C3B_0001  # any number, as long as no other program uses it in the same database
RETRY_SECONDS = 0.5
MIN_SERVER_VERSION = 150000

logger = logging.getLogger(__name__)


class SchemaError(Exception):
    """The database cannot be brought to this version's schema. The message is one sentence that says what to do."""


def migrate(database_url: str, wait: float = 30.0, on_notice: Callable[[str], None] = logger.info) -> list[str]:
    """Bring the schema up to date and return the IDs of the migrations applied, none on a second run.

    `on_notice` is called with a sentence for each notice of a migration, such as how a row was adopted. The sentences
    name rows by their IDs and contain no other data. Waits up to `wait` seconds for a database that is starting.
    Raises SchemaError if the database does not answer, if its schema is newer than this code, or if an older system's
    rows cannot be adopted.
    """
    deadline = time.monotonic() + wait
    while True:
        try:
            with _advisory_lock(database_url):
                return _apply(database_url, on_notice)
        except psycopg2.OperationalError as error:
            if time.monotonic() > deadline:
                raise SchemaError(
                    f"The database cannot be used ({own_words(error)}): check DATABASE_URL and that it is running."
                ) from error
            time.sleep(RETRY_SECONDS)
        except psycopg2.errors.RaiseException as error:
            raise SchemaError(f"The migration stopped: {error.diag.message_primary}.") from error
        except psycopg2.Error as error:
            raise SchemaError(f"The schema cannot be brought up to date ({own_words(error)}).") from error


class _Notices:
    """Receives a connection's notices, each as text such as "NOTICE:  message\\n"."""

    def __init__(self, on_notice: Callable[[str], None]) -> None:
        self._on_notice = on_notice

    def append(self, notice: str) -> None:
        self._on_notice(notice.partition(":")[2].strip())


def _apply(database_url: str, on_notice: Callable[[str], None]) -> list[str]:
    backend: Any = yoyo.get_backend(with_timeouts(database_url))
    backend.connection.notices = _Notices(on_notice)
    try:
        backend.break_lock()  # yoyo's own lock is a row that survives a kill; ours is the advisory lock
        known = yoyo.read_migrations(str(FOLDER)).filter(lambda migration: migration.is_raw_sql())
        pending = backend.to_apply(known)
        applied = {row[0] for row in backend.execute("SELECT migration_id FROM _yoyo_migration").fetchall()}
        unknown = applied - {migration.id for migration in known}
        if unknown:
            raise SchemaError(f"The database was created by a newer version ({max(unknown)}): start that version.")
        for migration in pending:
            # One transaction for the steps and the mark. yoyo's own loop commits them separately, and a kill between
            # the two would apply a migration twice.
            with backend.transaction():
                migration.process_steps(backend, "apply")
                backend.mark_one(migration, log=False)
            logger.info("migration %s applied", migration.id)
        return [migration.id for migration in pending]
    finally:
        backend.connection.close()


@contextmanager
def _advisory_lock(database_url: str) -> Iterator[None]:
    # Not by `db.connect`: gunicorn's master migrates before it sets the folder of the metrics, which must be known when
    # the metrics are imported.
    with naming_server(database_url):
        conn = psycopg2.connect(with_timeouts(database_url))
    try:
        if conn.info.server_version < MIN_SERVER_VERSION:
            raise SchemaError(
                f"The database is PostgreSQL {conn.info.server_version // 10000}: ICMP needs 15 or later."
            )
        with conn.cursor() as cursor:
            # Limits that the role or the database may set would end the lock before the migrations.
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_advisory_xact_lock(%(lock)s)", {"lock": LOCK_ID})
        yield
    finally:
        conn.close()
