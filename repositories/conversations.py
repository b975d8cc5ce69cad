"""The tables `conversations` and `collected_fields`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, Row


def get_conversation(conn: Connection, business_id: UUID, conversation_id: UUID) -> Row:
    """One conversation with its summary. Raises NotFound."""
    row = conn.execute(
        """
        SELECT conversation_id, business_id, user_id, agent_id, stage_id, session_id, channel, status, handled_by,
               language, conversation_summary, summarised_through, last_seq, start_time, last_updated
        FROM conversations WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    ).fetchone()
    if row is None:
        raise NotFound("Conversation not found.")
    return row


def lock_conversation(conn: Connection, business_id: UUID, conversation_id: UUID) -> Row:
    """Like `get_conversation`, with the assignee_id, and locks the row. If it has to wait, it returns what the other
    transaction committed.

    The lock serialises the allocation of sequence numbers and the end of turns.
    """
    row = conn.execute(
        """
        SELECT conversation_id, business_id, user_id, agent_id, stage_id, session_id, channel, status, handled_by,
               assignee_id, language, conversation_summary, summarised_through, last_seq, start_time, last_updated
        FROM conversations WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    ).fetchone()
    if row is None:
        raise NotFound("Conversation not found.")
    return row


def complete_conversation(conn: Connection, business_id: UUID, conversation_id: UUID) -> None:
    """Close a conversation that the caller has locked (`lock_conversation`)."""
    conn.execute(
        """
        UPDATE conversations SET status = 'completed', last_updated = clock_timestamp(), needs_person_reason = NULL,
            snoozed_until = NULL
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    )


def lock_latest_open(
    conn: Connection, business_id: UUID, user_id: UUID, session_id: str | None, idle: timedelta
) -> UUID | None:
    """Find and lock the conversation that a customer's new message continues; returns its ID or None.

    This is the latest conversation, of the same session if one is given, that is paused, handled by a person, or active
    and used within `idle`. The caller has locked the customer.
    """
    row = conn.execute(
        """
        SELECT conversation_id FROM conversations
        WHERE business_id = %(business_id)s
          AND conversation_id = latest_open_conversation_v1(p_business_id => %(business_id)s,
              p_user_id => %(user_id)s, p_session_id => %(session_id)s, p_idle => %(idle)s)
          AND status IN ('active', 'paused')
        FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "user_id": user_id, "session_id": session_id, "idle": idle},
    ).fetchone()
    return row["conversation_id"] if row else None


def lock_latest(conn: Connection, business_id: UUID, user_id: UUID) -> UUID | None:
    """Find and lock the open conversation that the customer used last, however long ago. Returns its ID or None."""
    row = conn.execute(
        """
        SELECT conversation_id FROM conversations
        WHERE business_id = %(business_id)s AND user_id = %(user_id)s AND status IN ('active', 'paused')
        ORDER BY last_updated DESC LIMIT 1
        FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()
    return row["conversation_id"] if row else None


def insert_conversation(
    conn: Connection, business_id: UUID, user_id: UUID, session_id: str, channel: str = "api"
) -> UUID:
    """Start a conversation and return its ID."""
    row = conn.execute(
        """
        INSERT INTO conversations (business_id, user_id, session_id, channel)
        VALUES (%(business_id)s, %(user_id)s, %(session_id)s, %(channel)s)
        RETURNING conversation_id
        """,
        {"business_id": business_id, "user_id": user_id, "session_id": session_id, "channel": channel},
    ).fetchone()
    assert row is not None
    return UUID(str(row["conversation_id"]))


def allocate_seq(conn: Connection, business_id: UUID, conversation_id: UUID) -> int:
    """The sequence number for a message that belongs to no turn."""
    row = conn.execute(
        """
        UPDATE conversations SET last_seq = last_seq + 1, last_updated = clock_timestamp()
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        RETURNING last_seq
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    ).fetchone()
    assert row is not None
    return int(row["last_seq"])


def allocate_seq_of_note(conn: Connection, business_id: UUID, conversation_id: UUID) -> int:
    """The sequence number for an internal note. For the customer, the conversation is as long ago as before."""
    row = conn.execute(
        """
        UPDATE conversations SET last_seq = last_seq + 1
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        RETURNING last_seq
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    ).fetchone()
    assert row is not None
    return int(row["last_seq"])


def latest_summaries(
    conn: Connection, business_id: UUID, user_id: UUID | None, other_than: UUID | None, limit: int = 3
) -> list[Row]:
    """The start_time and conversation_summary of the customer's latest summarised conversations, newest first, without
    the conversation `other_than`."""
    return conn.execute(
        """
        SELECT start_time, conversation_summary FROM conversations
        WHERE business_id = %(business_id)s AND user_id = %(user_id)s AND conversation_summary IS NOT NULL
          AND conversation_id IS DISTINCT FROM %(other_than)s
        ORDER BY start_time DESC LIMIT %(limit)s
        """,
        {"business_id": business_id, "user_id": user_id, "other_than": other_than, "limit": limit},
    ).fetchall()


def collected_fields(conn: Connection, business_id: UUID, conversation_id: UUID, before_seq: int) -> dict[str, Any]:
    """The fields collected by turns before `before_seq`: for each field, the value with the highest seq."""
    row = conn.execute(
        """
        SELECT collected_fields_v1(p_business_id => %(business_id)s, p_conversation_id => %(conversation_id)s,
            p_seq => %(before_seq)s) AS collected
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "before_seq": before_seq},
    ).fetchone()
    assert row is not None
    return dict(row["collected"])


def claim_summary(
    conn: Connection, business_id: UUID, conversation_id: UUID, through: int, tried_at: int | None, seq: int
) -> bool:
    """Reserve the summary after the turn `seq`. Returns False if another process has reserved or stored one since the
    conversation had a summary up to `through` and the last attempt at `tried_at`."""
    claimed = conn.execute(
        """
        UPDATE conversations SET summary_tried_at = %(seq)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
          AND summarised_through = %(through)s AND summary_tried_at IS NOT DISTINCT FROM %(tried_at)s
        """,
        {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "through": through,
            "tried_at": tried_at,
            "seq": seq,
        },
    )
    return claimed.rowcount == 1


def store_summary(
    conn: Connection, business_id: UUID, conversation_id: UUID, before: int, through: int, summary: dict[str, Any]
) -> bool:
    """Store the summary of all messages up to seq `through`, unless the stored summary no longer ends at `before`.

    Returns whether it was stored.
    """
    written = conn.execute(
        """
        UPDATE conversations SET conversation_summary = %(summary)s, summarised_through = %(through)s,
            summary_tried_at = NULL
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
          AND summarised_through = %(before)s
        """,
        {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "before": before,
            "through": through,
            "summary": Jsonb(summary),
        },
    )
    return written.rowcount == 1
