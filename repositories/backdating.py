"""A conversation moved in time, for one that is set up as if it had been held earlier."""

from datetime import timedelta
from uuid import UUID

from db import Connection

_PACE = timedelta(seconds=20)  # between two messages


def backdate_conversation(conn: Connection, business_id: UUID, conversation_id: UUID, by: timedelta) -> None:
    """The conversation with its messages, turns and steps, by so much; each message a little after the one before, as
    if people had written it. How long a turn took stays as it was."""
    parameters = {"business_id": business_id, "conversation_id": conversation_id, "by": by, "pace": _PACE}
    conn.execute(
        """
        UPDATE turn_steps s SET started_at = s.started_at - %(by)s + t.seq * %(pace)s,
            finished_at = s.finished_at - %(by)s + t.seq * %(pace)s
        FROM turns t
        WHERE t.turn_id = s.turn_id AND t.business_id = %(business_id)s AND t.conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE turns SET created_at = created_at - %(by)s + seq * %(pace)s,
            started_at = started_at - %(by)s + seq * %(pace)s, completed_at = completed_at - %(by)s + seq * %(pace)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE collected_fields SET created_at = created_at - %(by)s + seq * %(pace)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE messages SET created_at = created_at - %(by)s + seq * %(pace)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE conversations SET start_time = start_time - %(by)s,
            last_updated = (SELECT max(created_at) FROM messages WHERE conversation_id = %(conversation_id)s)
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        parameters,
    )
