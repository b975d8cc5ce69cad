"""Conversations of a business's customers, and the fields collected in them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Cursor, Jsonb, Row
from repositories.page import Page

_CONVERSATION = """
    SELECT conversation_id, business_id, user_id, agent_id, stage_id, session_id, channel, status, handled_by,
           conversation_summary, summarised_through, last_seq, start_time, last_updated
    FROM conversations WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
"""


def list_conversations(conn: Connection, business_id: UUID, page: Page, filters: dict[str, Any]) -> list[Row]:
    """`filters` may name user_id, status, stage_id and handled_by."""
    return conn.execute(
        """
        SELECT conversation_id, business_id, user_id, agent_id, stage_id, session_id, channel, status, handled_by,
               last_seq, start_time, last_updated
        FROM conversations
        WHERE business_id = %(business_id)s
          AND (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s)
          AND (%(status)s::text IS NULL OR status = %(status)s)
          AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
          AND (%(handled_by)s::text IS NULL OR handled_by = %(handled_by)s)
          AND (start_time, conversation_id) > (%(after_time)s, %(after_id)s)
        ORDER BY start_time, conversation_id LIMIT %(limit)s
        """,
        _list_parameters(business_id, page, filters),
    ).fetchall()


def list_latest_conversations(conn: Connection, business_id: UUID, page: Page, filters: dict[str, Any]) -> list[Row]:
    """As `list_conversations`, from the latest to the first."""
    return conn.execute(
        """
        SELECT conversation_id, business_id, user_id, agent_id, stage_id, session_id, channel, status, handled_by,
               last_seq, start_time, last_updated
        FROM conversations
        WHERE business_id = %(business_id)s
          AND (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s)
          AND (%(status)s::text IS NULL OR status = %(status)s)
          AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
          AND (%(handled_by)s::text IS NULL OR handled_by = %(handled_by)s)
          AND (start_time, conversation_id) < (%(after_time)s, %(after_id)s)
        ORDER BY start_time DESC, conversation_id DESC LIMIT %(limit)s
        """,
        _list_parameters(business_id, page, filters),
    ).fetchall()


def search_conversations(
    conn: Connection, business_id: UUID, page: Page, filters: dict[str, Any], words: str
) -> list[Row]:
    """As `list_conversations`, those with a message that holds the words, as people write them into a search box. Words
    that are none find nothing."""
    # A statement of its own: as a filter that may be absent, the search would be run for every conversation.
    return conn.execute(
        """
        SELECT conversation_id, business_id, user_id, agent_id, stage_id, session_id, channel, status, handled_by,
               last_seq, start_time, last_updated
        FROM conversations
        WHERE business_id = %(business_id)s
          AND (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s)
          AND (%(status)s::text IS NULL OR status = %(status)s)
          AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
          AND (%(handled_by)s::text IS NULL OR handled_by = %(handled_by)s)
          AND (start_time, conversation_id) > (%(after_time)s, %(after_id)s)
          AND numnode(websearch_to_tsquery('simple', %(words)s)) > 0
          AND conversation_id IN (
              SELECT conversation_id FROM messages
              WHERE business_id = %(business_id)s AND message_words(business_id, message_content)
                    @@ (websearch_to_tsquery('simple', %(words)s) && quote_literal(%(business_id)s::text)::tsquery))
        ORDER BY start_time, conversation_id LIMIT %(limit)s
        """,
        {**_list_parameters(business_id, page, filters), "words": words},
    ).fetchall()


def _list_parameters(business_id: UUID, page: Page, filters: dict[str, Any]) -> dict[str, Any]:
    return {
        **dict.fromkeys(("user_id", "status", "stage_id", "handled_by")),
        **filters,
        **page.parameters,
        "business_id": business_id,
    }


def get_conversation(conn: Connection, business_id: UUID, conversation_id: UUID) -> Row:
    return _found(conn.execute(_CONVERSATION, {"business_id": business_id, "conversation_id": conversation_id}))


def lock_conversation(conn: Connection, business_id: UUID, conversation_id: UUID) -> Row:
    """As `get_conversation`, held: numbers are given, and turns finished, one after the other. What is read is what the
    one before left, also where this had to wait for it."""
    statement = _CONVERSATION + " FOR NO KEY UPDATE"
    return _found(conn.execute(statement, {"business_id": business_id, "conversation_id": conversation_id}))


def complete_conversation(conn: Connection, business_id: UUID, conversation_id: UUID) -> Row:
    """End a conversation that the caller holds (`lock_conversation`); returns its row."""
    conn.execute(
        """
        UPDATE conversations SET status = 'completed', last_updated = clock_timestamp()
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    )
    return get_conversation(conn, business_id, conversation_id)


# Which of a customer's conversations (`c`) a new message goes on with: the latest that is active and not idle for
# longer than `idle`, or paused or in human hands; of the same session where one is named. It is held.
LATEST_OPEN = """
    (%(session_id)s::text IS NULL OR c.session_id = %(session_id)s)
    AND (c.status = 'active' AND (c.handled_by = 'human' OR c.last_updated > now() - %(idle)s) OR c.status = 'paused')
    ORDER BY c.last_updated DESC LIMIT 1
    FOR NO KEY UPDATE OF c
"""
# The customer's conversation that a new message names, unless it is closed. It is held.
NAMED_OPEN = """
    c.conversation_id = %(conversation_id)s AND c.status NOT IN ('completed', 'error')
    FOR NO KEY UPDATE OF c
"""
_OF_CUSTOMER = """
    SELECT c.conversation_id FROM conversations c
    WHERE c.business_id = %(business_id)s AND c.user_id = %(user_id)s AND
"""
_LATEST_OPEN_OF_CUSTOMER = _OF_CUSTOMER + LATEST_OPEN


def lock_latest_open(
    conn: Connection, business_id: UUID, user_id: UUID, session_id: str | None, idle: timedelta
) -> UUID | None:
    """The customer's conversation that a new message goes on with (LATEST_OPEN). The caller holds the customer."""
    row = conn.execute(
        _LATEST_OPEN_OF_CUSTOMER,
        {"business_id": business_id, "user_id": user_id, "session_id": session_id, "idle": idle},
    ).fetchone()
    return row["conversation_id"] if row else None


def insert_conversation(conn: Connection, business_id: UUID, user_id: UUID, session_id: str) -> UUID:
    row = conn.execute(
        """
        INSERT INTO conversations (business_id, user_id, session_id)
        VALUES (%(business_id)s, %(user_id)s, %(session_id)s)
        RETURNING conversation_id
        """,
        {"business_id": business_id, "user_id": user_id, "session_id": session_id},
    ).fetchone()
    assert row is not None
    return UUID(str(row["conversation_id"]))


def allocate_seq(conn: Connection, business_id: UUID, conversation_id: UUID) -> int:
    """The number of the next message, which is no customer's."""
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


def latest_summaries(
    conn: Connection, business_id: UUID, user_id: UUID | None, other_than: UUID | None, limit: int = 3
) -> list[Row]:
    """The customer's other conversations that have a summary, the latest first."""
    return conn.execute(
        """
        SELECT start_time, conversation_summary FROM conversations
        WHERE business_id = %(business_id)s AND user_id = %(user_id)s AND conversation_summary IS NOT NULL
          AND conversation_id IS DISTINCT FROM %(other_than)s
        ORDER BY start_time DESC LIMIT %(limit)s
        """,
        {"business_id": business_id, "user_id": user_id, "other_than": other_than, "limit": limit},
    ).fetchall()


# A jump from field to field: the cost is that of the fields there are, however often each was corrected.
COLLECTED = """
    WITH RECURSIVE latest AS (
        (SELECT field, value FROM collected_fields
         WHERE business_id = %(business_id)s AND conversation_id = {conversation_id} AND seq < {before_seq}
         ORDER BY field, seq DESC LIMIT 1)
        UNION ALL
        SELECT following.field, following.value FROM latest, LATERAL (
            SELECT field, value FROM collected_fields
            WHERE business_id = %(business_id)s AND conversation_id = {conversation_id}
              AND seq < {before_seq} AND field > latest.field
            ORDER BY field, seq DESC LIMIT 1) AS following)
    SELECT COALESCE(jsonb_object_agg(field, value), '{{}}') AS collected FROM latest
"""
_COLLECTED = COLLECTED.format(conversation_id="%(conversation_id)s", before_seq="%(before_seq)s")


def collected_fields(conn: Connection, business_id: UUID, conversation_id: UUID, before_seq: int) -> dict[str, Any]:
    """What was collected by turns before `before_seq`: of each field the value with the highest seq."""
    row = conn.execute(
        _COLLECTED, {"business_id": business_id, "conversation_id": conversation_id, "before_seq": before_seq}
    ).fetchone()
    assert row is not None
    return dict(row["collected"])


def store_summary(
    conn: Connection, business_id: UUID, conversation_id: UUID, before: int, through: int, summary: dict[str, Any]
) -> bool:
    """The summary of everything up to the seq `through`, where the one it renews still ends at `before`; returns
    whether it did."""
    written = conn.execute(
        """
        UPDATE conversations SET conversation_summary = %(summary)s, summarised_through = %(through)s
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


def _found(cursor: Cursor) -> Row:
    row = cursor.fetchone()
    if row is None:
        raise NotFound("Conversation not found.")
    return row
