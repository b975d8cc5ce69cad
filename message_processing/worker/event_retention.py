"""Deletes events whose retention period is over."""

import logging
import threading

from core.errors import DatabaseUnavailable
from db import Database
from repositories import businesses, events

logger = logging.getLogger(__name__)

_INTERVAL = 3600.0  # seconds between runs
_BATCH = 1000  # events per transaction


class EventRetention:
    """A thread that runs once an hour. Every process has one; usually only the first one finds expired events."""

    def __init__(self, database: Database, days: int) -> None:
        self._database = database
        self._days = days
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="event-retention", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the thread."""
        self._closed.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._closed.wait(_INTERVAL):
            try:
                delete_expired_events(self._database, self._days)
            except DatabaseUnavailable:
                logger.warning("events were not deleted, because the database is unavailable")
            except Exception:  # the next run tries again
                logger.exception("event retention failed")


def delete_expired_events(database: Database, days: int) -> None:
    """Delete the events of all businesses that were stored more than `days` days ago, in small transactions."""
    with database.transaction() as conn:
        ids = businesses.list_ids(conn)
    for business_id in ids:
        count = _BATCH
        while count == _BATCH:
            with database.transaction() as conn:
                count = events.delete_expired(conn, business_id, days, _BATCH)
