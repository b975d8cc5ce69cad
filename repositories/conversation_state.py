"""What people set in a conversation: the assignee, the end of a snooze, tags, and how far they have read.

The caller has locked the conversation, except where a function says otherwise.
"""

from datetime import datetime
from uuid import UUID

from db import Connection


def assign(conn: Connection, business_id: UUID, conversation_id: UUID, assignee_id: UUID | None) -> None:
    """Assign the conversation to a member of the business, or to nobody."""
    conn.execute(
        """
        UPDATE conversations SET assignee_id = %(assignee_id)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "assignee_id": assignee_id},
    )


def snooze(conn: Connection, business_id: UUID, conversation_id: UUID, until: datetime | None) -> None:
    """Leave the conversation out of the inbox until this time; None ends that."""
    conn.execute(
        """
        UPDATE conversations SET snoozed_until = %(until)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "until": until},
    )


def replace_tags(conn: Connection, business_id: UUID, conversation_id: UUID, tags: list[str]) -> bool:
    """Give the conversation exactly these tags. Returns whether that changed anything."""
    parameters = {"business_id": business_id, "conversation_id": conversation_id, "tags": tags}
    removed = conn.execute(
        """
        DELETE FROM conversation_tags
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND tag <> ALL (%(tags)s::text[])
        """,
        parameters,
    )
    added = conn.execute(
        """
        INSERT INTO conversation_tags (business_id, conversation_id, tag)
        SELECT %(business_id)s, %(conversation_id)s, unnest(%(tags)s::text[])
        ON CONFLICT DO NOTHING
        """,
        parameters,
    )
    return removed.rowcount + added.rowcount > 0


def mark_read(conn: Connection, business_id: UUID, conversation_id: UUID, user_id: UUID, seq: int) -> None:
    """Record that the member has read all messages up to `seq`. Needs no lock: the highest seq counts.

    A higher seq than the conversation has counts as its last one, so that later messages are unread.
    """
    conn.execute(
        """
        INSERT INTO conversation_reads AS r (business_id, conversation_id, user_id, read_seq)
        SELECT c.business_id, c.conversation_id, %(user_id)s, LEAST(%(seq)s, c.last_seq) FROM conversations c
        WHERE c.business_id = %(business_id)s AND c.conversation_id = %(conversation_id)s
        ON CONFLICT (business_id, conversation_id, user_id) DO UPDATE SET read_seq = EXCLUDED.read_seq
        WHERE r.read_seq < EXCLUDED.read_seq
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "user_id": user_id, "seq": seq},
    )


def end_wait(conn: Connection, business_id: UUID, conversation_id: UUID) -> None:
    """A person has answered: the customer waits no longer, and the message counts in the open takeover."""
    parameters = {"business_id": business_id, "conversation_id": conversation_id}
    conn.execute(
        """
        UPDATE conversations SET waiting_since = NULL, needs_person_reason = NULL
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
          AND (waiting_since IS NOT NULL OR needs_person_reason IS NOT NULL)
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE takeovers SET messages_written = messages_written + 1
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND ended_at IS NULL
        """,
        parameters,
    )
