"""Writes simulated conversations to the database, as the server would have stored them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from psycopg2.extras import Json, execute_values

from db import Connection, Jsonb
from dev.bench.simulator.world import Business, Call, Conversation, Step, Turn

_STATEMENTS = {
    "conversations": """
        INSERT INTO conversations (business_id, conversation_id, user_id, session_id, channel, language,
            status, handled_by, stage_id, agent_id, last_seq, start_time, last_updated, waiting_since,
            needs_person_reason, assignee_id, is_copy)
        VALUES %s
    """,
    "turns": """
        INSERT INTO turns (business_id, turn_id, conversation_id, seq, release_id, status, stage_before,
            stage_id, confidence, decision, engine, error, answer, lease_owner, lease_epoch, attempts,
            takeovers, created_at, started_at, completed_at, answered_by, first_message_seq)
        VALUES %s
    """,
    "messages": """
        INSERT INTO messages (business_id, conversation_id, seq, message_id, turn_id, message_content,
            sender_type, sender_user_id, created_at)
        VALUES %s
    """,
    "turn_steps": """
        INSERT INTO turn_steps (business_id, turn_id, step, attempt, status, discarded, engine, output,
            started_at, finished_at)
        VALUES %s
    """,
    "llm_calls": """
        INSERT INTO llm_calls (business_id, call_id, turn_id, conversation_id, template_id,
            template_version, step, step_attempt, model, request, prompt_tokens, completion_tokens, cost_usd,
            latency_ms, first_token_ms, attempt, status, created_at)
        VALUES %s
    """,
    "collected_fields": """
        INSERT INTO collected_fields (business_id, conversation_id, field, value, message_id, turn_id, seq,
            created_at)
        VALUES %s
    """,
    "takeovers": """
        INSERT INTO takeovers (business_id, takeover_id, conversation_id, user_id, assignee_id, reason,
            messages_written, started_at, ended_at, answer)
        VALUES %s
    """,
    "pending_actions": """
        INSERT INTO pending_actions (business_id, conversation_id, turn_id, stage_id, action_index, action,
            given, question, times_asked)
        VALUES %s
    """,
    "unanswered_questions": """
        INSERT INTO unanswered_questions (business_id, turn_id, question_hash, created_at)
        VALUES %s
    """,
    "message_feedback": """
        INSERT INTO message_feedback (business_id, turn_id, source, message_id, author_id, rating, comment,
            created_at)
        VALUES %s
    """,
    "conversation_ratings": """
        INSERT INTO conversation_ratings (business_id, conversation_id, rating, created_at)
        VALUES %s
    """,
}
_BATCH = 500  # conversations that are inserted at once
_OWNER = uuid4()  # a process that has ended


def write(conn: Connection, business: Business, *, with_late: bool) -> None:
    """Insert the conversations of the business. Without `with_late`, what is late is left unfinished."""
    for first in range(0, len(business.conversations), _BATCH):
        tables: dict[str, list[list[Any]]] = {name: [] for name in _STATEMENTS}
        for conversation in business.conversations[first : first + _BATCH]:
            _add_conversation(tables, business, conversation, with_late)
        _insert(conn, tables)


def finish_late(conn: Connection, business: Business) -> None:
    """Write what was left unfinished: turns end, and conversations are completed."""
    for conversation in business.conversations:
        tables: dict[str, list[list[Any]]] = {name: [] for name in _STATEMENTS}
        ids = {"business_id": business.business_id, "conversation_id": conversation.conversation_id}
        for turn in conversation.turns:
            if turn.is_late:
                _add_results(tables, business, conversation, turn)
                _insert(conn, tables)
                _end_turn(conn, business, turn)
        has_late_turns = any(turn.is_late for turn in conversation.turns)
        if has_late_turns:  # otherwise it was written with the conversation
            _insert(conn, {"pending_actions": list(_pending_rows(business, conversation))})
        if conversation.is_late or has_late_turns:
            conn.execute(
                """
                UPDATE conversations SET status = %(status)s, stage_id = %(stage_id)s, last_updated = %(last_updated)s
                WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
                """,
                {
                    **ids,
                    "status": _status(conversation, with_late=True),
                    "stage_id": conversation.stage and conversation.stage.stage_id,
                    "last_updated": conversation.last_at,
                },
            )


def _end_turn(conn: Connection, business: Business, turn: Turn) -> None:
    conn.execute(
        """
        UPDATE turns SET status = %(status)s, stage_id = %(stage_id)s, confidence = %(confidence)s,
            decision = %(decision)s, engine = %(engine)s, answer = '{}', attempts = %(attempts)s,
            takeovers = %(takeovers)s, completed_at = %(completed_at)s
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s
        """,
        {
            "business_id": business.business_id,
            "turn_id": turn.turn_id,
            "status": turn.status,
            "stage_id": turn.stage and turn.stage.stage_id,
            "confidence": turn.confidence,
            "decision": Jsonb(_decision(turn)),
            "engine": turn.engine,
            "attempts": turn.attempts,
            "takeovers": turn.takeovers,
            "completed_at": turn.completed_at,
        },
    )


def _add_conversation(
    tables: dict[str, list[list[Any]]], business: Business, conversation: Conversation, with_late: bool
) -> None:
    own, stage = (business.business_id, conversation.conversation_id), conversation.stage
    open_takeovers = [each for each in conversation.takeovers if each.ended_at is None]
    tables["conversations"].append(
        [*own, conversation.user_id, f"s-{conversation.conversation_id}", conversation.channel, conversation.language,
         _status(conversation, with_late), conversation.handled_by, stage and stage.stage_id, stage and stage.agent_id,
         conversation.last_seq, conversation.started_at, conversation.last_at, conversation.waiting_since,
         conversation.needs_person_reason, open_takeovers[0].assignee_id if open_takeovers else None,
         conversation.is_copy]
    )  # fmt: skip
    for turn in conversation.turns:
        tables["messages"].append(
            [*own, turn.message_seq, _message_id(turn), turn.turn_id, turn.message, "user", conversation.user_id,
             turn.created_at]
        )  # fmt: skip
        is_finished = with_late or not turn.is_late
        tables["turns"].append(_turn_row(business, conversation, turn, is_finished))
        if is_finished:
            _add_results(tables, business, conversation, turn)
    for message in conversation.staff_messages:
        kind = "note" if message.is_note else "agent"
        tables["messages"].append(
            [*own, message.seq, uuid4(), None, "Written by a member", kind, message.member_id, message.created_at]
        )
    for each in conversation.takeovers:
        tables["takeovers"].append(
            [own[0], each.takeover_id, own[1], each.by, each.assignee_id, each.reason, each.messages_written,
             each.started_at, each.ended_at, each.answer]
        )  # fmt: skip
    if conversation.stars is not None:
        tables["conversation_ratings"].append([*own, conversation.stars, conversation.last_at])
    if with_late or not any(turn.is_late for turn in conversation.turns):
        tables["pending_actions"].extend(_pending_rows(business, conversation))


def _turn_row(business: Business, conversation: Conversation, turn: Turn, is_finished: bool) -> list[Any]:
    start = [business.business_id, turn.turn_id, conversation.conversation_id, turn.seq,
             turn.release and turn.release.release_id]  # fmt: skip
    if not is_finished:
        return [*start, "running", turn.stage_before, None, None, None, None, None, None, _OWNER, 1, 1, 0,
                turn.created_at, turn.started_at, None, None, turn.first_message_seq]  # fmt: skip
    error = {"error_code": turn.error_code, "message": "The model is not available."} if turn.error_code else None
    has_ended = turn.status == "completed"
    return [*start, turn.status, turn.stage_before, turn.stage.stage_id if turn.stage and has_ended else None,
            turn.confidence if has_ended else None, _decision(turn) if turn.engine else None, turn.engine, error,
            {} if has_ended else None, _OWNER, turn.attempts, turn.attempts, turn.takeovers, turn.created_at,
            turn.started_at, turn.completed_at, turn.answered_by, turn.first_message_seq]  # fmt: skip


def _decision(turn: Turn) -> dict[str, Any]:
    selection = next(step.output for step in reversed(turn.steps) if step.name == "selection")
    decision = {**selection, "handed_over": turn.handover is not None, "needs_person": turn.handover == "needs_person"}
    failure = {"step": "response", "cause": "HTTP 503", "status_code": 503}
    return {**decision, "failure": failure} if turn.engine == "fallback" else decision


def _add_results(
    tables: dict[str, list[list[Any]]], business: Business, conversation: Conversation, turn: Turn
) -> None:
    own = (business.business_id, conversation.conversation_id)
    if turn.has_reply:
        tables["messages"].append(
            [*own, turn.seq + 1, _reply_id(turn), turn.turn_id, "Reply", "assistant", None, turn.completed_at]
        )
    if turn.is_unanswered:
        tables["unanswered_questions"].append([own[0], turn.turn_id, turn.message, turn.completed_at])
    for name, value in turn.fields.items():
        tables["collected_fields"].append(
            [*own, name, Json(value), _message_id(turn), turn.turn_id, turn.seq, turn.completed_at]
        )
    for rating in turn.ratings:
        author_id = rating.author_id if rating.source == "staff" else None
        tables["message_feedback"].append(
            [own[0], turn.turn_id, rating.source, _reply_id(turn), author_id, "good" if rating.is_good else "bad",
             rating.comment, rating.created_at]
        )  # fmt: skip
    tables["turn_steps"].extend(_step_row(own[0], turn, step) for step in turn.steps)
    tables["llm_calls"].extend(_call_row(own, turn, call) for call in turn.calls)


def _step_row(business_id: UUID, turn: Turn, step: Step) -> list[Any]:
    status = "failed" if step.is_failed else "completed"
    return [business_id, turn.turn_id, step.name, step.attempt, status, step.is_discarded, step.engine, step.output,
            step.started_at, step.finished_at]  # fmt: skip


def _call_row(own: tuple[UUID, UUID], turn: Turn, call: Call) -> list[Any]:
    status = "failed" if call.is_failed else "completed"
    return [own[0], call.call_id, turn.turn_id, own[1], call.template_id, call.template_version, call.step,
            call.step_attempt, call.model, {}, call.prompt_tokens, call.completion_tokens, call.cost, call.latency_ms,
            call.first_token_ms, call.attempt, status, call.created_at]  # fmt: skip


def _pending_rows(business: Business, conversation: Conversation) -> Iterator[list[Any]]:
    turn = conversation.pending_turn
    if turn is not None and turn.stage is not None:
        yield [business.business_id, conversation.conversation_id, turn.turn_id, turn.stage.stage_id, 0, {}, {},
               "Shall I?", 1]  # fmt: skip


def _status(conversation: Conversation, with_late: bool) -> str:
    return "completed" if conversation.is_completed and (with_late or not conversation.is_late) else "active"


def _message_id(turn: Turn) -> UUID:
    return UUID(int=turn.turn_id.int ^ 1)


def _reply_id(turn: Turn) -> UUID:
    return UUID(int=turn.turn_id.int ^ 2)


def _insert(conn: Connection, tables: dict[str, list[list[Any]]]) -> None:
    """Insert the rows, and empty the lists."""
    for name, rows in tables.items():
        if rows:
            values = [[Json(value) if isinstance(value, dict) else value for value in row] for row in rows]
            with conn.cursor() as cursor:
                execute_values(cursor, _STATEMENTS[name], values, page_size=1000)
            rows.clear()
