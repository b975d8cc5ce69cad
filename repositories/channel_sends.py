"""The table `channel_sends`: what is sent to customers of channels, a row per part of a message. A trigger of
`messages` inserts the first part (`migrations/37_channels.sql`)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.errors import Conflict, NotFound
from db import Connection, Row


def settle_interrupted(conn: Connection, business_id: UUID, conversation_id: UUID) -> list[Row]:
    """The process that was sending a part has ended: nobody knows whether it was sent. Returns those parts (message_id
    and seq). The caller holds the lease of the conversation's job, so no other process is sending."""
    return conn.execute(
        """
        UPDATE channel_sends SET status = 'unknown', error_code = 'process_died',
            error = 'The server stopped while it was sending.'
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND status = 'sending'
        RETURNING message_id, seq
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    ).fetchall()


def next_pending(conn: Connection, business_id: UUID, conversation_id: UUID) -> Row | None:
    """The next part to send, with its message: send_id, seq, part, message_id, content (None: the message is not split
    yet), attempts, is_expired, message_content, metadata, turn_id, and sender_name (may be empty; None: the
    assistant)."""
    return conn.execute(
        """
        SELECT s.send_id, s.channel_id, s.seq, s.part, s.message_id, s.content, s.attempts,
               s.deadline <= clock_timestamp() AS is_expired, m.message_content, m.metadata, m.turn_id,
               CASE WHEN m.sender_type = 'agent' THEN COALESCE(display_name(u.first_name, u.last_name, NULL, NULL), '')
                   END AS sender_name
        FROM channel_sends s
        JOIN messages m
            ON m.business_id = s.business_id AND m.conversation_id = s.conversation_id AND m.seq = s.seq
        LEFT JOIN users u
            ON u.user_id = m.sender_user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        WHERE s.business_id = %(business_id)s AND s.conversation_id = %(conversation_id)s AND s.status = 'pending'
          AND m.sender_type IN ('assistant', 'agent')
        ORDER BY s.seq, s.part LIMIT 1
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    ).fetchone()


def split(conn: Connection, business_id: UUID, send_id: UUID, texts: list[str]) -> None:
    """Store the parts of a message. The first one is the row that represented the whole message."""
    conn.execute(
        """
        WITH first AS (
            UPDATE channel_sends SET content = %(first)s
            WHERE business_id = %(business_id)s AND send_id = %(send_id)s
            RETURNING business_id, channel_id, conversation_id, seq, message_id, deadline)
        INSERT INTO channel_sends (business_id, channel_id, conversation_id, seq, message_id, deadline, part, content)
        SELECT first.business_id, first.channel_id, first.conversation_id, first.seq, first.message_id, first.deadline,
               other.number + 1, other.content
        FROM first, unnest(%(others)s::text[]) WITH ORDINALITY AS other (content, number)
        """,
        {"business_id": business_id, "send_id": send_id, "first": texts[0], "others": texts[1:]},
    )


def is_last(conn: Connection, business_id: UUID, message_id: UUID, part: int) -> bool:
    """Whether a message has no part after this one."""
    row = conn.execute(
        """
        SELECT max(part) AS last FROM channel_sends
        WHERE business_id = %(business_id)s AND message_id = %(message_id)s
        """,
        {"business_id": business_id, "message_id": message_id},
    ).fetchone()
    return row is None or row["last"] == part


def start_attempt(conn: Connection, business_id: UUID, send_id: UUID) -> None:
    """Record an attempt. Commit it before the request is made."""
    conn.execute(
        """
        UPDATE channel_sends SET status = 'sending', attempts = attempts + 1, attempted_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND send_id = %(send_id)s
        """,
        {"business_id": business_id, "send_id": send_id},
    )


def record_sent(conn: Connection, business_id: UUID, send_id: UUID, provider_id: str | None) -> None:
    """The provider has accepted a part. A receipt may have arrived before that."""
    conn.execute(
        """
        UPDATE channel_sends SET status = CASE WHEN status = 'sending' THEN 'sent' ELSE status END,
            provider_id = %(provider_id)s, sent_at = COALESCE(sent_at, clock_timestamp()),
            error_code = CASE WHEN status = 'failed' THEN error_code END,
            error = CASE WHEN status = 'failed' THEN error END
        WHERE business_id = %(business_id)s AND send_id = %(send_id)s
        """,
        {"business_id": business_id, "send_id": send_id, "provider_id": provider_id},
    )


def record_failure(
    conn: Connection, business_id: UUID, send_id: UUID, code: str | None, error: str, retry_after: float | None
) -> bool:
    """A part was not sent. It is tried again after `retry_after` seconds if its deadline is later; None: never. Returns
    whether it will be tried again."""
    row = conn.execute(
        """
        UPDATE channel_sends SET error_code = %(code)s, error = %(error)s,
            status = CASE WHEN clock_timestamp() + make_interval(secs => %(retry_after)s) < deadline
                THEN 'pending' ELSE 'failed' END
        WHERE business_id = %(business_id)s AND send_id = %(send_id)s AND status IN ('pending', 'sending')
        RETURNING status
        """,
        {"business_id": business_id, "send_id": send_id, "code": code, "error": error, "retry_after": retry_after},
    ).fetchone()
    return row is not None and row["status"] == "pending"


def record_unknown(conn: Connection, business_id: UUID, send_id: UUID, code: str | None, error: str) -> None:
    """A part may have been sent. A receipt may have said so already."""
    conn.execute(
        """
        UPDATE channel_sends SET status = 'unknown', error_code = %(code)s, error = %(error)s
        WHERE business_id = %(business_id)s AND send_id = %(send_id)s AND status = 'sending'
        """,
        {"business_id": business_id, "send_id": send_id, "code": code, "error": error},
    )


def apply_receipt(
    conn: Connection,
    business_id: UUID,
    channel_id: UUID,
    status: str,
    at: datetime,
    *,
    provider_id: str | None = None,
    send_id: UUID | None = None,
    recipient_id: str | None = None,
    code: str | None = None,
    error: str | None = None,
) -> list[Row]:
    """Update the part with the ID of the provider or of the attempt; without either, all parts that were sent to the
    recipient until `at`. A receipt never takes back a later one. Returns the changed parts: conversation_id, message_id
    and seq."""
    return conn.execute(
        """
        UPDATE channel_sends s SET status = %(status)s,
            provider_id = COALESCE(s.provider_id, %(provider_id)s),
            sent_at = CASE WHEN %(status)s <> 'failed' THEN COALESCE(s.sent_at, %(at)s) ELSE s.sent_at END,
            delivered_at = CASE WHEN %(status)s IN ('delivered', 'read') THEN COALESCE(s.delivered_at, %(at)s)
                ELSE s.delivered_at END,
            read_at = CASE WHEN %(status)s = 'read' THEN %(at)s ELSE s.read_at END,
            error_code = CASE WHEN %(status)s = 'failed' THEN %(code)s END,
            error = CASE WHEN %(status)s = 'failed' THEN %(error)s END
        WHERE s.business_id = %(business_id)s AND s.channel_id = %(channel_id)s
          AND (s.provider_id = %(provider_id)s OR s.send_id = %(send_id)s
               OR %(provider_id)s::text IS NULL AND %(send_id)s::uuid IS NULL AND s.attempted_at <= %(at)s
                  AND s.conversation_id IN (
                      SELECT cc.conversation_id FROM channel_conversations cc
                      WHERE cc.business_id = %(business_id)s AND cc.channel_id = %(channel_id)s
                        AND cc.recipient_id = %(recipient_id)s))
          AND CASE %(status)s
              WHEN 'failed' THEN s.status IN ('sending', 'unknown', 'sent')
              WHEN 'sent' THEN s.status IN ('pending', 'sending', 'unknown')
              WHEN 'delivered' THEN s.status NOT IN ('delivered', 'read')
              ELSE s.status <> 'read' END
        RETURNING s.conversation_id, s.message_id, s.seq
        """,
        {
            "business_id": business_id,
            "channel_id": channel_id,
            "status": status,
            "at": at,
            "provider_id": provider_id,
            "send_id": send_id,
            "recipient_id": recipient_id,
            "code": code,
            "error": error,
        },
    ).fetchall()


def send_again(conn: Connection, business_id: UUID, message_id: UUID) -> Row:
    """Let the parts of a message be sent again that have failed or whose outcome is unknown. Returns the message's
    conversation_id and seq. Raises NotFound for a message that was not sent in a channel, and Conflict if no part can
    be sent again."""
    parameters = {"business_id": business_id, "message_id": message_id}
    message = conn.execute(
        """
        SELECT conversation_id, seq FROM channel_sends
        WHERE business_id = %(business_id)s AND message_id = %(message_id)s LIMIT 1
        """,
        parameters,
    ).fetchone()
    if message is None:
        raise NotFound("Message not found.", remediation="Only messages to customers of a channel can be sent again.")
    changed = conn.execute(
        """
        UPDATE channel_sends SET status = 'pending', error_code = NULL, error = NULL,
            deadline = clock_timestamp() + interval '1 day'
        WHERE business_id = %(business_id)s AND message_id = %(message_id)s AND status IN ('failed', 'unknown')
        """,
        parameters,
    )
    if changed.rowcount == 0:
        raise Conflict("The message was sent, or is being sent.")
    return message


def get_delivery(conn: Connection, business_id: UUID, conversation_id: UUID, seq: int) -> dict[str, Any] | None:
    """How far a message has got to the customer; None if it was not sent in a channel."""
    row = conn.execute(
        """
        SELECT message_delivery_v1(p_business_id => %(business_id)s, p_conversation_id => %(conversation_id)s,
            p_seq => %(seq)s) AS delivery
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "seq": seq},
    ).fetchone()
    return row["delivery"] if row else None


def hurry(conn: Connection, business_id: UUID, channel_id: UUID) -> None:
    """Let the messages that wait for their next attempt be sent now, because the channel has changed."""
    conn.execute(
        """
        UPDATE jobs j SET run_at = LEAST(j.run_at, clock_timestamp())
        FROM channel_sends s
        WHERE s.business_id = %(business_id)s AND s.channel_id = %(channel_id)s AND s.status = 'pending'
          AND j.business_id = %(business_id)s AND j.tenant_id = %(business_id)s
          AND j.unique_key = 'send_channel_messages ' || s.conversation_id::text
        """,
        {"business_id": business_id, "channel_id": channel_id},
    )


def add_job(conn: Connection, business_id: UUID, conversation_id: UUID) -> None:
    """Let the pending messages of a conversation be sent now, also if the job waits for its next attempt."""
    parameters = {"business_id": business_id, "conversation_id": conversation_id}
    conn.execute(
        "SELECT add_channel_job_v1(p_business_id => %(business_id)s, p_conversation_id => %(conversation_id)s)",
        parameters,
    )
    conn.execute(
        """
        UPDATE jobs SET run_at = LEAST(run_at, clock_timestamp())
        WHERE business_id = %(business_id)s AND unique_key = 'send_channel_messages ' || %(conversation_id)s::text
        """,
        parameters,
    )
