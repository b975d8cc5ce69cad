"""Processes recognise which others are dead, whatever happens to clocks and to the database."""

import threading
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import Database
from message_processing.worker.lease_monitor import MAX_GAP, MAX_SILENCE, LeaseMonitor, Observation
from repositories import leases
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel

MONOTONIC = "message_processing.worker.lease_monitor.time.monotonic"
ALIVE, DEAD = uuid4(), uuid4()


def test_lease_monitor_closes_without_a_database(database_url: str) -> None:
    database = Database(database_url, 1, direct_url=database_url)
    database._direct_url = "postgresql://icmp@127.0.0.1:1/icmp"  # refuses connections
    try:
        for number in range(3):  # the thread may end before or after `close` wakes it
            failed_once = threading.Event()
            monitor = LeaseMonitor(
                database, uuid4(), lambda _, failed=failed_once: failed.set(), lambda turns: None, lambda hold: None
            )
            assert failed_once.wait(10)
            if number:  # the first monitor got the connection that was opened with the pool
                assert monitor.find_problem() == "The database is unavailable."
            monitor.close()
            assert not monitor._thread.is_alive()
            assert monitor.find_problem() == "The lease monitor has stopped."
    finally:
        database.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_health_names_a_monitor_whose_thread_died(database_url: str) -> None:
    database = Database(database_url, 1)
    try:
        with patch.object(leases, "record_heartbeat", side_effect=SystemExit):
            monitor = LeaseMonitor(database, uuid4(), lambda _: None, lambda turns: None, lambda hold: None)
            monitor._thread.join(10)
        assert monitor.find_problem() == "The lease monitor has stopped."
        monitor.close()
    finally:
        database.close()


# Events of one second: nothing, the database is down, its clock is set, this process is suspended.
EVENTS = st.lists(
    st.one_of(
        st.just("second"),
        st.just("outage"),
        st.integers(-100_000, 100_000).map(lambda seconds: timedelta(seconds=seconds)),
        st.floats(0, 60),
    ),
    max_size=80,
)


@given(EVENTS)
def test_living_process_is_never_dead_and_a_dead_one_is_found(events: list[str | timedelta | float]) -> None:
    own_clock, database_clock = 1000.0, datetime(2026, 1, 1, tzinfo=UTC)
    observation, heartbeats = Observation(), {DEAD: database_clock + timedelta(days=1)}

    def check() -> list[UUID]:
        heartbeats[ALIVE] = database_clock
        with patch(MONOTONIC, return_value=own_clock):
            return observation.dead(heartbeats)

    for event in events:
        own_clock += event if isinstance(event, float) else 1
        database_clock += timedelta(seconds=1)
        if isinstance(event, timedelta):
            database_clock += event
        elif event != "outage":  # no process can record or read a heartbeat
            assert ALIVE not in check()
    for _ in range(int(MAX_SILENCE) + 2):  # one more, because sums of floats are not exact
        own_clock, database_clock = own_clock + 1, database_clock + timedelta(seconds=1)
        dead = check()
    assert dead == [DEAD]


def test_silence_during_an_outage_does_not_count() -> None:
    observation, heartbeat = Observation(), datetime(2026, 1, 1, tzinfo=UTC)

    def check(seconds: float) -> list[UUID]:
        with patch(MONOTONIC, return_value=1000 + seconds):
            return observation.dead({ALIVE: heartbeat})

    assert check(0) == []
    assert check(MAX_GAP + MAX_SILENCE) == []  # the first check after the outage
    assert check(2 * MAX_GAP + MAX_SILENCE - 1) == []


@pytest.mark.parametrize(("status", "counted"), [("running", 1), ("accepted", 0)])
def test_only_turns_that_ran_count_as_taken_over(
    shop: Shop, fake_model: FakeModel, sql: Connection, status: str, counted: int
) -> None:
    """The database's clock does not matter: the dead process has a heartbeat from tomorrow."""
    fake_model.reply("Greeting", "{}", "Hello.")
    turn_id, dead, heir = shop.say("Hello").get_json()["turn_id"], uuid4(), uuid4()
    sql.execute(
        "INSERT INTO processes VALUES (%(dead)s, clock_timestamp() + interval '1 day')",
        {"dead": dead},
    )
    sql.execute(
        "UPDATE turns SET status = %(status)s, lease_owner = %(dead)s, answer = NULL WHERE turn_id = %(turn_id)s",
        {"status": status, "dead": dead, "turn_id": turn_id},
    )
    # Taken over by a process that does not exist, so that it does not run.
    [taken] = leases.take_over_orphaned_turns(sql, heir, [dead])
    assert (str(taken["turn_id"]), taken["status"]) == (turn_id, "accepted")
    row = sql.execute("SELECT takeovers FROM turns WHERE turn_id = %(turn_id)s", {"turn_id": turn_id}).fetchone()
    assert row == {"takeovers": counted}
    sql.execute("UPDATE turns SET status = 'failed' WHERE turn_id = %(turn_id)s", {"turn_id": turn_id})
