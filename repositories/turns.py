"""Turns, from their acceptance to their answer."""

from datetime import datetime
from typing import Any, TypedDict, cast
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


# `collected` is a loose index scan over the fields: its cost depends on the number of fields, not on how often each was
# corrected. The commit does not wait for the disk: if a crash of the database loses it, the turn is claimed again.
_CLAIM_TURN = """
WITH fast_commit AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE turns t SET status = 'running', lease_epoch = lease_epoch + 1, attempts = attempts + 1,
    started_at = COALESCE(t.started_at, clock_timestamp()),
    release_id = COALESCE(t.release_id, b.live_release_id),
    stage_before = CASE WHEN t.attempts = 0 THEN c.stage_id ELSE t.stage_before END
FROM fast_commit, businesses b, conversations c, messages m
WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s AND t.lease_owner = %(owner)s
  AND t.status IN ('accepted', 'running')
  AND b.business_id = t.business_id
  AND c.business_id = t.business_id AND c.conversation_id = t.conversation_id
  AND m.business_id = t.business_id AND m.turn_id = t.turn_id AND m.sender_type = 'user'
  AND NOT EXISTS (
      SELECT 1 FROM turns earlier
      WHERE earlier.business_id = t.business_id AND earlier.conversation_id = t.conversation_id AND earlier.seq < t.seq
        AND earlier.status IN ('accepted', 'running'))
RETURNING t.turn_id, t.business_id, t.conversation_id, t.seq, t.release_id, t.lease_epoch, t.attempts,
    t.stage_before, m.message_id, m.message_content, c.user_id, c.session_id, c.stage_id,
    c.status AS conversation_status, c.conversation_summary, c.summarised_through, c.summary_tried_at, c.start_time,
    c.last_updated,
    (WITH RECURSIVE latest AS (
        (SELECT field, value FROM collected_fields
         WHERE business_id = %(business_id)s AND conversation_id = t.conversation_id AND seq < t.seq
         ORDER BY field, seq DESC LIMIT 1)
        UNION ALL
        SELECT following.field, following.value FROM latest, LATERAL (
            SELECT field, value FROM collected_fields
            WHERE business_id = %(business_id)s AND conversation_id = t.conversation_id AND seq < t.seq
              AND field > latest.field
            ORDER BY field, seq DESC LIMIT 1) AS following)
     SELECT COALESCE(jsonb_object_agg(field, value), '{}') FROM latest) AS collected
"""


def claim_turn(conn: Connection, business_id: UUID, turn_id: UUID, owner: UUID) -> ClaimedTurn | None:
    """Make a turn of the process `owner` the running one of its conversation, with a new lease epoch and, the first
    time, the live release. A turn that is already running is claimed again: a process has one thread per conversation.

    Returns None while an earlier turn of the conversation is not finished, and if the turn no longer belongs to
    `owner`. Raises Conflict if another process starts a turn of this conversation at the same moment.
    """
    parameters = {"business_id": business_id, "turn_id": turn_id, "owner": owner}
    return cast(ClaimedTurn | None, conn.execute(_CLAIM_TURN, parameters).fetchone())


def list_turns(conn: Connection, business_id: UUID, conversation_id: UUID, after_seq: int, limit: int) -> list[Row]:
    return conn.execute(
        """
        SELECT turn_id, conversation_id, seq, release_id, status, stage_before, stage_id, confidence, decision, engine,
               error, attempts, created_at, started_at, completed_at
        FROM turns
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND seq > %(after_seq)s
        ORDER BY seq LIMIT %(limit)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "after_seq": after_seq, "limit": limit},
    ).fetchall()


def get_turn(conn: Connection, business_id: UUID, turn_id: UUID) -> Row:
    row = conn.execute(
        """
        SELECT turn_id, conversation_id, seq, release_id, status, stage_before, stage_id, confidence, decision, engine,
               error, attempts, created_at, started_at, completed_at, answer
        FROM turns WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchone()
    if row is None:
        raise NotFound("Turn not found.")
    return row
