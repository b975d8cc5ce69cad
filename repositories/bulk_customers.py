"""Creates or updates many customers with few statements."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from db import Connection, JsonRows, Row
from repositories.bulk_rows import BulkResult, Values, lock_names
from repositories.users import MAX_METADATA_BYTES


def upsert_customers(conn: Connection, business_id: UUID, values: Values) -> BulkResult:
    """Like `upserts.upsert_customer`, for many external IDs. Raises UniqueViolation if another customer has one of the
    emails."""
    lock_names(conn, business_id, "user", values)
    before = _lock_customers(conn, business_id, values)
    created = conn.execute(
        """
        INSERT INTO users (business_id, external_id, first_name, last_name, email, phone, language, timezone, metadata)
        SELECT %(business_id)s, external_id, first_name, last_name, email, phone, language, timezone,
               COALESCE(metadata, '{}')
        FROM jsonb_to_recordset(%(rows)s) AS given (external_id TEXT, first_name TEXT, last_name TEXT, email TEXT,
            phone TEXT, language TEXT, timezone TEXT, metadata JSONB)
        RETURNING user_id, external_id
        """,
        {
            "business_id": business_id,
            "rows": JsonRows({**given, "external_id": name} for name, given in values.items() if name not in before),
        },
    ).fetchall()
    updated = conn.execute(
        """
        UPDATE users u SET first_name = g.first_name, last_name = g.last_name, email = g.email,
            is_verified = u.is_verified AND lower(u.email) IS NOT DISTINCT FROM lower(g.email),
            phone = g.phone, language = g.language, timezone = g.timezone, metadata = g.metadata,
            updated_at = clock_timestamp()
        FROM jsonb_to_recordset(%(rows)s) AS g (external_id TEXT, first_name TEXT, last_name TEXT, email TEXT,
            phone TEXT, language TEXT, timezone TEXT, metadata JSONB)
        WHERE u.business_id = %(business_id)s AND u.external_id = g.external_id
          AND (u.first_name, u.last_name, u.email, u.phone, u.language, u.timezone, u.metadata)
              IS DISTINCT FROM (g.first_name, g.last_name, g.email, g.phone, g.language, g.timezone, g.metadata)
        RETURNING u.user_id, u.external_id, u.first_name, u.last_name, u.email, u.phone, u.language, u.timezone,
                  u.metadata
        """,
        {
            "business_id": business_id,
            "rows": JsonRows({**row, **values[name]} for name, row in before.items()),
        },
    ).fetchall()
    return BulkResult(
        {row["external_id"]: row["user_id"] for row in created},
        {row["external_id"]: (before[row["external_id"]], row) for row in updated},
    )


def find_or_insert_customers(
    conn: Connection, business_id: UUID, given: Iterable[dict[str, Any]]
) -> tuple[dict[str, tuple[UUID, bool]], BulkResult]:
    """Like `users.find_or_insert_customer`, for many: the user_id by external_id, and whether the metadata, to which
    that of the given one was added, is still small enough. Rows that would not change are not written. Also returns
    what was done."""
    rows: dict[str, dict[str, Any]] = {}
    for each in given:
        row = rows.setdefault(each["external_id"], {"metadata": {}})
        row["metadata"] |= each.get("metadata", {})
        row |= {name: value for name, value in each.items() if value is not None and name != "metadata"}
    before = _lock_customers(conn, business_id, rows)
    conn.execute(
        """
        INSERT INTO users (business_id, external_id, first_name, last_name, email, phone, language, timezone, metadata)
        SELECT %(business_id)s, external_id, first_name, last_name, email, phone, language, timezone, metadata
        FROM jsonb_to_recordset(%(rows)s) AS given (external_id TEXT, first_name TEXT, last_name TEXT, email TEXT,
            phone TEXT, language TEXT, timezone TEXT, metadata JSONB)
        ORDER BY external_id
        ON CONFLICT (business_id, external_id) DO UPDATE SET
            first_name = COALESCE(EXCLUDED.first_name, users.first_name),
            last_name = COALESCE(EXCLUDED.last_name, users.last_name),
            email = COALESCE(EXCLUDED.email, users.email),
            phone = COALESCE(EXCLUDED.phone, users.phone),
            language = COALESCE(EXCLUDED.language, users.language),
            timezone = COALESCE(EXCLUDED.timezone, users.timezone),
            metadata = users.metadata || EXCLUDED.metadata
        WHERE (users.first_name, users.last_name, users.email, users.phone, users.language, users.timezone,
               users.metadata)
            IS DISTINCT FROM (COALESCE(EXCLUDED.first_name, users.first_name),
                COALESCE(EXCLUDED.last_name, users.last_name), COALESCE(EXCLUDED.email, users.email),
                COALESCE(EXCLUDED.phone, users.phone), COALESCE(EXCLUDED.language, users.language),
                COALESCE(EXCLUDED.timezone, users.timezone), users.metadata || EXCLUDED.metadata)
        """,
        {"business_id": business_id, "rows": JsonRows(rows.values())},
    )
    found = conn.execute(
        """
        SELECT user_id, external_id, first_name, last_name, email, phone, language, timezone, metadata,
               octet_length(metadata::text) <= %(max_bytes)s AS is_small
        FROM users
        WHERE business_id = %(business_id)s AND external_id = ANY (%(names)s)
        """,
        {"business_id": business_id, "names": list(rows), "max_bytes": MAX_METADATA_BYTES},
    ).fetchall()
    done = BulkResult()
    customers = {}
    for row in found:
        name, is_small = row["external_id"], row.pop("is_small")
        customers[name] = (row["user_id"], is_small or not rows[name]["metadata"])
        if name not in before:
            done.created[name] = row["user_id"]
        elif before[name] != row:
            done.updated[name] = (before[name], row)
    return customers, done


def _lock_customers(conn: Connection, business_id: UUID, names: Iterable[str]) -> dict[str, Row]:
    rows = conn.execute(
        """
        SELECT user_id, external_id, first_name, last_name, email, phone, language, timezone, metadata FROM users
        WHERE business_id = %(business_id)s AND external_id = ANY (%(names)s)
        ORDER BY external_id FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "names": list(names)},
    ).fetchall()
    return {row["external_id"]: row for row in rows}
