"""The table `channel_conversations`: the channel of a conversation, and the customer's address in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from db import Connection, Jsonb, Row


def lock_open_in_thread(
    conn: Connection, business_id: UUID, channel_id: UUID, user_id: UUID, thread: str
) -> UUID | None:
    """Find and lock the customer's open conversation of a thread, however old. Returns its ID or None. Other people who
    know the thread cannot write in it."""
    row = conn.execute(
        """
        SELECT c.conversation_id FROM channel_conversations cc
        JOIN conversations c ON c.business_id = cc.business_id AND c.conversation_id = cc.conversation_id
        WHERE cc.business_id = %(business_id)s AND cc.channel_id = %(channel_id)s AND cc.thread = %(thread)s
          AND c.user_id = %(user_id)s AND c.status IN ('active', 'paused')
        ORDER BY cc.created_at DESC LIMIT 1
        FOR NO KEY UPDATE OF c
        """,
        {"business_id": business_id, "channel_id": channel_id, "user_id": user_id, "thread": thread},
    ).fetchone()
    return row["conversation_id"] if row else None


def lock_customer(conn: Connection, business_id: UUID, channel_id: UUID, recipient_id: str) -> UUID | None:
    """Find and lock the customer who last wrote from an address. Returns their ID or None. They may have another
    external_id by now, because they were merged with another customer."""
    row = conn.execute(
        """
        SELECT u.user_id FROM channel_conversations cc
        JOIN conversations c ON c.business_id = cc.business_id AND c.conversation_id = cc.conversation_id
        JOIN users u ON u.user_id = c.user_id AND u.business_id = cc.business_id
        WHERE cc.business_id = %(business_id)s AND cc.channel_id = %(channel_id)s
          AND cc.recipient_id = %(recipient_id)s
        ORDER BY cc.last_inbound_at DESC NULLS LAST LIMIT 1
        FOR NO KEY UPDATE OF u
        """,
        {"business_id": business_id, "channel_id": channel_id, "recipient_id": recipient_id},
    ).fetchone()
    return row["user_id"] if row else None


def link(
    conn: Connection,
    business_id: UUID,
    conversation_id: UUID,
    channel_id: UUID,
    recipient_id: str,
    thread: str | None,
    details: Mapping[str, Any],
    at: datetime | None,
) -> None:
    """Record that the customer has written in the conversation through a channel, `at` this time; None: just now. An
    older message than the latest one changes nothing."""
    conn.execute(
        """
        INSERT INTO channel_conversations AS cc (business_id, conversation_id, channel_id, recipient_id, thread,
            details, last_inbound_at)
        VALUES (%(business_id)s, %(conversation_id)s, %(channel_id)s, %(recipient_id)s, %(thread)s, %(details)s,
            LEAST(%(at)s, clock_timestamp()))
        ON CONFLICT (business_id, conversation_id) DO UPDATE SET channel_id = EXCLUDED.channel_id,
            recipient_id = EXCLUDED.recipient_id, thread = COALESCE(EXCLUDED.thread, cc.thread),
            details = EXCLUDED.details, last_inbound_at = EXCLUDED.last_inbound_at
        WHERE cc.last_inbound_at IS NULL OR cc.last_inbound_at <= EXCLUDED.last_inbound_at
        """,
        {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "channel_id": channel_id,
            "recipient_id": recipient_id,
            "thread": thread,
            "details": Jsonb(dict(details)),
            "at": at,
        },
    )


def find_target(conn: Connection, business_id: UUID, conversation_id: UUID) -> Row | None:
    """Where the messages of a conversation are sent: recipient_id, thread, details and last_inbound_at, and the
    channel's channel_id, kind, settings, encrypted_secrets, key_id and enabled. None without a channel."""
    return conn.execute(
        """
        SELECT cc.recipient_id, cc.thread, cc.details, cc.last_inbound_at, c.business_id, c.channel_id, c.kind,
               c.settings, c.encrypted_secrets, c.key_id, c.enabled
        FROM channel_conversations cc
        JOIN channels c ON c.business_id = cc.business_id AND c.channel_id = cc.channel_id
        WHERE cc.business_id = %(business_id)s AND cc.conversation_id = %(conversation_id)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    ).fetchone()


def is_of_recipient(
    conn: Connection, business_id: UUID, conversation_id: UUID, channel_id: UUID, recipient_id: str
) -> bool:
    """Whether a customer with this address has written in the conversation through the channel."""
    row = conn.execute(
        """
        SELECT FROM channel_conversations
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
          AND channel_id = %(channel_id)s AND recipient_id = %(recipient_id)s
        """,
        {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "channel_id": channel_id,
            "recipient_id": recipient_id,
        },
    ).fetchone()
    return row is not None
