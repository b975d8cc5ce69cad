"""The table `hook_deliveries`: what hooks have received lately."""

from typing import Any
from uuid import UUID

from db import Connection, Jsonb, Row
from repositories.page import Page

_MAX_DELETED = 100  # per delivery, so that none takes long


def start_delivery(conn: Connection, business_id: UUID, hook_id: UUID, sender_id: str | None) -> UUID | None:
    """Record a delivery, and return its ID. None if the sender's delivery was processed before. If it is being
    processed now, waits until that ends."""
    row = conn.execute(
        """
        INSERT INTO hook_deliveries (business_id, hook_id, sender_id, result)
        VALUES (%(business_id)s, %(hook_id)s, %(sender_id)s, 'unchanged')
        ON CONFLICT (business_id, hook_id, sender_id)
            WHERE sender_id IS NOT NULL AND result IN ('created', 'updated', 'unchanged') DO NOTHING
        RETURNING delivery_id
        """,
        {"business_id": business_id, "hook_id": hook_id, "sender_id": sender_id},
    ).fetchone()
    return row["delivery_id"] if row else None


def find_delivery(conn: Connection, business_id: UUID, hook_id: UUID, sender_id: str) -> Row | None:
    """The delivery_id and result of the sender's delivery that was processed before."""
    return conn.execute(
        """
        SELECT delivery_id, result FROM hook_deliveries
        WHERE business_id = %(business_id)s AND hook_id = %(hook_id)s AND sender_id = %(sender_id)s
          AND result IN ('created', 'updated', 'unchanged')
        """,
        {"business_id": business_id, "hook_id": hook_id, "sender_id": sender_id},
    ).fetchone()


def end_delivery(conn: Connection, business_id: UUID, delivery_id: UUID, values: dict[str, Any]) -> None:
    """Record the `result`, `row_name` and `problems` of a delivery."""
    conn.execute(
        """
        UPDATE hook_deliveries SET result = %(result)s, row_name = %(row_name)s, problems = %(problems)s
        WHERE business_id = %(business_id)s AND delivery_id = %(delivery_id)s
        """,
        {
            **values,
            "business_id": business_id,
            "delivery_id": delivery_id,
            "problems": Jsonb(values["problems"]),
        },
    )


def insert_invalid(
    conn: Connection, business_id: UUID, hook_id: UUID, sender_id: str | None, values: dict[str, Any]
) -> None:
    """Record a delivery that changed nothing because of its `problems`. It may be repeated. `values` also contains
    row_name."""
    conn.execute(
        """
        INSERT INTO hook_deliveries (business_id, hook_id, sender_id, result, row_name, problems)
        VALUES (%(business_id)s, %(hook_id)s, %(sender_id)s, 'invalid', %(row_name)s, %(problems)s)
        """,
        {
            **values,
            "business_id": business_id,
            "hook_id": hook_id,
            "sender_id": sender_id,
            "problems": Jsonb(values["problems"]),
        },
    )


def insert_rejected(conn: Connection, business_id: UUID, hook_id: UUID, problem: str) -> None:
    """Record that a delivery had no valid signature, at most one per minute: anyone can send them."""
    conn.execute(
        """
        INSERT INTO hook_deliveries (business_id, hook_id, result, problems)
        SELECT %(business_id)s, %(hook_id)s, 'rejected', %(problems)s
        WHERE NOT EXISTS (
            SELECT FROM hook_deliveries
            WHERE business_id = %(business_id)s AND hook_id = %(hook_id)s AND result = 'rejected'
              AND received_at > clock_timestamp() - interval '1 minute')
        """,
        {
            "business_id": business_id,
            "hook_id": hook_id,
            "problems": Jsonb([{"path": "$", "message": problem}]),
        },
    )


def list_deliveries(conn: Connection, business_id: UUID, hook_id: UUID, page: Page) -> list[Row]:
    """The deliveries of a hook, newest first."""
    return conn.execute(
        """
        SELECT delivery_id, hook_id, sender_id, result, row_name, problems, received_at FROM hook_deliveries
        WHERE business_id = %(business_id)s AND hook_id = %(hook_id)s
          AND (received_at, delivery_id) < (%(after_time)s, %(after_id)s)
        ORDER BY received_at DESC, delivery_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id, "hook_id": hook_id},
    ).fetchall()


def delete_expired(conn: Connection, business_id: UUID, hook_id: UUID, days: int) -> None:
    """Delete some of the hook's deliveries that are older than `days`."""
    conn.execute(
        """
        DELETE FROM hook_deliveries
        WHERE business_id = %(business_id)s AND delivery_id IN (
            SELECT delivery_id FROM hook_deliveries
            WHERE business_id = %(business_id)s AND hook_id = %(hook_id)s
              AND received_at < clock_timestamp() - make_interval(days => %(days)s)
            ORDER BY received_at LIMIT %(limit)s)
        """,
        {"business_id": business_id, "hook_id": hook_id, "days": days, "limit": _MAX_DELETED},
    )
