"""The jobs that each process runs from time to time."""

from contextlib import closing

import pytest

from db import Database
from message_processing.worker import maintenance
from tests.support.database import connect
from tests.support.os_users import wait_for


def test_jobs_run_soon_after_the_start(new_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "_FIRST_DELAY", 0.01)
    with connect(new_database_url) as sql, closing(Database(new_database_url, 1)) as database:
        rows = sql.execute(
            "SELECT max(relname) AS name FROM pg_class WHERE relname ~ '^llm_calls_\\d{4}_\\d\\d$'"
        ).fetchall()
        latest = rows[0]["name"]
        sql.execute(f"DROP TABLE {latest}")
        with closing(maintenance.Maintenance(database, 90)):
            exists = "SELECT WHERE to_regclass(%(name)s) IS NOT NULL"
            wait_for(lambda: bool(sql.execute(exists, {"name": latest}).fetchall()), "the partition")
