"""The recorded turns of a conversation and the data that they read, from which a test case is made."""

from typing import Any
from uuid import UUID

from db import Connection, Row


def list_recorded(
    conn: Connection, business_id: UUID, conversation_id: UUID, turn_id: UUID | None, limit: int
) -> list[Row]:
    """The last answered turns of a conversation up to this one, oldest first: turn_id, stage_id, the present
    `stage_name` (None if the stage was deleted), the message, the answer as sent, and what data retrieval returned."""
    rows = conn.execute(
        """
        SELECT t.turn_id, s.stage_id, s.stage_name, m.message_content AS message, t.answer, step.output AS retrieval
        FROM turns t
        JOIN messages m ON m.business_id = t.business_id AND m.turn_id = t.turn_id AND m.sender_type = 'user'
        LEFT JOIN stages s ON s.business_id = t.business_id AND s.stage_id = t.stage_id
        LEFT JOIN turn_steps step ON step.business_id = t.business_id AND step.turn_id = t.turn_id
            AND step.step = 'retrieval' AND step.status = 'completed' AND NOT step.discarded
        WHERE t.business_id = %(business_id)s AND t.conversation_id = %(conversation_id)s AND t.status = 'completed'
          AND (%(turn_id)s::uuid IS NULL OR t.seq <= (
              SELECT seq FROM turns WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s))
        ORDER BY t.seq DESC LIMIT %(limit)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "turn_id": turn_id, "limit": limit},
    ).fetchall()
    return rows[::-1]


def list_orders(conn: Connection, business_id: UUID, user_id: UUID, limit: int) -> list[dict[str, Any]]:
    """The customer's latest orders without addresses, as a test case contains them."""
    rows = conn.execute(
        """
        SELECT jsonb_strip_nulls(jsonb_build_object(
            'order_number', order_number, 'status', status, 'order_total', order_total, 'currency', currency,
            'tracking_number', tracking_number, 'shipping_carrier', shipping_carrier,
            'order_date', to_char(order_date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'items', (
                SELECT coalesce(jsonb_agg(item - 'product_id' ORDER BY number), '[]')
                FROM jsonb_array_elements(items) WITH ORDINALITY AS each (item, number) WHERE number <= 50)
        )) AS placed
        FROM orders WHERE business_id = %(business_id)s AND user_id = %(user_id)s
        ORDER BY order_date DESC LIMIT %(limit)s
        """,
        {"business_id": business_id, "user_id": user_id, "limit": limit},
    ).fetchall()
    return [row["placed"] for row in rows]
