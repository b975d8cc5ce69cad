"""Turns, from their acceptance to their answer. The end of one is written only by the holder of its lease: a process
that was thought dead cannot write over what another one did."""

from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from repositories.conversations import COLLECTED


def find_by_key(conn: Connection, business_id: UUID, idempotency_key: str) -> Row | None:
    """The turn that a request with this key began: turn_id and request_hash."""
    return conn.execute(
        """
        SELECT turn_id, request_hash FROM turns
        WHERE business_id = %(business_id)s AND idempotency_key = %(idempotency_key)s
        """,
        {"business_id": business_id, "idempotency_key": idempotency_key},
    ).fetchone()


def get_progress(conn: Connection, business_id: UUID, turn_id: UUID) -> Row:
    """How far a turn is: its ids, seq, status, error and answer, and who has the conversation."""
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
    """A failed turn is `accepted` again at its own seq, for `owner` to run, or `held`; returns whether it was failed.
    The conversation's row is held."""
    written = conn.execute(
        """
        UPDATE turns SET status = %(status)s, lease_owner = %(owner)s, lease_epoch = lease_epoch + 1, takeovers = 0,
            error = NULL, completed_at = NULL
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND status = 'failed'
        """,
        {"business_id": business_id, "turn_id": turn_id, "owner": owner, "status": status},
    )
    return written.rowcount == 1


_CLAIM = """
WITH hurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE turns t SET status = 'running', lease_epoch = lease_epoch + 1, attempts = attempts + 1,
    started_at = COALESCE(t.started_at, clock_timestamp()),
    release_id = COALESCE(t.release_id, b.live_release_id),
    stage_before = CASE WHEN t.attempts = 0 THEN c.stage_id ELSE t.stage_before END
FROM hurried, businesses b, conversations c, messages m
WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s AND t.lease_owner = %(owner)s
  AND t.status IN ('accepted', 'running')
  AND b.business_id = t.business_id
  AND c.business_id = t.business_id AND c.conversation_id = t.conversation_id
  AND m.turn_id = t.turn_id AND m.sender_type = 'user'
  AND NOT EXISTS (
      SELECT 1 FROM turns earlier
      WHERE earlier.conversation_id = t.conversation_id AND earlier.seq < t.seq
        AND earlier.status IN ('accepted', 'running'))
RETURNING t.turn_id, t.business_id, t.conversation_id, t.seq, t.release_id, t.lease_epoch, t.attempts,
    t.stage_before, m.message_id, m.message_content, c.user_id, c.session_id, c.stage_id,
    c.conversation_summary, c.summarised_through, c.start_time, c.last_updated, (
"""
_COLLECTED = COLLECTED.format(conversation_id="t.conversation_id", before_seq="t.seq") + ") AS collected"
_CLAIM_WITH_FIELDS = _CLAIM + _COLLECTED


def claim_turn(conn: Connection, business_id: UUID, turn_id: UUID, owner: UUID) -> Row | None:
    """Make a turn of `owner` the running one of its conversation: a new epoch, and its release if it has none yet. One
    that is running already is taken up again, since a process has one thread a conversation.

    None while an earlier turn of the conversation is accepted or running, or when this one is no longer the owner's.
    Conflict where another process's turn of this conversation begins at the same moment.
    Returns what running it needs: the turn, its message, its conversation, and what was collected before it.

    The commit does not wait for the disk: were it lost in a crash of the database, the turn would be claimed again.
    """
    parameters = {"business_id": business_id, "turn_id": turn_id, "owner": owner}
    return conn.execute(_CLAIM_WITH_FIELDS, parameters).fetchone()


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
