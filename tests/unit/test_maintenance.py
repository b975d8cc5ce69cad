"""The recurring jobs of the platform."""

from contextlib import closing
from uuid import uuid4

import pytest

from background import runner
from background.maintenance import Maintenance
from db import Database
from repositories import leases
from tests.support.database import connect
from tests.support.os_users import wait_for


def test_partitions_are_created_soon_after_the_start(new_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "FIRST_DELAY", 0.01)
    with connect(new_database_url) as sql, closing(Database(new_database_url, 1)) as database:
        rows = sql.execute(
            "SELECT max(relname) AS name FROM pg_class WHERE relname ~ '^llm_calls_\\d{4}_\\d\\d$'"
        ).fetchall()
        latest = rows[0]["name"]
        sql.execute(f"DROP TABLE {latest}")
        process_id = uuid4()
        leases.record_heartbeat(sql, process_id)
        kinds = Maintenance(database, 30).kinds()
        with closing(runner.Runner(database, process_id, kinds)):
            exists = "SELECT WHERE to_regclass(%(name)s) IS NOT NULL"
            wait_for(lambda: bool(sql.execute(exists, {"name": latest}).fetchall()), "the partition")
            unfinished = "SELECT FROM jobs WHERE lease_owner IS NOT NULL OR run_at < now() + interval '30 seconds'"
            wait_for(lambda: not sql.execute(unfinished).fetchall(), "the end of the jobs")
        assert len(sql.execute("SELECT FROM jobs").fetchall()) == len(kinds)
