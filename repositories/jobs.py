"""Background jobs. A process runs the jobs of all businesses, so only `add_job` takes one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from db import Connection, Jsonb

Group = tuple[UUID, str]
"""A business (the zero UUID for jobs of the platform) and a kind."""


class ClaimedJob(TypedDict):
    """A job that this process may run."""

    job_id: UUID
    kind: str
    business_id: UUID | None
    tenant_id: UUID
    payload: dict[str, Any]
    requests: int
    attempts: int
    takeovers: int
    lease_epoch: int


def add_job(
    conn: Connection,
    business_id: UUID | None,
    kind: str,
    payload: dict[str, Any],
    run_at: datetime | None,
    queue_key: str | None,
    unique_key: str | None,
) -> UUID:
    """Insert a job, or ask the one with the same `unique_key` to run again, at the latest at `run_at` if that is set.
    Returns its ID."""
    row = conn.execute(
        """
        INSERT INTO jobs (business_id, kind, payload, run_at, queue_key, unique_key)
        VALUES (%(business_id)s, %(kind)s, %(payload)s, COALESCE(%(run_at)s, clock_timestamp()), %(queue_key)s,
                %(unique_key)s)
        ON CONFLICT (tenant_id, unique_key) DO UPDATE SET requests = jobs.requests + 1,
            run_at = LEAST(jobs.run_at, %(run_at)s)
        RETURNING job_id
        """,
        {
            "business_id": business_id,
            "kind": kind,
            "payload": Jsonb(payload),
            "run_at": run_at,
            "queue_key": queue_key,
            "unique_key": unique_key,
        },
    ).fetchone()
    assert row is not None
    return UUID(str(row["job_id"]))


def add_recurring_job(conn: Connection, kind: str, first_delay: float) -> None:
    """Insert the job of a recurring kind, unless it exists. `first_delay` is in seconds."""
    conn.execute(
        """
        INSERT INTO jobs (kind, unique_key, run_at)
        VALUES (%(kind)s, %(kind)s, clock_timestamp() + make_interval(secs => %(first_delay)s))
        ON CONFLICT (tenant_id, unique_key) DO NOTHING
        """,
        {"kind": kind, "first_delay": first_delay},
    )


def claim_jobs(
    conn: Connection, process_id: UUID, kinds: Sequence[str], busy: Sequence[Group], limit: int
) -> list[ClaimedJob]:
    """Claim up to `limit` due jobs of these kinds, at most one per group, the longest due first. Groups in `busy` get
    none. A process without a heartbeat claims none. Use a statement of its own: the time of the transaction decides
    which jobs are due.

    Raises Conflict if another process has started a job of the same queue at the same time.
    """
    rows: Any = conn.execute(
        """
        WITH RECURSIVE groups AS (
            (SELECT j.tenant_id, j.kind FROM jobs j
             WHERE j.lease_owner IS NULL ORDER BY j.tenant_id, j.kind LIMIT 1)
            UNION ALL
            SELECT next.tenant_id, next.kind FROM groups g
            CROSS JOIN LATERAL (
                SELECT j.tenant_id, j.kind FROM jobs j
                WHERE j.lease_owner IS NULL AND (j.tenant_id, j.kind) > (g.tenant_id, g.kind)
                ORDER BY j.tenant_id, j.kind LIMIT 1) AS next),
        due AS MATERIALIZED (
            SELECT first.job_id FROM groups g
            CROSS JOIN LATERAL (
                SELECT j.job_id, j.run_at FROM jobs j
                WHERE j.tenant_id = g.tenant_id AND j.kind = g.kind AND j.lease_owner IS NULL AND j.run_at <= now()
                  AND NOT EXISTS (
                      SELECT FROM jobs other
                      WHERE other.business_id = j.business_id AND other.queue_key = j.queue_key
                        AND (other.number < j.number OR other.lease_owner IS NOT NULL))
                ORDER BY j.run_at LIMIT 1
                FOR NO KEY UPDATE OF j SKIP LOCKED) AS first
            WHERE g.kind = ANY (%(kinds)s)
              AND (g.tenant_id, g.kind) NOT IN (
                  SELECT * FROM unnest(%(busy_tenants)s::uuid[], %(busy_kinds)s::text[]))
              AND EXISTS (SELECT FROM processes p WHERE p.process_id = %(process_id)s)
            ORDER BY first.run_at LIMIT %(limit)s)
        UPDATE jobs j SET lease_owner = %(process_id)s, lease_epoch = j.lease_epoch + 1
        FROM due WHERE j.job_id = due.job_id
        RETURNING j.job_id, j.kind, j.business_id, j.tenant_id, j.payload, j.requests, j.attempts, j.takeovers,
            j.lease_epoch
        """,
        {
            "process_id": process_id,
            "kinds": list(kinds),
            "busy_tenants": [tenant_id for tenant_id, _ in busy],
            "busy_kinds": [kind for _, kind in busy],
            "limit": limit,
        },
    ).fetchall()
    return list(rows)


def lock_job(conn: Connection, job_id: UUID, process_id: UUID, epoch: int) -> bool:
    """Lock the job until the transaction ends. Returns whether the process still owns its lease."""
    row = conn.execute(
        """
        SELECT job_id FROM jobs
        WHERE job_id = %(job_id)s AND lease_owner = %(process_id)s AND lease_epoch = %(epoch)s
        FOR NO KEY UPDATE
        """,
        {"job_id": job_id, "process_id": process_id, "epoch": epoch},
    ).fetchone()
    return row is not None


def delete_job(conn: Connection, job_id: UUID, process_id: UUID, epoch: int, requests: int) -> bool:
    """Delete a finished job, unless it was added again since it was claimed. Returns whether it was deleted."""
    deleted = conn.execute(
        """
        DELETE FROM jobs
        WHERE job_id = %(job_id)s AND lease_owner = %(process_id)s AND lease_epoch = %(epoch)s
          AND requests = %(requests)s
        """,
        {"job_id": job_id, "process_id": process_id, "epoch": epoch, "requests": requests},
    )
    return deleted.rowcount == 1


def release_job(
    conn: Connection, job_id: UUID, process_id: UUID, epoch: int, seconds: float, attempts: int, error: str | None
) -> bool:
    """End the lease and let the job run again after `seconds`. `attempts` and `error` replace those of the job. Returns
    whether the process still owned the lease."""
    released = conn.execute(
        """
        UPDATE jobs SET lease_owner = NULL, takeovers = 0, attempts = %(attempts)s, last_error = %(error)s,
            run_at = clock_timestamp() + make_interval(secs => %(seconds)s)
        WHERE job_id = %(job_id)s AND lease_owner = %(process_id)s AND lease_epoch = %(epoch)s
        """,
        {
            "job_id": job_id,
            "process_id": process_id,
            "epoch": epoch,
            "seconds": seconds,
            "attempts": attempts,
            "error": error,
        },
    )
    return released.rowcount == 1
