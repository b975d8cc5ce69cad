"""The table `scheduled_messages`: messages of the assistant that wait for the end of quiet hours."""

from typing import Any, Literal
from uuid import UUID

from db import Connection, Jsonb, Row
from repositories.page import Page, fetch_page


def insert_scheduled(conn: Connection, business_id: UUID, values: dict[str, Any]) -> Row:
    """Store a message that waits; returns the columns of `list_scheduled`.

    `values`: conversation_id, message_content, metadata, scheduled_for, idempotency_key and request_hash.
    """
    row = conn.execute(
        """
        INSERT INTO scheduled_messages (business_id, conversation_id, message_content, metadata, scheduled_for,
                                        idempotency_key, request_hash)
        VALUES (%(business_id)s, %(conversation_id)s, %(message_content)s, %(metadata)s, %(scheduled_for)s,
                %(idempotency_key)s, %(request_hash)s)
        RETURNING scheduled_message_id, conversation_id, message_content, metadata, scheduled_for, status, created_at
        """,
        {**values, "business_id": business_id, "metadata": Jsonb(values["metadata"])},
    ).fetchone()
    assert row is not None
    return row


def find_by_key(conn: Connection, business_id: UUID, idempotency_key: str) -> Row | None:
    """The message that a request with this key has scheduled: the columns of `list_scheduled`, with seq (of the posted
    message) and request_hash."""
    return conn.execute(
        """
        SELECT scheduled_message_id, conversation_id, message_content, metadata, scheduled_for, status, created_at, seq,
               request_hash
        FROM scheduled_messages
        WHERE business_id = %(business_id)s AND idempotency_key = %(idempotency_key)s
        """,
        {"business_id": business_id, "idempotency_key": idempotency_key},
    ).fetchone()


def list_scheduled(conn: Connection, business_id: UUID, conversation_id: UUID, page: Page) -> list[Row]:
    """The messages of a conversation that still wait, in order: scheduled_message_id, conversation_id, message_content,
    metadata, scheduled_for, status and created_at."""
    return fetch_page(
        conn,
        """
        SELECT scheduled_message_id, conversation_id, message_content, metadata, scheduled_for, status, created_at
        FROM scheduled_messages
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND status = 'waiting'
          AND (created_at, scheduled_message_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, scheduled_message_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id, "conversation_id": conversation_id},
    )


def find_waiting(conn: Connection, business_id: UUID, scheduled_message_id: UUID) -> Row | None:
    """The conversation_id, message_content and metadata of a message that still waits."""
    return conn.execute(
        """
        SELECT conversation_id, message_content, metadata FROM scheduled_messages
        WHERE business_id = %(business_id)s AND scheduled_message_id = %(scheduled_message_id)s AND status = 'waiting'
        """,
        {"business_id": business_id, "scheduled_message_id": scheduled_message_id},
    ).fetchone()


def end_waiting(
    conn: Connection,
    business_id: UUID,
    scheduled_message_id: UUID,
    status: Literal["posted", "dropped"],
    seq: int | None = None,
) -> UUID | None:
    """Record what has become of a message, and with which seq it was posted. Returns the ID of its conversation; None
    if it was not waiting."""
    row = conn.execute(
        """
        UPDATE scheduled_messages SET status = %(status)s, seq = %(seq)s
        WHERE business_id = %(business_id)s AND scheduled_message_id = %(scheduled_message_id)s AND status = 'waiting'
        RETURNING conversation_id
        """,
        {"business_id": business_id, "scheduled_message_id": scheduled_message_id, "status": status, "seq": seq},
    ).fetchone()
    return row["conversation_id"] if row else None
