"""The table `audit_log`: who changed which row, and when. Entries are written with the change and never updated."""

from typing import Any
from uuid import UUID

from db import Connection, Row
from repositories.page import Page

_FILTERS = ("resource", "resource_id", "action", "actor_id", "from_time", "to_time")


def insert_entry(conn: Connection, business_id: UUID | None, values: dict[str, Any]) -> None:
    """Add an entry. `business_id` is None for changes to the platform itself.

    `values`: actor_type, actor_id, action, resource, resource_id, fields (names only, never their values), request_id.
    """
    conn.execute(
        """
        INSERT INTO audit_log (business_id, actor_type, actor_id, action, resource, resource_id, fields, request_id)
        VALUES (%(business_id)s, %(actor_type)s, %(actor_id)s, %(action)s, %(resource)s, %(resource_id)s, %(fields)s,
                %(request_id)s)
        """,
        {**values, "business_id": business_id},
    )


def count_today(conn: Connection, business_id: UUID, action: str, resource: str) -> int:
    """How many entries of this kind the business has of the last 24 hours."""
    row = conn.execute(
        """
        SELECT count(*) AS count FROM audit_log
        WHERE business_id = %(business_id)s AND action = %(action)s AND resource = %(resource)s
          AND created_at > now() - interval '1 day'
        """,
        {"business_id": business_id, "action": action, "resource": resource},
    ).fetchone()
    assert row is not None
    return int(row["count"])


def list_entries(conn: Connection, business_id: UUID | None, page: Page, filters: dict[str, Any]) -> list[Row]:
    """The business's entries with the names of staff users; with None (for operators) all entries.

    `filters` may contain resource, resource_id, action, actor_id, from_time (inclusive) and to_time (exclusive).
    """
    return conn.execute(
        """
        SELECT a.entry_id, a.business_id, a.actor_type, a.actor_id,
               CASE WHEN u.user_id IS NOT NULL
                    THEN display_name(u.first_name, u.last_name, u.email, NULL) END AS actor_name,
               a.action, a.resource, a.resource_id, a.fields, a.request_id, a.created_at
        FROM audit_log a
        LEFT JOIN users u ON u.user_id = a.actor_id AND u.business_id IS NULL
        WHERE (%(business_id)s::uuid IS NULL OR a.business_id = %(business_id)s)
          AND (%(resource)s::text IS NULL OR a.resource = %(resource)s)
          AND (%(resource_id)s::uuid IS NULL OR a.resource_id = %(resource_id)s)
          AND (%(action)s::text IS NULL OR a.action = %(action)s)
          AND (%(actor_id)s::uuid IS NULL OR a.actor_id = %(actor_id)s)
          AND (%(from_time)s::timestamptz IS NULL OR a.created_at >= %(from_time)s)
          AND (%(to_time)s::timestamptz IS NULL OR a.created_at < %(to_time)s)
          AND (a.created_at, a.entry_id) > (%(after_time)s, %(after_id)s)
        ORDER BY a.created_at, a.entry_id LIMIT %(limit)s
        """,
        {**dict.fromkeys(_FILTERS), **filters, **page.parameters, "business_id": business_id},
    ).fetchall()


def list_latest_entries(conn: Connection, business_id: UUID | None, page: Page, filters: dict[str, Any]) -> list[Row]:
    """Like `list_entries`, newest first."""
    return conn.execute(
        """
        SELECT a.entry_id, a.business_id, a.actor_type, a.actor_id,
               CASE WHEN u.user_id IS NOT NULL
                    THEN display_name(u.first_name, u.last_name, u.email, NULL) END AS actor_name,
               a.action, a.resource, a.resource_id, a.fields, a.request_id, a.created_at
        FROM audit_log a
        LEFT JOIN users u ON u.user_id = a.actor_id AND u.business_id IS NULL
        WHERE (%(business_id)s::uuid IS NULL OR a.business_id = %(business_id)s)
          AND (%(resource)s::text IS NULL OR a.resource = %(resource)s)
          AND (%(resource_id)s::uuid IS NULL OR a.resource_id = %(resource_id)s)
          AND (%(action)s::text IS NULL OR a.action = %(action)s)
          AND (%(actor_id)s::uuid IS NULL OR a.actor_id = %(actor_id)s)
          AND (%(from_time)s::timestamptz IS NULL OR a.created_at >= %(from_time)s)
          AND (%(to_time)s::timestamptz IS NULL OR a.created_at < %(to_time)s)
          AND (a.created_at, a.entry_id) < (%(after_time)s, %(after_id)s)
        ORDER BY a.created_at DESC, a.entry_id DESC LIMIT %(limit)s
        """,
        {**dict.fromkeys(_FILTERS), **filters, **page.parameters, "business_id": business_id},
    ).fetchall()
