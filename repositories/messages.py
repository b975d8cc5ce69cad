"""The table `messages`, ordered by `seq` within a conversation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg2.errors import UniqueViolation

from core.idempotency import key_conflict
from db import Connection, Jsonb, Row
from repositories.page import fetch_page


def insert_message(conn: Connection, business_id: UUID, values: dict[str, Any]) -> Row:
    """Store a message that belongs to no turn; returns the columns of `list_messages`.

    `values`: conversation_id, seq, message_content, sender_type, sender_user_id, idempotency_key, request_hash, and
    optionally metadata. Raises Conflict if a message of another conversation has the key.
    """
    try:
        conn.execute(
            """
            INSERT INTO messages (business_id, conversation_id, seq, message_content, sender_type, sender_user_id,
                                  idempotency_key, request_hash, metadata)
            VALUES (%(business_id)s, %(conversation_id)s, %(seq)s, %(message_content)s, %(sender_type)s,
                    %(sender_user_id)s, %(idempotency_key)s, %(request_hash)s, %(metadata)s)
            """,
            {**values, "business_id": business_id, "metadata": Jsonb(values.get("metadata", {}))},
        )
    except UniqueViolation as error:
        if error.diag.constraint_name == "messages_idempotency_key":
            raise key_conflict() from error
        raise
    conversation_id, seq = values["conversation_id"], values["seq"]
    [message] = list_messages(conn, business_id, conversation_id, seq - 1, 1, with_notes=True)
    return message


def find_by_key(conn: Connection, business_id: UUID, idempotency_key: str) -> Row | None:
    """The conversation_id, seq and request_hash of the message of the business that a request with this key has
    stored."""
    return conn.execute(
        """
        SELECT conversation_id, seq, request_hash FROM messages
        WHERE business_id = %(business_id)s AND idempotency_key = %(idempotency_key)s
          AND sender_type <> 'user'
        """,
        {"business_id": business_id, "idempotency_key": idempotency_key},
    ).fetchone()


def list_messages(
    conn: Connection,
    business_id: UUID,
    conversation_id: UUID,
    seq: int,
    limit: int,
    *,
    is_newest_first: bool = False,
    with_notes: bool = False,
) -> list[Row]:
    """The first `limit` messages with a larger seq, or, newest first, with a smaller one: message_id, conversation_id,
    seq, turn_id, message_content, sender_type, sender_user_id, sender_name (of members of the business), metadata,
    created_at, delivery (in a channel) and feedback (of answers).

    Notes, which only staff may read, are left out unless `with_notes`.
    """
    return fetch_page(
        conn,
        """
        SELECT m.message_id, m.conversation_id, m.seq, m.turn_id, m.message_content, m.sender_type, m.sender_user_id,
               CASE WHEN m.sender_type IN ('agent', 'note') THEN display_name(u.first_name, u.last_name, u.email, NULL)
                   END AS sender_name,
               m.metadata, m.created_at, message_delivery_v1(m.business_id, m.conversation_id, m.seq) AS delivery,
               CASE WHEN m.sender_type = 'assistant' AND m.turn_id IS NOT NULL
                    THEN message_feedback_v1(m.business_id, m.turn_id) ELSE '[]' END AS feedback
        FROM messages m
        LEFT JOIN users u
            ON u.user_id = m.sender_user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        WHERE m.business_id = %(business_id)s AND m.conversation_id = %(conversation_id)s
          AND (%(is_newest_first)s OR m.seq > %(seq)s)
          AND (NOT %(is_newest_first)s OR m.seq < %(seq)s)
          AND (%(with_notes)s OR m.sender_type <> 'note')
        ORDER BY CASE WHEN NOT %(is_newest_first)s THEN m.seq END, CASE WHEN %(is_newest_first)s THEN m.seq END DESC
        LIMIT %(limit)s
        """,
        {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "seq": seq,
            "limit": limit,
            "is_newest_first": is_newest_first,
            "with_notes": with_notes,
        },
    )


def list_since(
    conn: Connection, business_id: UUID, conversation_id: UUID, after_time: datetime | None, limit: int
) -> list[Row]:
    """The first `limit` messages that were stored later, in the order in which they were stored, without notes, with
    the columns of `list_messages`. All messages without `after_time`."""
    return fetch_page(
        conn,
        """
        SELECT m.message_id, m.conversation_id, m.seq, m.turn_id, m.message_content, m.sender_type, m.sender_user_id,
               CASE WHEN m.sender_type = 'agent' THEN display_name(u.first_name, u.last_name, u.email, NULL)
                   END AS sender_name,
               m.metadata, m.created_at, message_delivery_v1(m.business_id, m.conversation_id, m.seq) AS delivery,
               CASE WHEN m.sender_type = 'assistant' AND m.turn_id IS NOT NULL
                    THEN message_feedback_v1(m.business_id, m.turn_id) ELSE '[]' END AS feedback
        FROM messages m
        LEFT JOIN users u
            ON u.user_id = m.sender_user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        WHERE m.business_id = %(business_id)s AND m.conversation_id = %(conversation_id)s AND m.sender_type <> 'note'
          AND m.created_at > COALESCE(%(after_time)s, '-infinity'::timestamptz)
        ORDER BY m.created_at, m.seq LIMIT %(limit)s
        """,
        {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "after_time": after_time,
            "limit": limit,
        },
    )


def find_time(conn: Connection, business_id: UUID, conversation_id: UUID, seq: int) -> datetime | None:
    """When the message with this seq was stored, or else the one before it. None if there is none."""
    row = conn.execute(
        """
        SELECT created_at FROM messages
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND seq <= %(seq)s
          AND sender_type <> 'note'
        ORDER BY seq DESC LIMIT 1
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "seq": seq},
    ).fetchone()
    return row["created_at"] if row else None


def list_latest(
    conn: Connection, business_id: UUID, conversation_id: UUID | None, *, before_seq: int, limit: int
) -> list[dict[str, Any]]:
    """The latest `limit` messages with a smaller seq, oldest first, without notes: seq, sender_type and
    message_content."""
    rows = conn.execute(
        """
        SELECT * FROM latest_messages_v2(p_business_id => %(business_id)s, p_conversation_id => %(conversation_id)s,
            p_before_seq => %(before_seq)s, p_limit => %(limit)s)
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "before_seq": before_seq, "limit": limit},
    ).fetchall()
    return rows[::-1]


def list_between(
    conn: Connection, business_id: UUID, conversation_id: UUID, *, after_seq: int, before_seq: int, limit: int
) -> list[dict[str, Any]]:
    """The first `limit` messages between two seqs, both exclusive, oldest first and without notes, with the columns of
    `list_latest`."""
    return conn.execute(
        """
        SELECT seq, sender_type, message_content FROM messages
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
          AND seq > %(after_seq)s AND seq < %(before_seq)s AND sender_type <> 'note'
        ORDER BY seq LIMIT %(limit)s
        """,
        {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "after_seq": after_seq,
            "before_seq": before_seq,
            "limit": limit,
        },
    ).fetchall()


def find_latest(conn: Connection, business_id: UUID, conversation_id: UUID, sender_type: str) -> Row | None:
    """The latest message of a type of sender: seq and message_content. None if there is no message."""
    return conn.execute(
        """
        SELECT seq, message_content FROM messages
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND sender_type = %(sender_type)s
        ORDER BY seq DESC LIMIT 1
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "sender_type": sender_type},
    ).fetchone()


def count_messages(conn: Connection, business_id: UUID, conversation_id: UUID | None, *, before_seq: int) -> int:
    """The number of messages with a smaller seq, without notes."""
    row = conn.execute(
        """
        SELECT count(*) AS messages FROM messages
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND seq < %(before_seq)s
          AND sender_type <> 'note'
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "before_seq": before_seq},
    ).fetchone()
    assert row is not None
    return int(row["messages"])
