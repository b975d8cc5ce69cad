"""Claims of background jobs: each job belongs to one process at a time, also when processes die."""

from collections.abc import Iterator

import pytest

from background import jobs
from background.jobs import LeaseLost
from db import Database
from repositories import leases
from tests.support.database import Connection, connect
from tests.support.jobs import BUSINESSES, add, claim, database_with_businesses, start_process, stored


@pytest.fixture
def database(new_database_url: str) -> Iterator[Database]:
    with database_with_businesses(new_database_url) as database:
        yield database


@pytest.fixture
def sql(new_database_url: str, database: Database) -> Iterator[Connection]:
    with connect(new_database_url) as conn:
        yield conn


def test_two_processes_never_claim_jobs_of_one_queue_at_the_same_time(database: Database, sql: Connection) -> None:
    """Not even if the earlier job is committed after the later one was claimed."""
    first, second = start_process(database), start_process(database)
    with database.transaction() as conn:
        jobs.add(conn, "test", BUSINESSES[0], {"number": 0}, queue_key="imports")
        add(database, payload={"number": 1}, queue_key="imports")
        assert [job.payload for job in claim(database, first)] == [{"number": 1}]
    assert claim(database, second) == []
    sql.execute("DELETE FROM jobs WHERE lease_owner IS NOT NULL")
    assert [job.payload for job in claim(database, second)] == [{"number": 0}]


def test_job_of_a_dead_process_is_taken_over(database: Database, sql: Connection) -> None:
    dead, living = start_process(database), start_process(database)
    add(database)
    (lost,) = claim(database, dead)
    assert claim(database, living) == []
    with database.transaction() as conn:
        assert leases.release_orphaned_jobs(conn, []) == []
        assert [row["job_id"] for row in leases.release_orphaned_jobs(conn, [dead])] == [lost.job_id]
    (job,) = claim(database, living)
    assert (job.job_id, job.takeovers, job.epoch) == (lost.job_id, 1, 2)
    with database.transaction() as conn:
        job.checkpoint(conn)
        with pytest.raises(LeaseLost):  # the process was only slow, and comes back
            lost.checkpoint(conn)


def test_job_of_a_process_that_has_ended_is_taken_over_at_once(database: Database) -> None:
    ended, living = start_process(database), start_process(database)
    add(database)
    assert len(claim(database, ended)) == 1
    with database.transaction() as conn:
        leases.delete_process(conn, ended)
        leases.release_orphaned_jobs(conn, [])
    assert len(claim(database, living)) == 1
    assert claim(database, ended) == []


def test_jobs_end_with_their_business(database: Database, sql: Connection) -> None:
    add(database)
    sql.execute("DELETE FROM businesses WHERE business_id = %(id)s", {"id": BUSINESSES[0]})
    assert stored(sql) == []


def test_claims_read_only_the_next_job_of_each_business(database: Database, sql: Connection) -> None:
    """A business with many jobs costs no more than one with few."""
    sql.execute(
        """
        INSERT INTO jobs (kind, business_id, run_at)
        SELECT 'test', %(id)s, now() + n * interval '1 second' - interval '1 hour' FROM generate_series(1, 20000) AS n
        """,
        {"id": BUSINESSES[0]},
    )
    add(database, business_id=BUSINESSES[1])
    sql.execute("ANALYZE jobs")
    process_id = start_process(database)
    before = rows_read(sql)
    assert len(claim(database, process_id)) == 2
    assert rows_read(sql) - before < 30


def rows_read(sql: Connection) -> int:
    sql.execute("SELECT pg_stat_clear_snapshot()")
    rows = sql.execute(
        "SELECT seq_tup_read + idx_tup_fetch AS count FROM pg_stat_user_tables WHERE relname = 'jobs'"
    ).fetchall()
    return int(rows[0]["count"])
