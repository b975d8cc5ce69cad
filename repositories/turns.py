"""Turns, from their acceptance to their answer."""

from datetime import datetime
from typing import Any, NotRequired, TypedDict, cast
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row


class ClaimedTurn(TypedDict):
    """A turn that may run now, with its message, its conversation, and the fields collected before it."""

    turn_id: UUID
    business_id: UUID
    conversation_id: UUID
    seq: int
    release_id: UUID
    lease_epoch: int
    attempts: int
    stage_before: UUID | None
    message_id: UUID
    message_content: str
    user_id: UUID
    session_id: str
    stage_id: UUID | None
    conversation_status: str
    conversation_summary: dict[str, Any] | None
    summarised_through: int
    summary_tried_at: int | None
    start_time: datetime
    last_updated: datetime
    collected: dict[str, Any]
    last_trouble: str | None
    language: str | None  # of the conversation
    metadata: NotRequired[dict[str, Any]]  # of the message
    live_release_id: NotRequired[UUID | None]  # if the conversation is pinned to another release
    first_message_seq: NotRequired[int | None]  # if the turn answers the messages that a person has handed back


def find_by_key(conn: Connection, business_id: UUID, idempotency_key: str) -> Row | None:
    """The turn_id and request_hash of the turn that a request with this key started."""
    return conn.execute(
        """
        SELECT turn_id, request_hash FROM turns
        WHERE business_id = %(business_id)s AND idempotency_key = %(idempotency_key)s
        """,
        {"business_id": business_id, "idempotency_key": idempotency_key},
    ).fetchone()


def get_progress(conn: Connection, business_id: UUID, turn_id: UUID) -> Row:
    """The status of a turn: its IDs, seq, status, lease_owner, error and answer, and who handles the conversation."""
    row = conn.execute(
        """
        SELECT t.turn_id, t.business_id, t.conversation_id, m.message_id, c.session_id, c.handled_by, t.seq, t.status,
               t.lease_owner, t.error, t.answer
        FROM turns t
        JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
        JOIN messages m ON m.business_id = t.business_id AND m.turn_id = t.turn_id AND m.sender_type = 'user'
        WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchone()
    if row is None:
        raise NotFound("Turn not found.")
    return row


def accept_again(conn: Connection, business_id: UUID, turn_id: UUID, owner: UUID, status: str) -> bool:
    """Make a failed turn `accepted` again at its own seq, to be run by the process `owner`, or `held`. Returns whether
    it was failed. The caller has locked the conversation."""
    updated = conn.execute(
        """
        UPDATE turns SET status = %(status)s, lease_owner = %(owner)s, lease_epoch = lease_epoch + 1, takeovers = 0,
            error = NULL, completed_at = NULL
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND status = 'failed'
        """,
        {"business_id": business_id, "turn_id": turn_id, "owner": owner, "status": status},
    )
    return updated.rowcount == 1


def claim_turn(conn: Connection, business_id: UUID, turn_id: UUID, owner: UUID) -> ClaimedTurn | None:
    """Make a turn of the process `owner` the running one of its conversation, with a new lease epoch and, the first
    time, the release of a pinned conversation or the live one (`migrations/49_pinned_conversations.sql`).

    Returns None while an earlier turn of the conversation is not finished, and if the turn no longer belongs to
    `owner`. Raises Conflict if another process starts a turn of this conversation at the same moment.
    """
    row = conn.execute(
        """
        SELECT * FROM claim_turn_v4(p_business_id => %(business_id)s, p_turn_id => %(turn_id)s, p_owner => %(owner)s)
        """,
        {"business_id": business_id, "turn_id": turn_id, "owner": owner},
    ).fetchone()
    return cast(ClaimedTurn, {**row, "business_id": business_id}) if row else None


def list_turns(
    conn: Connection, business_id: UUID, conversation_id: UUID, seq: int, limit: int, *, is_newest_first: bool = False
) -> list[Row]:
    """The first `limit` turns of a conversation with a larger seq, or, newest first, with a smaller one, and the
    results of their actions. The IDs of deleted stages are None."""
    return conn.execute(
        """
        SELECT t.turn_id, t.conversation_id, t.seq, t.release_id, t.status, before.stage_id AS stage_before, s.stage_id,
               t.confidence, t.decision - 'failure' AS decision, t.engine, t.error - 'failure' AS error, t.attempts,
               t.created_at, t.started_at, t.completed_at,
               turn_failure_v1(t.business_id, t.turn_id, t.decision, t.error) AS failure,
               COALESCE((
                   SELECT jsonb_agg(jsonb_build_object(
                       'do', result -> 'do', 'name', result -> 'name', 'status', result -> 'status',
                       'cause', result -> 'cause',
                       'values', CASE WHEN result ->> 'do' = 'api_call' THEN '{}' ELSE result -> 'values' END
                   ) ORDER BY number)
                   FROM turn_steps step,
                        jsonb_array_elements(step.output -> 'results') WITH ORDINALITY AS results (result, number)
                   WHERE step.business_id = t.business_id AND step.turn_id = t.turn_id AND step.step = 'actions'
                     AND step.place = 0
               ), '[]') AS actions
        FROM turns t
        LEFT JOIN stages before ON before.business_id = t.business_id AND before.stage_id = t.stage_before
        LEFT JOIN stages s ON s.business_id = t.business_id AND s.stage_id = t.stage_id
        WHERE t.business_id = %(business_id)s AND t.conversation_id = %(conversation_id)s
          AND (%(is_newest_first)s OR t.seq > %(seq)s)
          AND (NOT %(is_newest_first)s OR t.seq < %(seq)s)
        ORDER BY CASE WHEN NOT %(is_newest_first)s THEN t.seq END, CASE WHEN %(is_newest_first)s THEN t.seq END DESC
        LIMIT %(limit)s
        """,
        {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "seq": seq,
            "limit": limit,
            "is_newest_first": is_newest_first,
        },
    ).fetchall()


def get_turn(conn: Connection, business_id: UUID, turn_id: UUID) -> Row:
    """One turn with its message, its answer, and the ratings of the answer. The IDs of deleted stages are None, and the
    message of a turn that holds the collected data of a copy. Raises NotFound."""
    row = conn.execute(
        """
        SELECT t.turn_id, t.conversation_id, t.seq, t.release_id, t.status, before.stage_id AS stage_before, s.stage_id,
               t.confidence, t.decision - 'failure' AS decision, t.engine, t.error - 'failure' AS error, t.attempts,
               t.created_at, t.started_at, t.completed_at,
               turn_failure_v1(t.business_id, t.turn_id, t.decision, t.error) AS failure, t.answer,
               m.message_content AS message, reply.message_id AS response_message_id,
               message_feedback_v1(t.business_id, t.turn_id) AS feedback
        FROM turns t
        LEFT JOIN stages before ON before.business_id = t.business_id AND before.stage_id = t.stage_before
        LEFT JOIN stages s ON s.business_id = t.business_id AND s.stage_id = t.stage_id
        LEFT JOIN messages m ON m.business_id = t.business_id AND m.turn_id = t.turn_id AND m.sender_type = 'user'
        LEFT JOIN messages reply
            ON reply.business_id = t.business_id AND reply.turn_id = t.turn_id AND reply.sender_type = 'assistant'
        WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchone()
    if row is None:
        raise NotFound("Turn not found.")
    return row
