"""The end of turns. Only the holder of a turn's lease writes it: a process that was presumed dead cannot overwrite the
work of another. The conversation is locked first, so that a turn accepted later sees this one finished."""

from typing import Any, TypedDict
from uuid import UUID

from psycopg2.extras import Json

from core.errors import Conflict
from db import Connection, Jsonb
from repositories.turn_steps import INSERT_STEPS, StepRow, dump_steps

# The error of turns that end because their conversation was completed.
CONVERSATION_CLOSED = {
    "error_code": Conflict.code,
    "message": "The conversation was closed before the message was answered.",
}


class TurnEnd(TypedDict):
    """The values of an answered turn. `answer` is the response body as sent; `to_human` hands the conversation over."""

    conversation_id: UUID
    message_id: UUID
    reply_id: UUID
    reply: str
    fields: dict[str, Any]
    stage_id: str
    agent_id: str | None
    to_human: bool
    confidence: float | None
    decision: dict[str, Any]
    engine: str | None
    answer: dict[str, Any]


_LEASE_TURN = """
WITH conversation AS (
    SELECT conversation_id, last_seq FROM conversations
    WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
      AND handled_by = 'ai' AND status = 'active'
    FOR NO KEY UPDATE),
leased AS (
    SELECT t.conversation_id, t.seq, conversation.last_seq FROM conversation, turns t
    WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s AND t.lease_epoch = %(epoch)s
      AND t.status = 'running' AND t.conversation_id = conversation.conversation_id
    FOR NO KEY UPDATE OF t),
stage AS (
    SELECT stage_id FROM stages WHERE business_id = %(business_id)s AND stage_id = %(stage_id)s FOR KEY SHARE),
"""
_WRITE_END = """,
inserted_reply AS (
    INSERT INTO messages (message_id, business_id, conversation_id, seq, turn_id, message_content, sender_type)
    SELECT %(reply_id)s, %(business_id)s, conversation_id, seq + 1, %(turn_id)s, %(reply)s, 'assistant' FROM leased),
inserted_fields AS (
    INSERT INTO collected_fields (business_id, conversation_id, field, value, message_id, turn_id, seq)
    SELECT %(business_id)s, leased.conversation_id, key, value, %(message_id)s, %(turn_id)s, leased.seq
    FROM leased, jsonb_each(%(fields)s)),
updated_conversation AS (
    UPDATE conversations c SET last_updated = clock_timestamp(), stage_id = (SELECT stage_id FROM stage),
        agent_id = (SELECT agent_id FROM agents
                    WHERE business_id = %(business_id)s AND agent_id = %(agent_id)s FOR KEY SHARE),
        handled_by = CASE WHEN %(to_human)s THEN 'human' ELSE handled_by END
    FROM leased
    WHERE c.business_id = %(business_id)s AND c.conversation_id = leased.conversation_id
      AND NOT EXISTS (SELECT 1 FROM turns later
                      WHERE later.business_id = c.business_id AND later.conversation_id = c.conversation_id
                        AND later.seq > leased.seq AND later.status = 'completed'))
UPDATE turns t SET status = 'completed', stage_id = (SELECT stage_id FROM stage), confidence = %(confidence)s,
    decision = %(decision)s, engine = %(engine)s, answer = %(answer)s, completed_at = clock_timestamp()
FROM leased WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s
RETURNING (SELECT pg_notify('icmp_turns', t.conversation_id::text) WHERE leased.last_seq > leased.seq + 1)
"""
_ANSWER_TURN = _LEASE_TURN + INSERT_STEPS + _WRITE_END


def answer_turn(
    conn: Connection, business_id: UUID, turn_id: UUID, epoch: int, steps: list[StepRow], end: TurnEnd
) -> bool:
    """Write the whole end of an answered turn in one statement: its last steps (see `checkpoint_steps`, also for the
    Conflict), the reply, the fields, the conversation's new stage and handler, and the turn itself.

    Returns False and writes nothing if the lease is lost, or if the AI no longer handles the conversation. A turn that
    is retried after later turns were answered does not change the conversation's stage. If a later message is waiting,
    all processes are notified that its turn may start; only then, because NOTIFY makes commits wait for each other.
    """
    parameters = {
        **end,
        "business_id": business_id,
        "turn_id": turn_id,
        "epoch": epoch,
        "steps": Jsonb(steps, dumps=dump_steps),
        "fields": Jsonb(end["fields"]),
        "decision": Jsonb(end["decision"]),
        "answer": Json(end["answer"]),
    }
    return conn.execute(_ANSWER_TURN, parameters).fetchone() is not None


def end_unanswered(
    conn: Connection,
    business_id: UUID,
    turn_id: UUID,
    epoch: int,
    status: str,
    *,
    stage_id: str | None = None,
    error: dict[str, Any] | None = None,
) -> bool:
    """End a turn as `failed` or `held` if the lease is still held; returns whether it is. The caller has locked the
    conversation. If a turn of it is waiting, all processes are notified that it may start."""
    updated = conn.execute(
        """
        UPDATE turns SET status = %(status)s, error = %(error)s, completed_at = clock_timestamp(),
            stage_id = (SELECT stage_id FROM stages
                        WHERE business_id = %(business_id)s AND stage_id = %(stage_id)s FOR KEY SHARE)
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND lease_epoch = %(epoch)s
          AND status = 'running'
        RETURNING (SELECT pg_notify('icmp_turns', turns.conversation_id::text)
                   WHERE EXISTS (SELECT 1 FROM turns waiting
                                 WHERE waiting.business_id = turns.business_id
                                   AND waiting.conversation_id = turns.conversation_id AND waiting.status = 'accepted'))
        """,
        {
            "business_id": business_id,
            "turn_id": turn_id,
            "epoch": epoch,
            "status": status,
            "stage_id": stage_id,
            "error": None if error is None else Jsonb(error),
        },
    )
    return updated.rowcount == 1


def fail_waiting_turns(conn: Connection, business_id: UUID, conversation_id: UUID) -> None:
    """Fail the turns of a closed conversation that have not started, and notify all processes. The caller has locked
    the conversation."""
    conn.execute(
        """
        UPDATE turns SET status = 'failed', error = %(error)s, completed_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND status = 'accepted'
        RETURNING pg_notify('icmp_turns', conversation_id::text)
        """,
        {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "error": Jsonb(CONVERSATION_CLOSED),
        },
    )
