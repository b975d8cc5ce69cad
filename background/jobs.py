"""Jobs: how to add them, and what their handlers get and may raise."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db import Connection
from repositories import jobs
from repositories.jobs import ClaimedJob, Group

_FIRST_DELAY = 5.0  # seconds; each further one is twice as long
_MAX_DELAY = 3600.0  # seconds


class Retry(Exception):
    """Raised by a handler: the job has failed and is to run again, `after_seconds` or with the usual backoff. `reason`
    must not contain data of customers."""

    def __init__(self, reason: str, after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.after_seconds = reason, after_seconds


class Continue(Exception):
    """Raised by a handler that has done a part of the job: the rest runs after the due jobs of other businesses, and
    not before `after_seconds`."""

    def __init__(self, after_seconds: float = 0.0) -> None:
        super().__init__()
        self.after_seconds = after_seconds


class Interrupted(Exception):
    """Raised by `Job.checkpoint`. The handler must not catch it: what it has not committed is done by another process,
    or after the restart."""


class LeaseLost(Interrupted):
    """Another process has taken the job over, or the job was deleted with its business."""


class Job:
    """A job that this process runs."""

    def __init__(self, claimed: ClaimedJob, process_id: UUID, is_stopping: Callable[[], bool]) -> None:
        self.job_id: UUID = claimed["job_id"]
        self.kind: str = claimed["kind"]
        self.payload: dict[str, Any] = claimed["payload"]
        self.attempts: int = claimed["attempts"]  # that failed before this one
        self.takeovers: int = claimed["takeovers"]
        self.epoch: int = claimed["lease_epoch"]
        self.requests: int = claimed["requests"]
        self.group: Group = (claimed["tenant_id"], claimed["kind"])
        self._business_id: UUID | None = claimed["business_id"]
        self._process_id = process_id
        self._is_stopping = is_stopping

    @property
    def business_id(self) -> UUID:
        """The business of the job. Raises ValueError for jobs of the platform."""
        if self._business_id is None:
            raise ValueError(f"Jobs of the kind {self.kind} belong to no business.")
        return self._business_id

    @property
    def log_fields(self) -> dict[str, str]:
        """What log lines contain of the job."""
        fields = {"job_kind": self.kind, "job_id": str(self.job_id)}
        return fields | ({"business_id": str(self._business_id)} if self._business_id else {})

    @property
    def is_stopping(self) -> bool:
        """Whether this process is stopping."""
        return self._is_stopping()

    def checkpoint(self, conn: Connection) -> None:
        """Call it first in each transaction that writes. Until the transaction ends, no other process can take the job
        over. Raises Interrupted if one has, or if this process is stopping."""
        if self._is_stopping():
            raise Interrupted
        self.check_lease(conn)

    def check_lease(self, conn: Connection) -> None:
        """Like `checkpoint`, but also while this process is stopping: for a result that must be saved, because what it
        took cannot be undone. Raises LeaseLost."""
        if not jobs.lock_job(conn, self.job_id, self._process_id, self.epoch):
            raise LeaseLost


@dataclass(frozen=True)
class Kind:
    """A kind of jobs. A handler may run twice for the same job, so it continues where its last transaction ended."""

    name: str
    run: Callable[[Job], None]
    max_attempts: int | None = 10  # None: no limit
    give_up: Callable[[Connection, Job], None] | None = None
    """Called after the last attempt, in the transaction that deletes the job."""
    every: float | None = None
    """Seconds between the runs of a recurring job of the platform; it is added by itself."""


def add(
    conn: Connection,
    kind: str,
    business_id: UUID | None,
    payload: dict[str, Any],
    *,
    run_at: datetime | None = None,
    queue_key: str | None = None,
    unique_key: str | None = None,
) -> UUID:
    """Add a job in the caller's transaction. Returns its ID. Call `Runner.wake_up` after the commit if it is urgent.

    Jobs of a business with the same `queue_key` run one at a time, in the order of insertion. If there already is a job
    of the business with the same `unique_key`, it is used instead: if it is running, it runs again afterwards; if it is
    waiting, also for its next attempt, it runs at `run_at` at the latest.
    """
    return jobs.add_job(conn, business_id, kind, payload, run_at, queue_key, unique_key)


def retry_delay(attempts: int) -> float:
    """Seconds until the next attempt, after this number of failed ones."""
    return min(_MAX_DELAY, _FIRST_DELAY * 2.0 ** (attempts - 1))
