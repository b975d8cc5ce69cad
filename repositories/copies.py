"""Copies of conversations for test customers, in which staff try out what the assistant would answer."""

from uuid import UUID, uuid4

from core.ids import new_id
from db import Connection, Jsonb

MAX_MESSAGES = 2000


def upsert_test_customer(conn: Connection, business_id: UUID, user_id: UUID) -> UUID:
    """Create or update the test customer for copies of a customer's conversations; returns the ID.

    It has the customer's current name, language and metadata, and is deleted with the customer. Copies of a test
    customer's conversations belong to the same test customer."""
    row = conn.execute(
        """
        WITH original AS (
            SELECT * FROM users
            WHERE user_id = %(user_id)s AND (business_id = %(business_id)s OR business_id IS NULL)),
        copied AS (
            INSERT INTO users (business_id, external_id, first_name, last_name, language, timezone, metadata, is_test,
                copy_of)
            SELECT %(business_id)s, 'copy-of-' || user_id, first_name, last_name, language, timezone, metadata, true,
                user_id
            FROM original WHERE NOT is_test
            ON CONFLICT (business_id, external_id) DO UPDATE SET first_name = EXCLUDED.first_name,
                last_name = EXCLUDED.last_name, language = EXCLUDED.language, timezone = EXCLUDED.timezone,
                metadata = EXCLUDED.metadata, is_test = true, copy_of = EXCLUDED.copy_of,
                updated_at = clock_timestamp()
            RETURNING user_id)
        SELECT user_id FROM copied UNION ALL SELECT user_id FROM original WHERE is_test
        """,
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()
    assert row is not None
    return UUID(str(row["user_id"]))


def copy_conversation(
    conn: Connection, business_id: UUID, conversation_id: UUID, user_id: UUID, until_seq: int
) -> UUID:
    """Copy a conversation up to the message `until_seq` for another customer; returns the ID of the copy.

    The copy is in the stage that the conversation was in then, and has its latest MAX_MESSAGES messages, without notes.
    """
    parameters = {
        "business_id": business_id,
        "conversation_id": conversation_id,
        "user_id": user_id,
        "until_seq": until_seq,
        "copy_id": new_id(),
        "session_id": f"copy-{uuid4()}",
        "max_messages": MAX_MESSAGES,
    }
    conn.execute(
        """
        INSERT INTO conversations (business_id, conversation_id, user_id, session_id, channel, is_copy, stage_id,
            agent_id, conversation_summary, summarised_through, last_seq)
        SELECT c.business_id, %(copy_id)s, %(user_id)s, %(session_id)s, c.channel, true, s.stage_id, s.agent_id,
               CASE WHEN c.summarised_through <= %(until_seq)s THEN c.conversation_summary END,
               CASE WHEN c.summarised_through <= %(until_seq)s THEN c.summarised_through ELSE 0 END,
               %(until_seq)s
        FROM conversations c
        LEFT JOIN LATERAL (
            SELECT t.turn_id, t.stage_before FROM turns t
            WHERE t.business_id = %(business_id)s AND t.conversation_id = c.conversation_id
              AND t.seq > %(until_seq)s AND t.attempts > 0
            ORDER BY t.seq LIMIT 1) AS later ON true
        LEFT JOIN stages s ON s.business_id = %(business_id)s
            AND s.stage_id = CASE WHEN later.turn_id IS NULL THEN c.stage_id ELSE later.stage_before END
        WHERE c.business_id = %(business_id)s AND c.conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    conn.execute(
        """
        INSERT INTO messages (business_id, conversation_id, seq, message_content, sender_type, sender_user_id, metadata,
            created_at)
        SELECT m.business_id, %(copy_id)s, m.seq, m.message_content, m.sender_type,
               CASE WHEN m.sender_type = 'user' THEN %(user_id)s ELSE m.sender_user_id END, m.metadata, m.created_at
        FROM messages m
        WHERE m.business_id = %(business_id)s AND m.conversation_id = %(conversation_id)s
          AND m.seq <= %(until_seq)s AND m.sender_type <> 'note'
        ORDER BY m.seq DESC LIMIT %(max_messages)s
        """,
        parameters,
    )
    return UUID(str(parameters["copy_id"]))


def copy_fields(conn: Connection, business_id: UUID, copy_id: UUID, collected: dict[str, object]) -> None:
    """Give a copy the fields that had been collected, as if one turn had found all of them."""
    if not collected:
        return
    # Fields belong to a turn. This one is that of the last message of the customer, and has no steps.
    conn.execute(
        """
        WITH message AS (
            SELECT m.seq, m.message_id FROM messages m
            WHERE m.business_id = %(business_id)s AND m.conversation_id = %(copy_id)s AND m.sender_type = 'user'
            ORDER BY m.seq DESC LIMIT 1),
        turn AS (
            INSERT INTO turns (business_id, conversation_id, seq, status, completed_at)
            SELECT %(business_id)s, %(copy_id)s, message.seq, 'completed', clock_timestamp() FROM message
            RETURNING turn_id, seq)
        INSERT INTO collected_fields (business_id, conversation_id, field, value, message_id, turn_id, seq)
        SELECT %(business_id)s, %(copy_id)s, field.key, field.value, message.message_id, turn.turn_id, turn.seq
        FROM message, turn, jsonb_each(%(collected)s) AS field
        """,
        {"business_id": business_id, "copy_id": copy_id, "collected": Jsonb(collected)},
    )
