"""The table `order_notifications`: changes of orders that customers are to be told of."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from db import Connection, Jsonb, Row


def insert_notifications(conn: Connection, business_id: UUID, rows: Sequence[dict[str, Any]]) -> list[UUID]:
    """Record that customers are to get messages; returns the IDs. `rows`: order_id, field and message."""
    inserted = conn.execute(
        """
        INSERT INTO order_notifications (business_id, order_id, field, message)
        SELECT %(business_id)s, order_id, field, message
        FROM jsonb_to_recordset(%(rows)s) AS given (order_id UUID, field TEXT, message TEXT)
        RETURNING notification_id
        """,
        {"business_id": business_id, "rows": Jsonb([{**row, "order_id": str(row["order_id"])} for row in rows])},
    ).fetchall()
    return [row["notification_id"] for row in inserted]


def find_waiting(conn: Connection, business_id: UUID, notification_id: UUID) -> Row | None:
    """The message and the user_id of the customer, unless the notification was sent or skipped."""
    return conn.execute(
        """
        SELECT n.message, o.user_id
        FROM order_notifications n
        JOIN orders o ON o.business_id = n.business_id AND o.order_id = n.order_id
        WHERE n.business_id = %(business_id)s AND n.notification_id = %(notification_id)s AND n.status = 'waiting'
        """,
        {"business_id": business_id, "notification_id": notification_id},
    ).fetchone()


def set_status(conn: Connection, business_id: UUID, notification_id: UUID, status: Literal["sent", "skipped"]) -> None:
    """Record what has become of the notification."""
    conn.execute(
        """
        UPDATE order_notifications SET status = %(status)s
        WHERE business_id = %(business_id)s AND notification_id = %(notification_id)s
        """,
        {"business_id": business_id, "notification_id": notification_id, "status": status},
    )
