"""The end of turns. Only the holder of a turn's lease writes it: a process that was presumed dead cannot overwrite the
work of another. The conversation is locked first, so that a turn accepted later sees this one finished."""

from typing import Any, TypedDict
from uuid import UUID

from psycopg2.extras import Json

from core.errors import Conflict
from db import Connection, Jsonb, Row
from repositories import audit_log, conversations, unanswered_questions
from repositories.turn_steps import StepRow, dump_steps

# The error of turns that end because their conversation was completed.
CONVERSATION_CLOSED = {
    "error_code": Conflict.code,
    "message": "The conversation was closed before the message was answered.",
}


class TurnEnd(TypedDict):
    """The values of an answered turn.

    `answer` is the response body as sent. `handover` is the reason for which a person handles the conversation from now
    on, `completes` whether the conversation is completed after the reply, and `trouble` what the turn had trouble with:
    `low_confidence`, `lookup_failed` or `unclear`. `articles` are the IDs of those that the reply was written from, and
    `is_unanswered` is whether the message is a question that none answers. `buttons` are texts that the customer can
    choose as an answer to the reply.
    """

    conversation_id: UUID
    message_id: UUID
    reply_id: UUID
    reply: str
    fields: dict[str, Any]
    stage_id: str
    agent_id: str | None
    handover: str | None
    completes: bool
    trouble: str | None
    confidence: float | None
    decision: dict[str, Any]
    engine: str | None
    articles: list[str]
    is_unanswered: bool
    buttons: list[str]
    answer: dict[str, Any]


def finish_turn(
    conn: Connection, business_id: UUID, turn_id: UUID, epoch: int, steps: list[StepRow], end: TurnEnd
) -> Row | None:
    """Write the whole end of an answered turn, all or nothing: its last steps, the reply, the fields, the
    conversation's new stage and handler, and the turn itself (`migrations/19_finish_turn_v2.sql`).

    Returns `result` and `handled_by`. If the AI no longer handles the conversation, the reply is dropped and `result`
    is "held", or "failed" if the conversation is closed; otherwise it is "completed". Returns None and writes nothing
    if the lease is lost. A turn that is retried after later turns were answered does not change the conversation's
    stage. If a later message is waiting, all processes are notified that its turn may start.
    """
    return conn.execute(
        """
        SELECT * FROM finish_turn_v2(p_business_id => %(business_id)s, p_conversation_id => %(conversation_id)s,
            p_turn_id => %(turn_id)s, p_epoch => %(epoch)s, p_steps => %(steps)s, p_message_id => %(message_id)s,
            p_reply_id => %(reply_id)s, p_reply => %(reply)s, p_fields => %(fields)s, p_stage_id => %(stage_id)s,
            p_agent_id => %(agent_id)s, p_handover => %(handover)s, p_trouble => %(trouble)s,
            p_confidence => %(confidence)s, p_decision => %(decision)s, p_engine => %(engine)s,
            p_answer => %(answer)s, p_closed => %(closed)s)
        """,
        {
            **end,
            "business_id": business_id,
            "turn_id": turn_id,
            "epoch": epoch,
            "steps": Jsonb(steps, dumps=dump_steps),
            "fields": Jsonb(end["fields"]),
            "decision": Jsonb(end["decision"]),
            "answer": Json(end["answer"]),
            "closed": Jsonb(CONVERSATION_CLOSED),
        },
    ).fetchone()


def finish_more(conn: Connection, business_id: UUID, turn_id: UUID, end: TurnEnd) -> None:
    """Write what only some turns end with, in the transaction of `finish_turn`, which has locked the conversation."""
    if end["completes"]:
        _complete_conversation(conn, business_id, end["conversation_id"], turn_id)
    if end["articles"]:
        _record_articles(conn, business_id, turn_id, end["articles"])
    if end["buttons"]:
        _record_buttons(conn, business_id, turn_id, end["buttons"])
    if end["is_unanswered"]:
        unanswered_questions.insert_question(conn, business_id, turn_id)


def _record_articles(conn: Connection, business_id: UUID, turn_id: UUID, articles: list[str]) -> None:
    """Store with the reply of a turn which articles it was written from."""
    conn.execute(
        """
        UPDATE messages SET metadata = metadata || jsonb_build_object('articles', %(articles)s)
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND sender_type = 'assistant'
        """,
        {"business_id": business_id, "turn_id": turn_id, "articles": Jsonb(articles)},
    )


def _record_buttons(conn: Connection, business_id: UUID, turn_id: UUID, buttons: list[str]) -> None:
    """Store with the reply of a turn which texts the customer can choose."""
    conn.execute(
        """
        UPDATE messages SET metadata = metadata || jsonb_build_object('buttons', %(buttons)s)
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND sender_type = 'assistant'
        """,
        {"business_id": business_id, "turn_id": turn_id, "buttons": Jsonb(buttons)},
    )


def _complete_conversation(conn: Connection, business_id: UUID, conversation_id: UUID, turn_id: UUID) -> None:
    """Close the conversation after the reply of a turn."""
    conversations.complete_conversation(conn, business_id, conversation_id)
    fail_waiting_turns(conn, business_id, conversation_id)
    entry = {"actor_type": "turn", "actor_id": turn_id, "action": "complete", "resource": "conversation"}
    entry |= {"resource_id": conversation_id, "fields": ["status"], "request_id": None}
    audit_log.insert_entry(conn, business_id, entry)


def fail_turn(
    conn: Connection, business_id: UUID, conversation_id: UUID, turn_id: UUID, epoch: int, error: dict[str, Any]
) -> bool:
    """End a turn as `failed` if the lease is still held; returns whether it is. If a turn of the conversation is
    waiting, all processes are notified that it may start."""
    row = conn.execute(
        """
        SELECT fail_turn_v2(p_business_id => %(business_id)s, p_conversation_id => %(conversation_id)s,
            p_turn_id => %(turn_id)s, p_epoch => %(epoch)s, p_error => %(error)s) AS is_leased
        """,
        {
            "business_id": business_id,
            "conversation_id": conversation_id,
            "turn_id": turn_id,
            "epoch": epoch,
            "error": Jsonb(error),
        },
    ).fetchone()
    return row is not None and bool(row["is_leased"])


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


def hold_failed_answer(conn: Connection, business_id: UUID, conversation_id: UUID) -> None:
    """Hold a failed turn again that should have answered held messages, so that the next release answers them, unless a
    later message was answered. The caller has locked the conversation."""
    conn.execute(
        """
        UPDATE turns t SET status = 'held', error = NULL, completed_at = NULL
        WHERE t.business_id = %(business_id)s AND t.conversation_id = %(conversation_id)s
          AND t.status = 'failed' AND t.first_message_seq IS NOT NULL
          AND t.seq > COALESCE((
              SELECT answered.seq FROM turns answered
              WHERE answered.business_id = %(business_id)s AND answered.conversation_id = %(conversation_id)s
                AND answered.status = 'completed'
              ORDER BY answered.seq DESC LIMIT 1), 0)
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    )
