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
    for statement in _CHANGE_IDS:
        conn.execute(statement, parameters)


# Turns get IDs of their new times, which decide when they are counted. The foreign keys need the new rows before the
# references change, so the turns exist twice meanwhile: the new ones with a negative seq.
_CHANGE_IDS = (
    """
    INSERT INTO turns
    SELECT (jsonb_populate_record(t, jsonb_build_object(
        'turn_id', left(lowest_uuidv7(t.created_at)::text, 13) || substr(t.turn_id::text, 14),
        'seq', -t.seq, 'idempotency_key', NULL))).*
    FROM turns t
    WHERE t.business_id = %(business_id)s AND t.conversation_id = %(conversation_id)s
    """,
    """
    UPDATE messages m SET turn_id = new.turn_id
    FROM turns old JOIN turns new
        ON new.business_id = old.business_id AND new.conversation_id = old.conversation_id AND new.seq = -old.seq
    WHERE old.business_id = %(business_id)s AND old.conversation_id = %(conversation_id)s AND old.seq > 0
      AND m.business_id = %(business_id)s AND m.turn_id = old.turn_id AND m.sender_type <> 'note'
    """,
    """
    UPDATE turn_steps s SET turn_id = new.turn_id
    FROM turns old JOIN turns new
        ON new.business_id = old.business_id AND new.conversation_id = old.conversation_id AND new.seq = -old.seq
    WHERE old.business_id = %(business_id)s AND old.conversation_id = %(conversation_id)s AND old.seq > 0
      AND s.business_id = %(business_id)s AND s.turn_id = old.turn_id
    """,
    """
    UPDATE collected_fields f SET turn_id = new.turn_id
    FROM turns old JOIN turns new
        ON new.business_id = old.business_id AND new.conversation_id = old.conversation_id AND new.seq = -old.seq
    WHERE old.business_id = %(business_id)s AND old.conversation_id = %(conversation_id)s AND old.seq > 0
      AND f.business_id = %(business_id)s AND f.turn_id = old.turn_id
    """,
    """
    UPDATE llm_calls l SET turn_id = new.turn_id
    FROM turns old JOIN turns new
        ON new.business_id = old.business_id AND new.conversation_id = old.conversation_id AND new.seq = -old.seq
    WHERE old.business_id = %(business_id)s AND old.conversation_id = %(conversation_id)s AND old.seq > 0
      AND l.business_id = %(business_id)s AND l.turn_id = old.turn_id
    """,
    """
    UPDATE unanswered_questions q SET turn_id = new.turn_id
    FROM turns old JOIN turns new
        ON new.business_id = old.business_id AND new.conversation_id = old.conversation_id AND new.seq = -old.seq
    WHERE old.business_id = %(business_id)s AND old.conversation_id = %(conversation_id)s AND old.seq > 0
      AND q.business_id = %(business_id)s AND q.turn_id = old.turn_id
    """,
    """
    UPDATE pending_actions p SET turn_id = new.turn_id
    FROM turns old JOIN turns new
        ON new.business_id = old.business_id AND new.conversation_id = old.conversation_id AND new.seq = -old.seq
    WHERE old.business_id = %(business_id)s AND old.conversation_id = %(conversation_id)s AND old.seq > 0
      AND p.business_id = %(business_id)s AND p.turn_id = old.turn_id
    """,
    """
    UPDATE turns new SET answer = replace(new.answer::text, old.turn_id::text, new.turn_id::text)::json
    FROM turns old
    WHERE old.business_id = %(business_id)s AND old.conversation_id = %(conversation_id)s AND old.seq > 0
      AND new.business_id = %(business_id)s AND new.conversation_id = %(conversation_id)s AND new.seq = -old.seq
      AND new.seq < 0
    """,
    """
    DELETE FROM turns WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND seq > 0
    """,
    """
    UPDATE turns SET seq = -seq WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
    """,
    """
    UPDATE takeovers o SET started_at = o.started_at - %(by)s, ended_at = o.ended_at - %(by)s,
        takeover_id = (left(lowest_uuidv7(o.started_at - %(by)s)::text, 13) || substr(o.takeover_id::text, 14))::uuid
    WHERE o.business_id = %(business_id)s AND o.conversation_id = %(conversation_id)s
    """,
)
