"""Events for outgoing webhooks, and their deliveries. Triggers in `migrations/26_webhooks.sql` store most of them."""

from typing import Any, TypedDict
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, Row
from repositories.page import Page


class Attempt(TypedDict):
    """The result of sending an event once. `error` is None if the receiver has accepted it."""

    response_status: int | None
    error: str | None
    duration_ms: int


def next_delivery(conn: Connection, business_id: UUID, webhook_id: UUID, subject: str) -> Row | None:
    """The first pending delivery of a subject: delivery_id, attempts, event_id, type, data and event_created_at."""
    return conn.execute(
        """
        SELECT d.delivery_id, d.attempts, e.event_id, e.type, e.data, e.created_at AS event_created_at
        FROM webhook_deliveries d
        JOIN outbox_events e ON e.business_id = d.business_id AND e.event_id = d.event_id
        WHERE d.business_id = %(business_id)s AND d.webhook_id = %(webhook_id)s AND d.subject = %(subject)s
          AND d.status = 'pending'
        ORDER BY d.number LIMIT 1
        """,
        {"business_id": business_id, "webhook_id": webhook_id, "subject": subject},
    ).fetchone()


def record_success(conn: Connection, business_id: UUID, delivery_id: UUID, attempt: Attempt) -> None:
    """The receiver has accepted the event."""
    conn.execute(
        """
        UPDATE webhook_deliveries SET status = 'delivered', attempts = attempts + 1, error = NULL,
            response_status = %(response_status)s, duration_ms = %(duration_ms)s,
            last_attempt_at = clock_timestamp(), next_attempt_at = NULL
        WHERE business_id = %(business_id)s AND delivery_id = %(delivery_id)s
        """,
        {**attempt, "business_id": business_id, "delivery_id": delivery_id},
    )


def record_failure(
    conn: Connection, business_id: UUID, delivery_id: UUID, attempt: Attempt, seconds: float | None, *, counts: bool
) -> float | None:
    """An attempt has failed. The next one is after `seconds`, or at the deadline. After the deadline, or without
    `seconds`, the delivery has failed. `counts` is whether a request was sent. Returns the seconds until the next
    attempt, or None."""
    row = conn.execute(
        """
        UPDATE webhook_deliveries SET attempts = attempts + %(counts)s::int, error = %(error)s,
            response_status = %(response_status)s, duration_ms = %(duration_ms)s,
            last_attempt_at = clock_timestamp(),
            next_attempt_at = CASE WHEN clock_timestamp() < deadline AND %(seconds)s::float8 IS NOT NULL
                THEN LEAST(deadline, clock_timestamp() + make_interval(secs => %(seconds)s)) END,
            status = CASE WHEN clock_timestamp() < deadline AND %(seconds)s::float8 IS NOT NULL
                THEN status ELSE 'failed' END
        WHERE business_id = %(business_id)s AND delivery_id = %(delivery_id)s AND status = 'pending'
        RETURNING extract(epoch FROM next_attempt_at - clock_timestamp())::float8 AS seconds
        """,
        {**attempt, "business_id": business_id, "delivery_id": delivery_id, "seconds": seconds, "counts": counts},
    ).fetchone()
    return None if row is None or row["seconds"] is None else max(0.0, float(row["seconds"]))


def end_pending(conn: Connection, business_id: UUID, webhook_id: UUID, error: str) -> None:
    """Let all pending deliveries of a webhook fail."""
    conn.execute(
        """
        UPDATE webhook_deliveries SET status = 'failed', error = %(error)s, next_attempt_at = NULL
        WHERE business_id = %(business_id)s AND webhook_id = %(webhook_id)s AND status = 'pending'
        """,
        {"business_id": business_id, "webhook_id": webhook_id, "error": error},
    )


def insert_test(conn: Connection, business_id: UUID, webhook_id: UUID, event: dict[str, Any], attempt: Attempt) -> UUID:
    """Store a test event that was sent once; returns the ID of its delivery. `event`: event_id, type, data and
    created_at."""
    parameters = {
        **attempt,
        **event,
        "data": Jsonb(event["data"]),
        "business_id": business_id,
        "webhook_id": webhook_id,
    }
    conn.execute(
        """
        INSERT INTO outbox_events (business_id, event_id, type, data, created_at)
        VALUES (%(business_id)s, %(event_id)s, %(type)s, %(data)s, %(created_at)s)
        """,
        parameters,
    )
    row = conn.execute(
        """
        INSERT INTO webhook_deliveries (business_id, webhook_id, event_id, subject, status, attempts, response_status,
            error, duration_ms, last_attempt_at)
        VALUES (%(business_id)s, %(webhook_id)s, %(event_id)s, %(event_id)s::text,
            CASE WHEN %(error)s::text IS NULL THEN 'delivered' ELSE 'failed' END, 1, %(response_status)s,
            %(error)s, %(duration_ms)s, clock_timestamp())
        RETURNING delivery_id
        """,
        parameters,
    ).fetchone()
    assert row is not None
    return UUID(str(row["delivery_id"]))


def list_deliveries(conn: Connection, business_id: UUID, webhook_id: UUID, page: Page, status: str | None) -> list[Row]:
    """The deliveries of a webhook, optionally those with a status, oldest first. The order is that of the IDs, which
    start with the time of their creation."""
    return conn.execute(
        """
        SELECT d.delivery_id, d.webhook_id, d.event_id, e.type, e.conversation_id, e.order_id, d.status, d.attempts,
            d.response_status, d.error, d.duration_ms, d.last_attempt_at, d.next_attempt_at, d.created_at
        FROM webhook_deliveries d
        JOIN outbox_events e ON e.business_id = d.business_id AND e.event_id = d.event_id
        WHERE d.business_id = %(business_id)s AND d.webhook_id = %(webhook_id)s
          AND (%(status)s::text IS NULL OR d.status = %(status)s)
          AND d.delivery_id > %(after_id)s
        ORDER BY d.delivery_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id, "webhook_id": webhook_id, "status": status},
    ).fetchall()


def list_latest_deliveries(
    conn: Connection, business_id: UUID, webhook_id: UUID, page: Page, status: str | None
) -> list[Row]:
    """Like `list_deliveries`, newest first."""
    return conn.execute(
        """
        SELECT d.delivery_id, d.webhook_id, d.event_id, e.type, e.conversation_id, e.order_id, d.status, d.attempts,
            d.response_status, d.error, d.duration_ms, d.last_attempt_at, d.next_attempt_at, d.created_at
        FROM webhook_deliveries d
        JOIN outbox_events e ON e.business_id = d.business_id AND e.event_id = d.event_id
        WHERE d.business_id = %(business_id)s AND d.webhook_id = %(webhook_id)s
          AND (%(status)s::text IS NULL OR d.status = %(status)s)
          AND d.delivery_id < %(after_id)s
        ORDER BY d.delivery_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id, "webhook_id": webhook_id, "status": status},
    ).fetchall()


def get_delivery(conn: Connection, business_id: UUID, webhook_id: UUID, delivery_id: UUID) -> Row:
    """One delivery with its subject, and the data of its event and when that was created. Raises NotFound."""
    row = conn.execute(
        """
        SELECT d.delivery_id, d.webhook_id, d.event_id, e.type, e.conversation_id, e.order_id, d.status, d.attempts,
            d.response_status, d.error, d.duration_ms, d.last_attempt_at, d.next_attempt_at, d.created_at,
            d.subject, e.data, e.created_at AS event_created_at
        FROM webhook_deliveries d
        JOIN outbox_events e ON e.business_id = d.business_id AND e.event_id = d.event_id
        WHERE d.business_id = %(business_id)s AND d.webhook_id = %(webhook_id)s AND d.delivery_id = %(delivery_id)s
        """,
        {"business_id": business_id, "webhook_id": webhook_id, "delivery_id": delivery_id},
    ).fetchone()
    if row is None:
        raise NotFound("Delivery not found.")
    return row


def renew(conn: Connection, business_id: UUID, delivery_id: UUID) -> None:
    """Let a delivery be sent again as soon as possible, with a new deadline. It keeps its place in the order."""
    conn.execute(
        """
        UPDATE webhook_deliveries SET status = 'pending', next_attempt_at = NULL,
            deadline = clock_timestamp() + interval '1 day'
        WHERE business_id = %(business_id)s AND delivery_id = %(delivery_id)s
        """,
        {"business_id": business_id, "delivery_id": delivery_id},
    )


def delete_expired(conn: Connection, business_id: UUID, days: int, limit: int) -> int:
    """Delete up to `limit` events that were stored more than `days` days ago, with their deliveries. Returns how
    many."""
    deleted = conn.execute(
        """
        DELETE FROM outbox_events
        WHERE business_id = %(business_id)s AND event_id IN (
            SELECT event_id FROM outbox_events
            WHERE business_id = %(business_id)s AND event_id < lowest_uuidv7(now() - make_interval(days => %(days)s))
            ORDER BY event_id LIMIT %(limit)s)
        """,
        {"business_id": business_id, "days": days, "limit": limit},
    )
    return int(deleted.rowcount)
