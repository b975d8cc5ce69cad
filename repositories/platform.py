"""Overviews for operators: all businesses with their usage, all accounts of staff, and the state of the platform."""

from typing import Any

from db import Connection, Row
from repositories.page import Page

USAGE_DAYS = 7


def list_businesses_with_usage(conn: Connection, page: Page, q: str | None) -> list[Row]:
    """The businesses whose name contains `q`, newest first, with their owners and their usage in the last USAGE_DAYS
    days: conversations that have started, messages of customers, and calls to the model."""
    return conn.execute(
        """
        SELECT b.business_id, b.business_name, b.created_at, d.delete_at,
               display_name(o.first_name, o.last_name, o.email, NULL) AS owner_name, o.email AS owner_email,
               (SELECT count(*) FROM business_members m WHERE m.business_id = b.business_id) AS members,
               (SELECT count(*) FROM conversations c
                WHERE c.business_id = b.business_id
                  AND c.start_time >= now() - make_interval(days => %(days)s)) AS conversations,
               (SELECT count(*) FROM turns t
                WHERE t.business_id = b.business_id
                  AND t.turn_id >= lowest_uuidv7(now() - make_interval(days => %(days)s))) AS messages,
               calls.calls, calls.failed_calls, calls.cost_usd
        FROM businesses b
        JOIN users o ON o.user_id = b.owner_id
        LEFT JOIN business_deletions d ON d.business_id = b.business_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS calls, count(*) FILTER (WHERE l.status = 'failed') AS failed_calls,
                   COALESCE(sum(l.cost_usd), 0) AS cost_usd
            FROM llm_calls l
            WHERE l.business_id = b.business_id
              AND l.call_id >= lowest_uuidv7(now() - make_interval(days => %(days)s))) AS calls
        WHERE (%(q)s::text IS NULL OR position(lower(%(q)s) IN lower(b.business_name)) > 0)
          AND (b.created_at, b.business_id) < (%(after_time)s, %(after_id)s)
        ORDER BY b.created_at DESC, b.business_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "q": q, "days": USAGE_DAYS},
    ).fetchall()


def list_staff(conn: Connection, page: Page, q: str | None) -> list[Row]:
    """The accounts that belong to no business and whose name or email contains `q`, newest first, with their
    memberships and their latest sign-in."""
    return conn.execute(
        """
        SELECT u.user_id, u.first_name, u.last_name, u.email, u.is_admin, u.is_verified,
               u.password_hash IS NOT NULL AS has_password,
               EXISTS (SELECT FROM totp f WHERE f.user_id = u.user_id AND f.is_enabled) AS has_second_factor,
               u.created_at,
               (SELECT max(s.created_at) FROM sessions s WHERE s.user_id = u.user_id) AS last_sign_in_at,
               (SELECT COALESCE(
                    jsonb_agg(jsonb_build_object('business_id', m.business_id, 'business_name', b.business_name,
                                                 'role', m.role) ORDER BY m.created_at),
                    '[]')
                FROM business_members m JOIN businesses b ON b.business_id = m.business_id
                WHERE m.user_id = u.user_id) AS businesses
        FROM users u
        WHERE u.business_id IS NULL
          AND (%(q)s::text IS NULL
               OR position(lower(%(q)s) IN lower(concat_ws(' ', u.first_name, u.last_name, u.email))) > 0)
          AND (u.created_at, u.user_id) < (%(after_time)s, %(after_id)s)
        ORDER BY u.created_at DESC, u.user_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "q": q},
    ).fetchall()


def describe_platform(conn: Connection) -> dict[str, Any]:
    """The database's version and size, the processes with their last heartbeats, unfinished turns, and the background
    jobs by kind."""
    database = conn.execute(
        "SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS bytes"
    ).fetchone()
    processes = conn.execute(
        "SELECT process_id, beat_at AS last_heartbeat_at FROM processes ORDER BY beat_at DESC LIMIT 100"
    ).fetchall()
    turns = conn.execute(
        """
        SELECT (SELECT count(*) FROM turns WHERE status = 'accepted') AS waiting,
               (SELECT count(*) FROM turns WHERE status = 'running') AS running
        """
    ).fetchone()
    jobs = conn.execute(
        """
        SELECT kind,
               count(*) FILTER (WHERE lease_owner IS NULL AND run_at <= clock_timestamp()) AS due,
               count(*) FILTER (WHERE lease_owner IS NULL AND run_at > clock_timestamp()) AS later,
               count(*) FILTER (WHERE lease_owner IS NOT NULL) AS running,
               count(*) FILTER (WHERE attempts > 0) AS failing,
               min(run_at) FILTER (WHERE lease_owner IS NULL AND run_at <= clock_timestamp()) AS oldest_due_at,
               max(last_error) AS last_error
        FROM jobs GROUP BY kind ORDER BY kind
        """
    ).fetchall()
    return {"database": database, "processes": processes, "turns": turns, "jobs": jobs}
