"""Recurring jobs: creates the partitions of the coming months, and deletes what is no longer needed."""

import logging
from collections.abc import Callable
from uuid import UUID

from background.imports.undoing import MAX_AGE_DAYS
from background.jobs import Job, Kind
from db import Connection, Database
from repositories import budgets, businesses, import_changes, leases, partitions, webhook_deliveries

logger = logging.getLogger(__name__)

_INTERVAL = 3600.0  # seconds between runs
_BUDGET_INTERVAL = 60.0  # seconds
_BUDGET_TURN_DAYS = 3  # after which no turn is retried at the expense of its day
_BATCH = 1000  # rows per transaction


class Maintenance:
    """The recurring jobs of the platform."""

    def __init__(self, database: Database, webhook_retention_days: int) -> None:
        self._database = database
        self._webhook_retention_days = webhook_retention_days

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of these jobs, for the runner."""
        return (
            Kind("create_partitions", self._create_partitions, every=_INTERVAL),
            Kind("delete_stale_requests", self._delete_stale_requests, every=_INTERVAL),
            Kind("delete_expired_deliveries", self._delete_expired_deliveries, every=_INTERVAL),
            Kind("delete_expired_import_changes", self._delete_expired_import_changes, every=_INTERVAL),
            Kind("settle_budgets", self._settle_budgets, every=_BUDGET_INTERVAL),
            Kind("delete_expired_budget_turns", self._delete_expired_budget_turns, every=_INTERVAL),
        )

    def _create_partitions(self, job: Job) -> None:
        """Create the partitions of this month and the next two, unless they exist."""
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            for name in partitions.create_partitions(conn):
                logger.info("partition %s created", name)

    def _delete_stale_requests(self, job: Job) -> None:
        """Delete what takeovers asked of processes that have ended since."""
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            leases.delete_stale_requests(conn)

    def _delete_expired_deliveries(self, job: Job) -> None:
        delete_expired(self._database, webhook_deliveries.delete_expired, self._webhook_retention_days, job.checkpoint)

    def _delete_expired_import_changes(self, job: Job) -> None:
        delete_expired(self._database, import_changes.delete_expired, MAX_AGE_DAYS, job.checkpoint)

    def _settle_budgets(self, job: Job) -> None:
        """Settle turns whose process died before it did."""
        with self._database.transaction() as conn:
            ids = budgets.list_businesses(conn)
        for business_id in ids:
            with self._database.transaction() as conn:
                job.checkpoint(conn)
                turn_ids = budgets.list_unsettled(conn, business_id, _BATCH)
            for turn_id in turn_ids:
                with self._database.transaction() as conn:
                    job.checkpoint(conn)
                    budgets.settle(conn, business_id, turn_id)

    def _delete_expired_budget_turns(self, job: Job) -> None:
        delete_expired(self._database, budgets.delete_expired, _BUDGET_TURN_DAYS, job.checkpoint)


def delete_expired(
    database: Database,
    delete: Callable[[Connection, UUID, int, int], int],
    days: int,
    checkpoint: Callable[[Connection], None],
) -> None:
    """Delete what all businesses have stored more than `days` days ago, in small transactions.

    `delete(conn, business_id, days, limit)` deletes up to `limit` rows of a business, and returns how many.
    """
    with database.transaction() as conn:
        ids = businesses.list_ids(conn)
    for business_id in ids:
        count = _BATCH
        while count == _BATCH:
            with database.transaction() as conn:
                checkpoint(conn)
                count = delete(conn, business_id, days, _BATCH)
