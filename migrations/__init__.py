"""Numbered SQL files, applied in order by yoyo, each in a transaction of its own.

Everything runs under a PostgreSQL advisory lock, which ends with its connection: processes that start at once take
turns, and one that is killed leaves nothing behind. Each file works while the previous code still serves.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import yoyo

FOLDER = Path(__file__).parent
LOCK_ID = 0x1C3B_0001  # any number of our own: two programs that share a database must not share it
RETRY_SECONDS = 0.5
LEAST_SERVER_VERSION = 150000

logger = logging.getLogger(__name__)


class SchemaError(Exception):
    """The database cannot be brought to this version's schema; the message is one sentence that says what to do."""


def migrate(database_url: str, wait: float = 30.0, tell: Callable[[str], None] = logger.info) -> list[str]:
    """Bring the schema up to date; returns the ids of what was applied, none on a second run.

    `tell` is given a sentence for each thing that a migration names: what became of an older system's rows. It names
    rows by their ids and holds nothing that was in them. Waits up to `wait` seconds for a database that is still
    starting. Raises SchemaError when it does not come, when its schema is newer than this code, or when an older
    system's rows cannot be adopted.
    """
    deadline = time.monotonic() + wait
    while True:
        try:
            with _advisory_lock(database_url):
                return _apply(database_url, tell)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise SchemaError(
                    f"The database does not answer ({_first_line(error)}): check DATABASE_URL and that it runs."
                ) from error
            time.sleep(RETRY_SECONDS)
        except psycopg.errors.RaiseException as error:
            raise SchemaError(f"The migration stopped: {error.diag.message_primary}.") from error
        except psycopg.Error as error:
            raise SchemaError(f"The schema cannot be brought up to date ({_first_line(error)}).") from error


def _apply(database_url: str, tell: Callable[[str], None]) -> list[str]:
    backend = yoyo.get_backend(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    backend.connection.add_notice_handler(
        lambda notice: tell(notice.message_primary or "") if notice.sqlstate == "00000" else None  # ours, no warning
    )
    try:
        backend.break_lock()  # yoyo's own lock is a row that outlives a kill; the advisory lock is the one that counts
        known = yoyo.read_migrations(str(FOLDER)).filter(lambda migration: migration.is_raw_sql())
        pending = backend.to_apply(known)
        applied = {row[0] for row in backend.execute("SELECT migration_id FROM _yoyo_migration").fetchall()}
        unknown = applied - {migration.id for migration in known}
        if unknown:
            raise SchemaError(f"The database is of a newer version ({max(unknown)}): start that one.")
        for migration in pending:
            # One transaction for the steps and the mark: yoyo's own loop commits them apart, and a kill between the
            # two would apply a migration twice.
            with backend.transaction():
                migration.process_steps(backend, "apply")
                backend.mark_one(migration, log=False)
            logger.info("migration %s applied", migration.id)
        return [migration.id for migration in pending]
    finally:
        backend.connection.close()


@contextmanager
def _advisory_lock(database_url: str) -> Iterator[None]:
    with psycopg.connect(database_url, autocommit=True, connect_timeout=5) as conn:
        if conn.info.server_version < LEAST_SERVER_VERSION:
            raise SchemaError(
                f"The database is PostgreSQL {conn.info.server_version // 10000}: ICMP needs 15 or later."
            )
        conn.execute("SELECT pg_advisory_lock(%(lock)s)", {"lock": LOCK_ID})
        yield


def _first_line(error: psycopg.Error) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].strip()
