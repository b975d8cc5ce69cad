"""Deletes a business with all its data, at once or by a job at the time that its owner was told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from background import jobs
from background.jobs import Job, Kind
from db import Connection, Database
from repositories import audit_log, business_deletions, businesses

_KIND = "business_deletion"


def delete_business(
    database: Database,
    business_id: UUID,
    record: Callable[[Connection], None],
    checkpoint: Callable[[Connection], None] = lambda _: None,
) -> None:
    """Delete a business and all its data. If that is interrupted, it can be repeated. Raises NotFound.

    `record` is called in the transaction that deletes the business itself, `checkpoint` in each of them.
    """
    with database.transaction() as conn:
        checkpoint(conn)
        businesses.lock_business(conn, business_id)
        businesses.close_business(conn, business_id)
    is_empty = False
    while not is_empty:  # in short transactions, because there may be millions of rows
        with database.transaction() as conn:
            checkpoint(conn)
            is_empty = not businesses.delete_rows(conn, business_id)
    with database.transaction() as conn:
        checkpoint(conn)
        businesses.lock_business(conn, business_id)
        businesses.delete_business(conn, business_id)
        record(conn)


def plan_deletion(conn: Connection, business_id: UUID, delete_at: datetime) -> None:
    """Delete the business at this time, unless that is cancelled. The job belongs to the platform, because those of the
    business are deleted with it."""
    jobs.add(conn, _KIND, None, {"business_id": str(business_id)}, run_at=delete_at)


class BusinessDeletion:
    """Runs planned deletions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def kinds(self) -> tuple[Kind, ...]:
        """The kind of these jobs, for the runner."""
        return (Kind(_KIND, self._run, max_attempts=None),)

    def _run(self, job: Job) -> None:
        business_id = UUID(job.payload["business_id"])
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            planned = business_deletions.find_due(conn, business_id)
        if planned is None:  # cancelled, or planned again for a later time, with a job of its own
            return
        entry: dict[str, Any] = {
            "actor_type": planned["actor_type"],
            "actor_id": planned["actor_id"],
            "action": "delete",
            "resource": "business",
            "resource_id": business_id,
            "fields": [],
            "request_id": None,
        }
        # In the log of the platform: that of the business is deleted.
        delete_business(
            self._database, business_id, lambda conn: audit_log.insert_entry(conn, None, entry), job.checkpoint
        )
