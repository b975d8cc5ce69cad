"""The background job that counts what has changed.

It replaces the figures of each quarter of an hour in which something has changed by what the turns, calls and
conversations say, in one transaction that sees one state of the database. If it is killed, nothing has happened. What
changes meanwhile is noted in a later change, and counted the next time.
"""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from analytics.days import days_between, zone_of
from background.jobs import Continue, Job, Kind
from core.errors import Conflict, NotFound
from db import Connection, Database
from repositories import rollup_conversations, rollup_days, rollup_state, rollup_turns

QUARTER_HOUR = timedelta(minutes=15)
MIN_INTERVAL = 60.0  # seconds between two counts of a business
MAX_SHARE = 0.02  # of the time of one connection that counting may take
MIN_WORK = 0.1  # seconds of counting before a pause, so that pauses are longer than the runner's intervals
MAX_BUCKETS = 96  # quarters of an hour that are counted in one transaction
MAX_GAP = timedelta(hours=3)  # counting a few quarters of an hour without changes costs less than further statements
MAX_BUSINESSES = 20  # that are looked up at once

Span = tuple[datetime, datetime]


class RollingUp:
    """Counts what has changed, one business after the other, and pauses in between."""

    def __init__(self, database: Database, min_interval: float = MIN_INTERVAL) -> None:
        self._database = database
        self._min_interval = min_interval

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of its jobs, for the runner."""
        return (Kind("roll_up_analytics", self._run, max_attempts=None, every=self._min_interval / 2),)

    def _run(self, job: Job) -> None:
        started = time.monotonic()
        with self._database.transaction() as conn:
            business_ids = rollup_state.list_due_businesses(conn, self._min_interval, MAX_BUSINESSES)
        for business_id in business_ids:
            try:
                with self._database.transaction() as conn:
                    conn.use_snapshot()
                    job.checkpoint(conn)
                    if roll_up(conn, business_id):
                        rollup_state.let_continue(conn, business_id)
            except (Conflict, NotFound):  # counted by `analytics.rebuild`, or deleted
                continue
            if (took := time.monotonic() - started) > MIN_WORK:
                raise Continue(after_seconds=took / MAX_SHARE)


def roll_up(conn: Connection, business_id: UUID, limit: int = MAX_BUCKETS) -> bool:
    """Count the latest changes of a business, those of up to `limit` quarters of an hour, in a transaction with
    `Connection.use_snapshot`. Returns whether there are more.

    Raises Conflict if something else counts the business at the same time, and NotFound if it was deleted.
    """
    state = rollup_state.lock_state(conn, business_id)
    changes = rollup_state.take_changes(conn, business_id, limit)
    due = rollup_state.take_due(conn, business_id, limit)
    first = state["complete_from"]
    of_turns = _spans({row["bucket"] for row in changes if row["has_turns"]}, first)
    of_conversations = _spans({row["bucket"] for row in changes if row["has_conversations"]} | set(due), first)
    for since, until in of_turns:
        count_turns(conn, business_id, since, until)
    for since, until in of_conversations:
        count_conversations(conn, business_id, since, until)
    zone_name = state["settings_time_zone"] or "UTC"
    if zone_name == state["time_zone"]:
        add_up_days(conn, business_id, zone_name, [*of_turns, *of_conversations])
    else:
        rollup_state.set_time_zone(conn, business_id, zone_name)
        add_up_all_days(conn, business_id, zone_name)
    return rollup_state.has_more(conn, business_id)


def keep_figures(conn: Connection, business_id: UUID, before: datetime) -> None:
    """Count all changes, and keep the figures of what is older than `before` as they are from now on. Call it, in a
    transaction with `Connection.use_snapshot`, before older rows are deleted because their retention has ended.

    Raises Conflict and NotFound like `roll_up`.
    """
    while roll_up(conn, business_id):
        pass
    rest = before.timestamp() % QUARTER_HOUR.total_seconds()
    if rest:  # a quarter of an hour is counted from all of its rows
        before += QUARTER_HOUR - timedelta(seconds=rest)
    rollup_state.set_complete_from(conn, business_id, before)


def count_turns(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> None:
    """Replace the figures of turns and takeovers from `since` to before `until`."""
    rollup_days.delete_quarter_hours(conn, business_id, rollup_days.TABLES_OF_TURNS, since, until)
    rollup_turns.insert_turns(conn, business_id, since, until)
    rollup_turns.insert_calls(conn, business_id, since, until)
    rollup_turns.insert_fields(conn, business_id, since, until)
    rollup_turns.insert_actions(conn, business_id, since, until)
    rollup_conversations.insert_handovers(conn, business_id, since, until)


def count_conversations(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> None:
    """Replace the figures of the conversations that started from `since` to before `until`."""
    rollup_state.delete_due(conn, business_id, since, until)
    rollup_days.delete_quarter_hours(conn, business_id, rollup_days.TABLES_OF_CONVERSATIONS, since, until)
    rollup_conversations.insert_conversations(conn, business_id, since, until)
    rollup_conversations.insert_paths(conn, business_id, since, until)


def add_up_days(conn: Connection, business_id: UUID, zone_name: str, spans: Iterable[Span]) -> None:
    """Replace the figures of the days that contain these spans."""
    zone = zone_of(zone_name)
    days = {day for since, until in spans for day in days_between(since, until, zone)}
    for start, end in sorted(days):
        rollup_days.replace_day(conn, business_id, start, end)


def add_up_all_days(conn: Connection, business_id: UUID, zone_name: str) -> None:
    """Replace the figures of all days, which may have started at other times before."""
    rollup_days.delete_days(conn, business_id)
    extent = rollup_days.get_extent(conn, business_id)
    if extent["first"] is not None:
        add_up_days(conn, business_id, zone_name, [(extent["first"], extent["last"] + QUARTER_HOUR)])


def _spans(buckets: set[datetime], first: datetime | None) -> list[Span]:
    """The start and the end of sequences of quarters of an hour, with gaps of up to MAX_GAP in which nothing has
    changed. Those before `first` are left out."""
    spans: list[Span] = []
    for bucket in sorted(buckets):
        if first is not None and bucket < first:
            continue
        if spans and bucket - spans[-1][1] <= MAX_GAP:
            spans[-1] = spans[-1][0], bucket + QUARTER_HOUR
        else:
            spans.append((bucket, bucket + QUARTER_HOUR))
    return spans
