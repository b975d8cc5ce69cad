"""The runner of background jobs: each job runs once, failed ones again, and no business delays another one."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

import pytest

from background import runner
from background.jobs import Continue, Interrupted, Job, Kind, Retry
from background.runner import MAX_JOBS_OF_GROUP
from db import Database
from repositories import leases
from tests.support.database import Connection, connect
from tests.support.jobs import BUSINESSES, add, database_with_businesses, running, stored
from tests.support.os_users import wait_for


@pytest.fixture(autouse=True)
def quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "POLL_INTERVAL", 0.05)


@pytest.fixture
def database(new_database_url: str) -> Iterator[Database]:
    with database_with_businesses(new_database_url) as database:
        yield database


@pytest.fixture
def sql(new_database_url: str, database: Database) -> Iterator[Connection]:
    with connect(new_database_url) as conn:
        yield conn


def test_each_job_runs_once_although_several_processes_look_for_jobs(database: Database, sql: Connection) -> None:
    seen: list[int] = []
    kind = Kind("test", lambda job: seen.append(job.payload["number"]))
    for number in range(40):
        add(database, business_id=BUSINESSES[number % 2], payload={"number": number})
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(running(database, kind))
        wait_for(lambda: not stored(sql), "the jobs")
    assert sorted(seen) == list(range(40))


def test_jobs_of_a_queue_run_one_at_a_time_in_the_order_of_insertion(database: Database, sql: Connection) -> None:
    order: list[int] = []
    at_once = threading.Semaphore(1)

    def run(job: Job) -> None:
        assert at_once.acquire(blocking=False)
        order.append(job.payload["number"])
        if order.count(job.payload["number"]) == 1 and job.payload["number"] % 3 == 0:
            at_once.release()
            raise Retry("once", 0.01)
        at_once.release()

    for number in range(12):
        add(database, payload={"number": number}, queue_key="imports")
    with running(database, Kind("test", run)), running(database, Kind("test", run)):
        wait_for(lambda: not stored(sql), "the jobs")
    assert order == [0, 0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 10, 11]


def test_job_that_kills_its_processes_is_given_up(database: Database, sql: Connection) -> None:
    given_up: list[UUID] = []
    runs: list[UUID] = []
    add(database)
    sql.execute("UPDATE jobs SET takeovers = %(count)s", {"count": leases.MAX_TAKEOVERS + 1})
    kind = Kind("test", lambda job: runs.append(job.job_id), give_up=lambda conn, job: given_up.append(job.job_id))
    with running(database, kind):
        wait_for(lambda: not stored(sql), "the job")
    assert len(given_up) == 1
    assert runs == []


def test_failed_job_runs_again_with_increasing_delays_until_it_is_given_up(database: Database, sql: Connection) -> None:
    given_up = threading.Event()

    def give_up(conn: Connection, job: Job) -> None:
        conn.execute("UPDATE businesses SET website = 'given up' WHERE business_id = %(id)s", {"id": job.business_id})
        given_up.set()

    def fail(job: Job) -> None:
        raise OSError("broken")

    add(database)
    delays: list[float] = []
    with running(database, Kind("test", fail, max_attempts=4, give_up=give_up)):
        for attempts in range(1, 4):
            wait_for(lambda attempts=attempts: stored(sql)[0]["attempts"] == attempts, "the attempt")
            row = sql.execute(
                """
                UPDATE jobs SET run_at = now()
                FROM (SELECT job_id, extract(epoch FROM run_at - now()) AS delay FROM jobs) AS before
                RETURNING before.delay, last_error
                """
            ).fetchall()[0]
            delays.append(round(float(row["delay"])))
            assert row["last_error"] == "OSError"
        assert given_up.wait(10)
        wait_for(lambda: not stored(sql), "the end of the job")
    assert delays == [5, 10, 20]
    rows = sql.execute("SELECT FROM businesses WHERE website = 'given up'").fetchall()
    assert len(rows) == 1


@pytest.mark.parametrize("ending", [Continue(), Interrupted()])
def test_unfinished_job_continues_without_counting_as_failed(
    database: Database, sql: Connection, ending: Exception
) -> None:
    attempts: list[int] = []

    def run(job: Job) -> None:
        attempts.append(job.attempts)
        if len(attempts) < 5:
            raise ending

    add(database)
    with running(database, Kind("test", run)):
        wait_for(lambda: not stored(sql), "the job")
    assert attempts == [0, 0, 0, 0, 0]


def test_job_that_is_added_again_while_it_runs_runs_again(database: Database, sql: Connection) -> None:
    started, may_end = threading.Event(), threading.Event()
    runs: list[UUID] = []

    def run(job: Job) -> None:
        runs.append(job.job_id)
        started.set()
        assert may_end.wait(10)

    for _ in range(3):  # before it starts: one run
        add(database, unique_key="summary")
    add(database, business_id=BUSINESSES[1], unique_key="summary")  # another business: another job
    with running(database, Kind("test", run)):
        wait_for(lambda: len(runs) == 2, "the first runs")
        for _ in range(2):
            add(database, unique_key="summary")
        may_end.set()
        wait_for(lambda: not stored(sql), "the jobs")
    assert len(runs) == 3


def test_slow_jobs_delay_neither_other_businesses_nor_other_kinds(database: Database, sql: Connection) -> None:
    may_end = threading.Event()
    slow: list[UUID] = []
    others: list[Job] = []

    def run(job: Job) -> None:
        if job.business_id == BUSINESSES[1] or job.kind == "other":
            others.append(job)
            return
        slow.append(job.job_id)
        may_end.wait(20)

    for _ in range(50):
        add(database)
    with running(database, Kind("test", run), Kind("other", run)):
        wait_for(lambda: len(slow) == MAX_JOBS_OF_GROUP, "the slow jobs")
        add(database, business_id=BUSINESSES[1])
        add(database, kind="other")
        wait_for(lambda: len(others) == 2, "the other jobs")
        assert len(slow) == MAX_JOBS_OF_GROUP
        may_end.set()
        wait_for(lambda: not stored(sql), "the jobs")
    assert len(slow) == 50


def test_running_job_stops_at_its_next_checkpoint_when_the_process_stops(database: Database, sql: Connection) -> None:
    started, closing = threading.Event(), threading.Event()

    def run(job: Job) -> None:
        started.set()
        assert closing.wait(10)
        with database.transaction() as conn:
            job.checkpoint(conn)
            raise AssertionError("The process is stopping.")

    add(database)
    with running(database, Kind("test", run)) as active:
        assert started.wait(10)
        closer = threading.Thread(target=active.close)
        closer.start()
        wait_for(active.is_stopping, "the runner")
        closing.set()
        closer.join(10)
    (row,) = stored(sql)
    assert (row["lease_owner"], row["attempts"], row["last_error"]) == (None, 0, None)


def test_job_waits_for_its_time_and_for_a_process_that_knows_its_kind(database: Database, sql: Connection) -> None:
    runs: list[UUID] = []
    kind = Kind("test", lambda job: runs.append(job.job_id))
    add(database, kind="of a newer version")
    rows = sql.execute("SELECT now() + interval '1 hour' AS later").fetchall()
    add(database, run_at=rows[0]["later"])
    with running(database, kind):
        add(database)
        wait_for(lambda: len(stored(sql)) == 2, "the job that is due")
        assert len(runs) == 1
        sql.execute("UPDATE jobs SET run_at = run_at - interval '1 hour'")
        wait_for(lambda: len(runs) == 2, "the other job")
    assert [row["kind"] for row in stored(sql)] == ["of a newer version"]


def test_recurring_job_runs_on_one_process_at_a_time(
    database: Database, sql: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "FIRST_DELAY", 0)
    runs: list[UUID] = []
    kind = Kind("test", lambda job: runs.append(job.job_id), every=3600)
    with running(database, kind), running(database, kind):
        wait_for(lambda: len(runs) == 1, "the first run")
        wait_for(lambda: stored(sql)[0]["lease_owner"] is None, "the end of the first run")
        sql.execute("UPDATE jobs SET run_at = run_at - interval '1 hour'")
        wait_for(lambda: len(runs) == 2, "the second run")
    assert len(stored(sql)) == 1


def test_end_of_a_job_is_saved_when_the_database_is_back(database: Database, new_database_url: str) -> None:
    runs: list[UUID] = []

    def run(job: Job) -> None:
        runs.append(job.job_id)
        with connect(new_database_url) as conn:
            conn.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE pid <> pg_backend_pid() AND datname = current_database()
                """
            )
        ended.set()

    ended = threading.Event()
    add(database)
    with running(database, Kind("test", run)):
        assert ended.wait(10)
        with connect(new_database_url) as conn:
            wait_for(lambda: not stored(conn), "the job")
    assert len(runs) == 1
