"""Takeovers: a person handles a conversation instead of the AI.

The caller has locked the conversation, except where a function says otherwise. All unfinished turns become `held`; a
release ends them. A process that works on a held turn keeps its lease, so that the trace is complete, but
`finish_turn_v2` drops its reply.
"""

from typing import Any
from uuid import UUID

from db import Connection, Row
from repositories.page import Page


def record_takeover(conn: Connection, business_id: UUID, conversation_id: UUID, values: dict[str, Any]) -> None:
    """Record that another person handles the conversation from now on, and end the takeover that was open.

    `values`: user_id (who takes over), assignee_id (who handles it; both may be None) and reason.
    """
    parameters = {**values, "business_id": business_id, "conversation_id": conversation_id}
    conn.execute(
        """
        UPDATE takeovers SET ended_at = clock_timestamp(), ended_by = %(user_id)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND ended_at IS NULL
        """,
        parameters,
    )
    conn.execute(
        """
        INSERT INTO takeovers (business_id, conversation_id, user_id, from_user_id, assignee_id, reason)
        SELECT c.business_id, c.conversation_id, %(user_id)s, c.assignee_id, %(assignee_id)s, %(reason)s
        FROM conversations c
        WHERE c.business_id = %(business_id)s AND c.conversation_id = %(conversation_id)s
        """,
        parameters,
    )


def give_to_person(conn: Connection, business_id: UUID, conversation_id: UUID, assignee_id: UUID | None) -> None:
    """A person handles the conversation from now on; nobody in particular, if that is None."""
    conn.execute(
        """
        UPDATE conversations SET handled_by = 'human', assignee_id = %(assignee_id)s, needs_person_reason = NULL,
            snoozed_until = NULL, last_trouble = NULL
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "assignee_id": assignee_id},
    )


def end_takeover(
    conn: Connection, business_id: UUID, conversation_id: UUID, user_id: UUID | None, answer: str | None
) -> None:
    """End the open takeover, if there is one. `answer` is what the release asked for, `last` or `none`."""
    conn.execute(
        """
        UPDATE takeovers SET ended_at = clock_timestamp(), ended_by = %(user_id)s, answer = %(answer)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND ended_at IS NULL
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "user_id": user_id, "answer": answer},
    )


def set_handler(conn: Connection, business_id: UUID, conversation_id: UUID, handled_by: str, status: str) -> None:
    """Set who handles the conversation (`ai` or `human`) and its status (`active` or `paused`). The AI has no
    assignee."""
    conn.execute(
        """
        UPDATE conversations SET handled_by = %(handled_by)s, status = %(status)s,
            assignee_id = CASE WHEN %(handled_by)s = 'human' THEN assignee_id END,
            needs_person_reason = CASE WHEN %(handled_by)s = 'human' THEN needs_person_reason END
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "handled_by": handled_by, "status": status},
    )


def hold_turns(conn: Connection, business_id: UUID, conversation_id: UUID) -> None:
    """Hold the conversation's unfinished turns, and ask each living process to end its streams of them."""
    parameters = {"business_id": business_id, "conversation_id": conversation_id}
    conn.execute(
        """
        WITH held AS (
            UPDATE turns SET status = 'held'
            WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
              AND status IN ('accepted', 'running')
            RETURNING lease_owner)
        INSERT INTO hold_requests (business_id, conversation_id, process_id)
        SELECT %(business_id)s, %(conversation_id)s, p.process_id FROM processes p
        WHERE p.beat_at > clock_timestamp() - interval '10 seconds'
        UNION
        SELECT %(business_id)s, %(conversation_id)s, held.lease_owner FROM held  -- perhaps before its first heartbeat
        ON CONFLICT (business_id, conversation_id, process_id) DO UPDATE SET created_at = clock_timestamp()
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE conversations c SET waiting_since = COALESCE(c.waiting_since, (
            SELECT min(t.created_at) FROM turns t
            WHERE t.business_id = c.business_id AND t.conversation_id = c.conversation_id
              AND t.status = 'held' AND t.completed_at IS NULL))
        WHERE c.business_id = %(business_id)s AND c.conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    conn.execute(
        """
        SELECT pg_notify('icmp_turns', %(conversation_id)s::text)
        """,
        parameters,
    )


def held_turns(conn: Connection, business_id: UUID, conversation_id: UUID) -> list[Row]:
    """The turns that wait for a release, in the order of their messages: turn_id, message_seq, handled_by, and
    is_after_staff (whether no person has written since). Those that an unfinished turn answers no longer wait."""
    return conn.execute(
        """
        SELECT t.turn_id, m.seq AS message_seq, c.handled_by,
               m.seq > COALESCE((
                   SELECT max(staff.seq) FROM messages staff
                   WHERE staff.business_id = %(business_id)s AND staff.conversation_id = %(conversation_id)s
                     AND staff.sender_type = 'agent'), 0) AS is_after_staff
        FROM turns t
        JOIN messages m ON m.business_id = t.business_id AND m.turn_id = t.turn_id AND m.sender_type = 'user'
        JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
        WHERE t.business_id = %(business_id)s AND t.conversation_id = %(conversation_id)s
          AND t.status = 'held' AND t.completed_at IS NULL
          AND NOT EXISTS (
              SELECT FROM turns answering
              WHERE answering.business_id = %(business_id)s AND answering.turn_id = t.answered_by
                AND answering.status IN ('accepted', 'running'))
        ORDER BY m.seq
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    ).fetchall()


def confirm_hold(conn: Connection, business_id: UUID, conversation_id: UUID, request: Row) -> None:
    """Delete a request that this process has fulfilled, unless it was made again. Needs no lock."""
    conn.execute(
        """
        DELETE FROM hold_requests
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
          AND process_id = %(process_id)s AND created_at = %(created_at)s
        """,
        {**request, "business_id": business_id, "conversation_id": conversation_id},
    )


def is_hold_confirmed(conn: Connection, business_id: UUID, conversation_id: UUID) -> bool:
    """Whether all processes that are alive have ended their streams of the conversation. Needs no lock."""
    row = conn.execute(
        """
        SELECT NOT EXISTS (
            SELECT FROM hold_requests h
            LEFT JOIN processes p ON p.process_id = h.process_id
            WHERE h.business_id = %(business_id)s AND h.conversation_id = %(conversation_id)s
              -- A process without a row has ended, unless it has just started.
              AND COALESCE(p.beat_at, h.created_at) > clock_timestamp() - interval '10 seconds') AS is_confirmed
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    ).fetchone()
    return row is not None and bool(row["is_confirmed"])


def end_held_turns(
    conn: Connection, business_id: UUID, conversation_id: UUID, turn_ids: list[UUID] | None = None
) -> None:
    """Leave the held messages unanswered: those of the given turns, or all."""
    parameters = {"business_id": business_id, "conversation_id": conversation_id, "turn_ids": turn_ids}
    conn.execute(
        """
        UPDATE turns SET completed_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
          AND status = 'held' AND completed_at IS NULL
          AND (%(turn_ids)s::uuid[] IS NULL OR turn_id = ANY (%(turn_ids)s::uuid[]))
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE conversations SET waiting_since = NULL
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        parameters,
    )


def end_answered_turns(conn: Connection, business_id: UUID, conversation_id: UUID) -> None:
    """End held turns after which the AI has answered a later message: nobody waits for an answer to them. That happens
    after a pause of the whole business, which no release ends."""
    conn.execute(
        """
        UPDATE turns t SET completed_at = clock_timestamp()
        WHERE t.business_id = %(business_id)s AND t.conversation_id = %(conversation_id)s
          AND t.status = 'held' AND t.completed_at IS NULL
          AND t.attempts = 0  -- a turn that is retried is older than what was answered, but waits
          AND EXISTS (
              SELECT FROM turns later
              WHERE later.business_id = %(business_id)s AND later.conversation_id = %(conversation_id)s
                AND later.seq > t.seq AND later.status = 'completed')
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    )


def answer_held_turns(
    conn: Connection,
    business_id: UUID,
    conversation_id: UUID,
    turn_ids: list[UUID],
    first_seq: int,
    owner: UUID,
) -> None:
    """Accept the last of the held turns again, to be run by the process `owner`. It answers the others too.

    `first_seq` is the seq of the first message that it answers. The turn moves to the end of the conversation, so its
    prompts contain everything written meanwhile, and its reply comes after that. Results of an earlier run are
    discarded.
    """
    parameters = {
        "business_id": business_id,
        "conversation_id": conversation_id,
        "turn_id": turn_ids[-1],
        "others": turn_ids[:-1],
        "first_seq": first_seq,
        "owner": owner,
    }
    conn.execute(
        """
        UPDATE turns SET answered_by = %(turn_id)s
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
          AND turn_id = ANY (%(others)s::uuid[])
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE turn_steps SET discarded = true
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND status = 'completed' AND NOT discarded
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE conversations SET last_seq = last_seq + 2, waiting_since = NULL, last_updated = clock_timestamp()
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE turns t SET status = 'accepted', seq = c.last_seq - 1, first_message_seq = %(first_seq)s,
            answered_by = NULL, release_id = NULL, attempts = 0, takeovers = 0, lease_owner = %(owner)s,
            lease_epoch = t.lease_epoch + 1
        FROM conversations c
        WHERE c.business_id = %(business_id)s AND c.conversation_id = %(conversation_id)s
          AND t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s
        """,
        parameters,
    )


def is_ai_active(conn: Connection, business_id: UUID, conversation_id: UUID) -> bool:
    """Whether the AI answers in the conversation: it handles it, and neither it nor the business is paused."""
    row = conn.execute(
        """
        SELECT c.handled_by = 'ai' AND c.status = 'active' AND NOT is_ai_paused_v1(%(business_id)s) AS is_active
        FROM conversations c
        WHERE c.business_id = %(business_id)s AND c.conversation_id = %(conversation_id)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    ).fetchone()
    return row is not None and bool(row["is_active"])


def list_takeovers(conn: Connection, business_id: UUID, conversation_id: UUID, page: Page) -> list[Row]:
    """The takeovers of a conversation in order, with the names of the people."""
    return conn.execute(
        """
        SELECT t.takeover_id, t.conversation_id, t.user_id, t.from_user_id, t.assignee_id, t.reason,
               t.messages_written, t.started_at, t.ended_at, t.ended_by, t.answer,
               display_name(u.first_name, u.last_name, u.email, NULL) AS user_name,
               display_name(a.first_name, a.last_name, a.email, NULL) AS assignee_name
        FROM takeovers t
        LEFT JOIN users u ON u.user_id = t.user_id
        LEFT JOIN users a ON a.user_id = t.assignee_id
        WHERE t.business_id = %(business_id)s AND t.conversation_id = %(conversation_id)s
          AND (t.started_at, t.takeover_id) > (%(after_time)s, %(after_id)s)
        ORDER BY t.started_at, t.takeover_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id, "conversation_id": conversation_id},
    ).fetchall()
