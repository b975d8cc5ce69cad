"""Messages that customers send through channels, which are known by the provider's ID (as an idempotency key)."""

from typing import Any
from uuid import UUID

from db import Connection, Row


def is_known(conn: Connection, business_id: UUID, key: str) -> bool:
    """Whether a message with this key was stored."""
    row = conn.execute(
        """
        SELECT EXISTS (SELECT FROM turns WHERE business_id = %(business_id)s AND idempotency_key = %(key)s)
            OR EXISTS (
                SELECT FROM messages
                WHERE business_id = %(business_id)s AND idempotency_key = %(key)s AND sender_type = 'user') AS known
        """,
        {"business_id": business_id, "key": key},
    ).fetchone()
    return bool(row and row["known"])


def find_or_insert_customer(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Create the customer with an external_id, or complete what is not known about them; returns the user's ID. What
    the business has entered is kept. An email of another customer is left out. `values`: external_id, first_name,
    last_name, email, phone and language.

    The row stays locked until the transaction ends.
    """
    row = conn.execute(
        """
        INSERT INTO users (business_id, external_id, first_name, last_name, email, phone, language)
        VALUES (%(business_id)s, %(external_id)s, %(first_name)s, %(last_name)s,
                CASE WHEN NOT EXISTS (
                    SELECT FROM users other
                    WHERE other.business_id = %(business_id)s AND lower(other.email) = lower(%(email)s)
                      AND other.external_id IS DISTINCT FROM %(external_id)s) THEN %(email)s END,
                %(phone)s, %(language)s)
        ON CONFLICT (business_id, external_id) DO UPDATE SET
            first_name = COALESCE(users.first_name, EXCLUDED.first_name),
            last_name = CASE WHEN users.first_name IS NULL THEN COALESCE(users.last_name, EXCLUDED.last_name)
                ELSE users.last_name END,
            email = COALESCE(users.email, EXCLUDED.email),
            phone = COALESCE(users.phone, EXCLUDED.phone),
            language = COALESCE(users.language, EXCLUDED.language)
        RETURNING user_id
        """,
        {**values, "business_id": business_id},
    ).fetchone()
    assert row is not None
    return UUID(str(row["user_id"]))


def insert_attachments(
    conn: Connection, business_id: UUID, conversation_id: UUID, seq: int, rows: list[dict[str, Any]]
) -> None:
    """Store what a message contains besides its text: attachment_id, place, kind, media_type, name, reference and
    content of each."""
    for values in rows:
        conn.execute(
            """
            INSERT INTO attachments (business_id, attachment_id, conversation_id, seq, place, kind, media_type, name,
                reference, content)
            VALUES (%(business_id)s, %(attachment_id)s, %(conversation_id)s, %(seq)s, %(place)s, %(kind)s,
                %(media_type)s, %(name)s, %(reference)s, %(content)s)
            """,
            {**values, "business_id": business_id, "conversation_id": conversation_id, "seq": seq},
        )


def replace_text(conn: Connection, business_id: UUID, key: str, text: str) -> Row | None:
    """Replace the text of a customer's message and keep the first one as `original` in its metadata. Returns
    conversation_id, message_id and seq; None if the message is not known or has this text."""
    return conn.execute(
        """
        UPDATE messages m SET message_content = %(text)s,
            metadata = jsonb_build_object('original', m.message_content) || m.metadata
                || jsonb_build_object('edited_at', clock_timestamp())
        WHERE m.business_id = %(business_id)s AND m.sender_type = 'user' AND m.message_content <> %(text)s
          AND (m.turn_id = (
                   SELECT t.turn_id FROM turns t
                   WHERE t.business_id = %(business_id)s AND t.idempotency_key = %(key)s)
               OR m.idempotency_key = %(key)s)
        RETURNING m.conversation_id, m.message_id, m.seq
        """,
        {"business_id": business_id, "key": key, "text": text},
    ).fetchone()
