"""Moves conversations into the past, for demo data."""

from datetime import timedelta
from uuid import UUID

from db import Connection

_INTERVAL = timedelta(seconds=20)  # between two messages


def backdate_conversation(conn: Connection, business_id: UUID, conversation_id: UUID, by: timedelta) -> None:
    """Move a conversation with its messages, turns and steps into the past by `by`.

    Messages are spaced out as if people had written them. The duration of turns and steps does not change.
    """
    parameters = {"business_id": business_id, "conversation_id": conversation_id, "by": by, "interval": _INTERVAL}
    conn.execute(
        """
        UPDATE turn_steps s SET started_at = s.started_at - %(by)s + t.seq * %(interval)s,
            finished_at = s.finished_at - %(by)s + t.seq * %(interval)s
        FROM turns t
        WHERE s.business_id = %(business_id)s AND t.turn_id = s.turn_id AND t.business_id = %(business_id)s
          AND t.conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE turns SET created_at = created_at - %(by)s + seq * %(interval)s,
            started_at = started_at - %(by)s + seq * %(interval)s,
            completed_at = completed_at - %(by)s + seq * %(interval)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE collected_fields SET created_at = created_at - %(by)s + seq * %(interval)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE messages SET created_at = created_at - %(by)s + seq * %(interval)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE conversations SET start_time = start_time - %(by)s, waiting_since = waiting_since - %(by)s,
            last_updated = (SELECT max(created_at) FROM messages
                            WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s)
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        parameters,
    )
