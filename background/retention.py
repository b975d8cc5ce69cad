"""Deletes what businesses no longer keep, every hour."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from analytics.rolling_up import keep_figures, roll_up
from background.jobs import Continue, Interrupted, Job, Kind
from core.errors import Conflict, DatabaseUnavailable, NotFound
from db import Connection, Database
from repositories import businesses, events, retention

logger = logging.getLogger(__name__)

DEFAULT_DAYS_OF_CALLS = 90

_INTERVAL = 3600.0  # seconds between runs
_MAX_BATCHES = 20  # of one business and kind, after which it is the next one's turn
_BATCH_OF_EVENTS = 1000


@dataclass(frozen=True)
class _Deletion:
    """How rows of a kind are deleted, up to `limit` of them in one transaction."""

    kind: str  # a name in the setting `retention`
    find: Callable[[Connection, UUID, datetime, int], list[UUID]]
    delete: Callable[[Connection, UUID, list[UUID]], None]
    limit: int
    is_counted: bool = True  # whether figures are counted from these rows


_DELETIONS = (
    # A conversation takes its messages, turns and calls with it.
    _Deletion("messages", retention.find_conversations, retention.delete_conversations, 20),
    _Deletion("traces", retention.find_traces, retention.delete_traces, 200),
    _Deletion("calls", retention.find_calls, retention.clear_calls, 500, is_counted=False),
    _Deletion("feedback", retention.find_rated_answers, retention.delete_ratings_of_answers, 500),
    _Deletion("feedback", retention.find_rated_conversations, retention.delete_ratings_of_conversations, 500),
)


class Retention:
    """The recurring job. Events are kept for at most `max_event_days`, whatever a business has set."""

    def __init__(self, database: Database, max_event_days: int) -> None:
        self._database, self._max_event_days = database, max_event_days

    def kinds(self) -> tuple[Kind, ...]:
        """The kind of this job, for the runner."""
        return (Kind("apply_retention", self._run, every=_INTERVAL),)

    def _run(self, job: Job) -> None:
        """Delete some rows of each business. Raises Continue if there are more: the next run continues, because what is
        deleted is not found again."""
        with self._database.transaction() as conn:
            ids = businesses.list_ids(conn)
        has_more = False
        for business_id in ids:
            try:
                has_more |= self._delete_of_business(job, business_id)
            except (Conflict, NotFound):  # its figures are being counted, or it was deleted
                continue
            except (Interrupted, DatabaseUnavailable):
                raise
            except Exception:  # the other businesses must not wait for this one
                logger.exception("retention failed", extra={"business_id": str(business_id)})
        if has_more:
            raise Continue

    def _delete_of_business(self, job: Job, business_id: UUID) -> bool:
        """Whether there may be more to delete."""
        with self._database.transaction() as conn:
            settings = businesses.get_business(conn, business_id)["settings"]
        days: dict[str, int | None] = {"calls": DEFAULT_DAYS_OF_CALLS, **settings.get("retention", {})}
        has_more = self._delete_events(job, business_id, days.get("events"))
        for deletion in _DELETIONS:
            limit = days.get(deletion.kind)
            if limit is not None:
                before = datetime.now(UTC) - timedelta(days=limit)
                has_more |= self._delete_some(job, business_id, deletion, before)
        return has_more

    def _delete_some(self, job: Job, business_id: UUID, deletion: _Deletion, before: datetime) -> bool:
        with self._database.transaction() as conn:
            if not deletion.find(conn, business_id, before, 1):
                return False
        if deletion.is_counted:
            self._keep_figures(job, business_id, before)
        for _ in range(_MAX_BATCHES):
            with self._database.transaction() as conn:
                job.checkpoint(conn)
                ids = deletion.find(conn, business_id, before, deletion.limit)
                if ids:
                    deletion.delete(conn, business_id, ids)
            if len(ids) < deletion.limit:
                return False
        return True

    def _keep_figures(self, job: Job, business_id: UUID, before: datetime) -> None:
        """Count the figures of what is about to be deleted. They stay as they are from then on."""
        has_more = True
        while has_more:
            with self._database.transaction() as conn:
                conn.use_snapshot()
                job.checkpoint(conn)
                has_more = roll_up(conn, business_id)
        with self._database.transaction() as conn:
            conn.use_snapshot()
            job.checkpoint(conn)
            keep_figures(conn, business_id, before)

    def _delete_events(self, job: Job, business_id: UUID, days: int | None) -> bool:
        days = min(days or self._max_event_days, self._max_event_days)
        for _ in range(_MAX_BATCHES):
            with self._database.transaction() as conn:
                job.checkpoint(conn)
                if events.delete_expired(conn, business_id, days, _BATCH_OF_EVENTS) < _BATCH_OF_EVENTS:
                    return False
        return True
