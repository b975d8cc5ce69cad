"""The ends of turns. One is written only by the holder of the turn's lease: a process that was thought dead cannot
write over what another one did. The conversation is held meanwhile, so that a turn that is accepted later sees this one
finished."""

from typing import Any
from uuid import UUID

from psycopg2.extras import Json

from db import Connection, Jsonb
from repositories.turn_steps import WRITTEN, dump_steps

_HELD = """
WITH conversation AS (
    SELECT conversation_id, last_seq FROM conversations
    WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
      AND handled_by = 'ai' AND status = 'active'
    FOR NO KEY UPDATE),
held AS (
    SELECT t.conversation_id, t.seq, conversation.last_seq FROM conversation, turns t
    WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s AND t.lease_epoch = %(epoch)s
      AND t.status = 'running' AND t.conversation_id = conversation.conversation_id
    FOR NO KEY UPDATE OF t),
stage AS (
    SELECT stage_id FROM stages WHERE business_id = %(business_id)s AND stage_id = %(stage_id)s FOR KEY SHARE),
"""
_END = """,
reply AS (
    INSERT INTO messages (message_id, business_id, conversation_id, seq, turn_id, message_content, sender_type)
    SELECT %(reply_id)s, %(business_id)s, conversation_id, seq + 1, %(turn_id)s, %(reply)s, 'assistant' FROM held),
collected AS (
    INSERT INTO collected_fields (business_id, conversation_id, field, value, message_id, turn_id, seq)
    SELECT %(business_id)s, held.conversation_id, key, value, %(message_id)s, %(turn_id)s, held.seq
    FROM held, jsonb_each(%(fields)s)),
moved AS (
    UPDATE conversations c SET last_updated = clock_timestamp(), stage_id = (SELECT stage_id FROM stage),
        agent_id = (SELECT agent_id FROM agents
                    WHERE business_id = %(business_id)s AND agent_id = %(agent_id)s FOR KEY SHARE),
        handled_by = CASE WHEN %(to_human)s THEN 'human' ELSE handled_by END
    FROM held
    WHERE c.business_id = %(business_id)s AND c.conversation_id = held.conversation_id
      AND NOT EXISTS (SELECT 1 FROM turns later
                      WHERE later.conversation_id = held.conversation_id AND later.seq > held.seq
                        AND later.status = 'completed'))
UPDATE turns t SET status = 'completed', stage_id = (SELECT stage_id FROM stage), confidence = %(confidence)s,
    decision = %(decision)s, engine = %(engine)s, answer = %(answer)s, completed_at = clock_timestamp()
FROM held WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s
RETURNING (SELECT pg_notify('icmp_turns', t.conversation_id::text) WHERE held.last_seq > held.seq + 1)
"""
_ANSWER = _HELD + WRITTEN + _END


def answer_turn(
    conn: Connection,
    business_id: UUID,
    turn_id: UUID,
    epoch: int,
    steps: list[dict[str, Any]],
    values: dict[str, Any],
) -> bool:
    """The whole end of a turn that is answered, in one statement: its last steps (see `checkpoint_steps`, with its
    Conflict), the reply, the fields, where the conversation stands now and who has it, and the turn itself.

    False, and nothing written, where the lease is lost, or the AI has not got the conversation any more. A turn that
    was tried again late, when later ones were answered, does not move the conversation back. Where a message came since
    this turn's, every process is told that its turn may begin. Only then: each NOTIFY makes commits queue.

    `values`: conversation_id, message_id, reply_id, reply, fields, stage_id, agent_id, to_human, confidence, decision,
    engine, answer (the body as sent).
    """
    parameters = {
        **values,
        "business_id": business_id,
        "turn_id": turn_id,
        "epoch": epoch,
        "steps": Jsonb(steps, dumps=dump_steps),
        "fields": Jsonb(values["fields"]),
        "decision": Jsonb(values["decision"]),
        "answer": Json(values["answer"]),
    }
    return conn.execute(_ANSWER, parameters).fetchone() is not None


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
    """The end of a turn that is `failed` or `held`, if the lease still holds; returns whether it does. The caller holds
    the conversation. Where a turn of it waits, every process is told that it may begin."""
    written = conn.execute(
        """
        UPDATE turns SET status = %(status)s, error = %(error)s, completed_at = clock_timestamp(),
            stage_id = (SELECT stage_id FROM stages
                        WHERE business_id = %(business_id)s AND stage_id = %(stage_id)s FOR KEY SHARE)
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND lease_epoch = %(epoch)s
          AND status = 'running'
        RETURNING (SELECT pg_notify('icmp_turns', turns.conversation_id::text)
                   WHERE EXISTS (SELECT 1 FROM turns waiting
                                 WHERE waiting.conversation_id = turns.conversation_id AND waiting.status = 'accepted'))
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
    return written.rowcount == 1
