"""The tables `events` and `event_property_schemas`.

Events reported with a business key are verified. Those reported by a browser without a key are not.
"""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, Row
from repositories.page import Page, fetch_page


def has_event(conn: Connection, business_id: UUID, event_id: UUID, verified: bool) -> bool:
    """Whether the event is stored already, so that sending it again changes nothing. A verified event is not blocked by
    an unverified one with the same ID."""
    row = conn.execute(
        """
        SELECT FROM events
        WHERE business_id = %(business_id)s AND event_id = %(event_id)s AND (verified OR NOT %(verified)s)
        """,
        {"business_id": business_id, "event_id": event_id, "verified": verified},
    ).fetchone()
    return row is not None


def insert_event(conn: Connection, business_id: UUID, values: dict[str, Any]) -> None:
    """Store an event once, however often it is sent. A verified event replaces an unverified one.

    `values`: event_id, event_type, verified, and optionally event_timestamp, user_id, session_id, agent_id, stage_id,
    product_id, order_id, message_text, custom_event_properties. Raises NotFound if the agent, stage, product or order
    belongs to another business. The caller checks the user.
    """
    names = ("event_timestamp", "user_id", "session_id", "agent_id", "stage_id", "product_id", "order_id")
    conn.execute(
        """
        INSERT INTO events (business_id, event_id, event_type, event_timestamp, user_id, session_id, agent_id, stage_id,
                            product_id, order_id, message_text, custom_event_properties, verified)
        VALUES (%(business_id)s, %(event_id)s, %(event_type)s, COALESCE(%(event_timestamp)s, clock_timestamp()),
                %(user_id)s, %(session_id)s, %(agent_id)s, %(stage_id)s, %(product_id)s, %(order_id)s,
                %(message_text)s, %(custom_event_properties)s, %(verified)s)
        ON CONFLICT (business_id, event_id) DO UPDATE SET
            event_type = EXCLUDED.event_type, event_timestamp = EXCLUDED.event_timestamp, user_id = EXCLUDED.user_id,
            session_id = EXCLUDED.session_id, agent_id = EXCLUDED.agent_id, stage_id = EXCLUDED.stage_id,
            product_id = EXCLUDED.product_id, order_id = EXCLUDED.order_id, message_text = EXCLUDED.message_text,
            custom_event_properties = EXCLUDED.custom_event_properties, verified = true
        WHERE EXCLUDED.verified AND NOT events.verified
        """,
        {
            **dict.fromkeys(names),
            "message_text": None,
            **values,
            "business_id": business_id,
            "custom_event_properties": Jsonb(values.get("custom_event_properties") or {}),
        },
    )


def add_usage(conn: Connection, business_id: UUID, verified: bool, size: int, quota: int) -> bool:
    """Count an event of `size` bytes for today. Returns False and counts nothing if it would exceed the quota in bytes.
    Raises NotFound for an unknown business."""
    row = conn.execute(
        """
        INSERT INTO event_usage AS usage (business_id, day, verified, bytes)
        VALUES (%(business_id)s, (now() AT TIME ZONE 'UTC')::date, %(verified)s, %(size)s)
        ON CONFLICT (business_id, day, verified) DO UPDATE SET bytes = usage.bytes + EXCLUDED.bytes
        WHERE usage.bytes + EXCLUDED.bytes <= %(quota)s
        RETURNING bytes
        """,
        {"business_id": business_id, "verified": verified, "size": size, "quota": quota},
    ).fetchone()
    return row is not None


def delete_expired(conn: Connection, business_id: UUID, days: int, limit: int) -> int:
    """Delete up to `limit` of the business's events that were stored more than `days` days ago, and the counts of such
    days. Returns the number of events."""
    parameters = {"business_id": business_id, "days": days, "limit": limit}
    conn.execute(
        """
        DELETE FROM event_usage
        WHERE business_id = %(business_id)s AND day < (now() - make_interval(days => %(days)s))::date
        """,
        parameters,
    )
    deleted = conn.execute(
        """
        DELETE FROM events WHERE business_id = %(business_id)s AND event_id IN (
            SELECT event_id FROM events
            WHERE business_id = %(business_id)s AND created_at < now() - make_interval(days => %(days)s)
            ORDER BY created_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
        """,
        parameters,
    )
    return int(deleted.rowcount)


def list_events(conn: Connection, business_id: UUID, page: Page, filters: dict[str, Any], offset: int) -> list[Row]:
    """The business's events, without the first `offset` rows of the page.

    `filters` may contain event_type, user_id, from_time (inclusive) and to_time (exclusive); both refer to
    event_timestamp. The API accepts timestamps at most 24 hours in the future, so `from_time` also limits created_at,
    by which the rows are ordered.
    """
    return fetch_page(
        conn,
        """
        SELECT event_id, business_id, event_type, event_timestamp, user_id, session_id, agent_id, stage_id, product_id,
               order_id, message_text, custom_event_properties, verified, created_at
        FROM events
        WHERE business_id = %(business_id)s
          AND (%(event_type)s::text IS NULL OR event_type = %(event_type)s)
          AND (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s)
          AND (%(from_time)s::timestamptz IS NULL OR (
              event_timestamp >= %(from_time)s AND created_at >= %(from_time)s::timestamptz - interval '25 hours'))
          AND (%(to_time)s::timestamptz IS NULL OR event_timestamp < %(to_time)s)
          AND (%(is_newest_first)s OR (created_at, event_id) > (%(after_time)s, %(after_id)s))
          AND (NOT %(is_newest_first)s OR (created_at, event_id) < (%(after_time)s, %(after_id)s))
        ORDER BY
            CASE WHEN NOT %(is_newest_first)s THEN created_at END,
            CASE WHEN NOT %(is_newest_first)s THEN event_id END,
            CASE WHEN %(is_newest_first)s THEN created_at END DESC,
            CASE WHEN %(is_newest_first)s THEN event_id END DESC
        LIMIT %(limit)s OFFSET %(offset)s
        """,
        {
            **dict.fromkeys(("event_type", "user_id", "from_time", "to_time")),
            **filters,
            **page.parameters,
            "business_id": business_id,
            "offset": offset,
        },
    )


def insert_property_schema(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Store the schema of an event type and return its ID. Raises Conflict if the type has a schema already."""
    row = conn.execute(
        """
        INSERT INTO event_property_schemas (business_id, event_type, property_schema, description)
        VALUES (%(business_id)s, %(event_type)s, %(property_schema)s, %(description)s)
        RETURNING schema_id
        """,
        {
            "description": None,
            **values,
            "business_id": business_id,
            "property_schema": Jsonb(values["property_schema"]),
        },
    ).fetchone()
    assert row is not None
    return UUID(str(row["schema_id"]))


def list_property_schemas(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's event property schemas."""
    return fetch_page(
        conn,
        """
        SELECT * FROM event_property_schemas
        WHERE business_id = %(business_id)s AND (created_at, schema_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, schema_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    )


def get_property_schema(conn: Connection, business_id: UUID, schema_id: UUID) -> Row:
    """One event property schema. Raises NotFound."""
    row = conn.execute(
        "SELECT * FROM event_property_schemas WHERE business_id = %(business_id)s AND schema_id = %(schema_id)s",
        {"business_id": business_id, "schema_id": schema_id},
    ).fetchone()
    if row is None:
        raise NotFound("Event property schema not found.")
    return row


def lock_property_schema(conn: Connection, business_id: UUID, schema_id: UUID) -> Row:
    """Like `get_property_schema`, and locks the row."""
    conn.execute(
        """
        SELECT FROM event_property_schemas WHERE business_id = %(business_id)s AND schema_id = %(schema_id)s
        FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "schema_id": schema_id},
    )
    return get_property_schema(conn, business_id, schema_id)


def find_property_schema(conn: Connection, business_id: UUID, event_type: str) -> dict[str, Any] | None:
    """The JSON Schema for the properties of an event type, or None."""
    row = conn.execute(
        """
        SELECT property_schema FROM event_property_schemas
        WHERE business_id = %(business_id)s AND event_type = %(event_type)s
        """,
        {"business_id": business_id, "event_type": event_type},
    ).fetchone()
    return dict(row["property_schema"]) if row else None


def update_property_schema(conn: Connection, business_id: UUID, schema_id: UUID, values: dict[str, Any]) -> Row:
    """Change the property_schema and description of an existing schema; returns the changed row."""
    row = conn.execute(
        """
        UPDATE event_property_schemas SET property_schema = %(property_schema)s, description = %(description)s,
            updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND schema_id = %(schema_id)s
        RETURNING *
        """,
        {
            **values,
            "business_id": business_id,
            "schema_id": schema_id,
            "property_schema": Jsonb(values["property_schema"]),
        },
    ).fetchone()
    assert row is not None
    return row


def delete_property_schema(conn: Connection, business_id: UUID, schema_id: UUID) -> None:
    """Delete an event property schema."""
    conn.execute(
        "DELETE FROM event_property_schemas WHERE business_id = %(business_id)s AND schema_id = %(schema_id)s",
        {"business_id": business_id, "schema_id": schema_id},
    )
