"""Deletes what is no longer needed, such as expired events, and creates the partitions of the coming months."""

import logging
import threading
from collections.abc import Callable
from functools import partial

from core.errors import DatabaseUnavailable
from db import Database
from repositories import businesses, events, leases, partitions

logger = logging.getLogger(__name__)

_FIRST_DELAY = 60.0  # seconds after the start; a host may stop a process that is idle long before an hour is over
_INTERVAL = 3600.0  # seconds between runs
_BATCH = 1000  # events per transaction


class Maintenance:
    """A thread that runs a minute after the start, and then every hour. Every process has one; what another has done
    costs nothing."""

    def __init__(self, database: Database, event_retention_days: int) -> None:
        self._jobs: tuple[tuple[str, Callable[[], None]], ...] = (
            ("creating partitions", partial(create_partitions, database)),
            ("deleting requests to processes that have ended", partial(delete_stale_requests, database)),
            ("deleting expired events", partial(delete_expired_events, database, event_retention_days)),
        )
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="maintenance", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the thread."""
        self._closed.set()
        self._thread.join(5)

    def _run(self) -> None:
        delay = _FIRST_DELAY
        while not self._closed.wait(delay):
            delay = _INTERVAL
            for name, job in self._jobs:
                try:
                    job()
                except DatabaseUnavailable:
                    logger.warning("%s: the database is unavailable", name)
                except Exception:  # the next run tries again
                    logger.exception("%s failed", name)


def create_partitions(database: Database) -> None:
    """Create the partitions of this month and the next two, unless they exist."""
    with database.transaction() as conn:
        for name in partitions.create_partitions(conn):
            logger.info("partition %s created", name)


def delete_stale_requests(database: Database) -> None:
    """Delete what takeovers asked of processes that have ended since."""
    with database.transaction() as conn:
        leases.delete_stale_requests(conn)


def delete_expired_events(database: Database, days: int) -> None:
    """Delete the events of all businesses that were stored more than `days` days ago, in small transactions."""
    with database.transaction() as conn:
        ids = businesses.list_ids(conn)
    for business_id in ids:
        count = _BATCH
        while count == _BATCH:
            with database.transaction() as conn:
                count = events.delete_expired(conn, business_id, days, _BATCH)
