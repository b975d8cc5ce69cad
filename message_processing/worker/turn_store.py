"""What the runner commits of a turn: its finished steps, and its end. Each write checks the lease."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from core.errors import Conflict, NotFound
from db import Connection, Database, Row
from message_processing.summary import MAX_MESSAGES, SummaryUpdate
from message_processing.turn import (
    Outcome,
    RecordedCall,
    StepDropped,
    StepFailed,
    StepFinished,
    StepGivenUp,
    Turn,
    TurnFinished,
    now,
)
from repositories import conversations, llm_calls, messages, turn_ends, turn_steps

T = TypeVar("T")


class LeaseLost(Exception):
    """Another process has the turn, or it was deleted; whatever this one found out is not written."""


Finished = tuple[StepFinished, datetime]  # with the moment at which it began


def commit_steps(database: Database, steps: list[Finished], epoch: int) -> None:
    """Finished steps and their calls, in one statement. Raises LeaseLost."""
    if steps:
        _write_steps(database, steps[0][0].turn, _rows_of(steps, epoch), epoch)


def commit_failure(
    database: Database, business_id: UUID, conversation_id: UUID, turn_id: UUID, epoch: int, error: dict[str, Any]
) -> None:
    """The end of a turn that could not be answered; its message stays. Raises LeaseLost."""
    with database.transaction() as conn:
        _hold_conversation(conn, business_id, conversation_id)
        if not turn_ends.end_unanswered(conn, business_id, turn_id, epoch, "failed", error=error):
            raise LeaseLost


def commit_failed_step(database: Database, event: StepGivenUp, step: str, epoch: int, started_at: datetime) -> None:
    """A step whose model gave no answer, with every attempt. Raises LeaseLost."""
    row = _step_row(step, event.failure.outcome, epoch, started_at, now(), status="failed")
    _write_steps(database, event.turn, [row], epoch)


def commit_dropped_step(database: Database, event: StepDropped) -> None:
    """A step that was worked out ahead for nothing, once it has ended, perhaps after its turn: its calls were paid."""
    status = "completed"
    try:
        outcome = event.ahead.outcome()
    except StepFailed as failure:
        outcome, status = failure.outcome, "failed"
    with suppress(LeaseLost):
        row = _step_row(event.step, outcome, None, event.ahead.started_at, now(), status)
        _write_steps(database, event.turn, [row], None)


def commit_turn(
    database: Database, event: TurnFinished, earlier: list[Finished], epoch: int, started_at: datetime
) -> dict[str, Any]:
    """The reply, the fields, the last step and those `earlier` ones that are not committed yet, where the conversation
    stands now and the turn's answer, all or nothing.

    The conversation is held and looked at again: a reply that was written while a person took over is dropped, and the
    turn is held. Returns the answer's body. Raises LeaseLost.
    """
    turn = event.turn
    steps = [*_rows_of(earlier, epoch), _step_row("response", event.outcome, epoch, started_at, event.at)]
    answer = _answer(event)

    def write_answer() -> bool:
        with database.statement() as conn:
            return turn_ends.answer_turn(conn, turn.business_id, turn.turn_id, epoch, steps, answer)

    def hold() -> str:
        with database.transaction() as conn:
            conversation = _hold_conversation(conn, turn.business_id, turn.conversation_id)
            ids = turn.business_id, turn.turn_id, epoch
            if conversation["handled_by"] == "ai" and conversation["status"] == "active":
                raise LeaseLost  # that is why no answer was written
            if not turn_steps.checkpoint_steps(conn, *ids, steps):
                raise LeaseLost
            turn_ends.end_unanswered(conn, *ids, "held", stage_id=turn.chosen_stage.stage_id)
            return str(conversation["handled_by"])

    if _try_twice(write_answer):
        return dict(answer["answer"])
    return answer_body(turn, None, None, _try_twice(hold), None)


def read_unsummarised(database: Database, turn: Turn) -> list[dict[str, Any]]:
    """The messages since the conversation's summary, oldest first, to the end of the turn."""
    with database.read_only() as conn:
        return messages.list_between(
            conn,
            turn.business_id,
            turn.conversation_id,
            after_seq=turn.conversation["summarised_through"],
            before_seq=turn.seq + 2,
            limit=MAX_MESSAGES,
        )


def commit_summary(database: Database, turn: Turn, renewal: SummaryUpdate) -> None:
    """The summary, unless another turn's came first, and what it took to make it."""
    with database.transaction() as conn:
        if renewal.summary is not None:
            conversations.store_summary(
                conn,
                turn.business_id,
                turn.conversation_id,
                turn.conversation["summarised_through"],
                renewal.through,
                renewal.summary,
            )
        of = {"turn_id": turn.turn_id, "conversation_id": turn.conversation_id, "step": "summary", "step_attempt": 1}
        llm_calls.insert_calls(conn, turn.business_id, [{**of, **_call_row(call)} for call in renewal.calls])


def _answer(event: TurnFinished) -> dict[str, Any]:
    """The end of a turn as `turn_ends.answer_turn` takes it."""
    turn, stage = event.turn, event.turn.chosen_stage
    agent = turn.release.agent_of(stage)
    to_human = agent is not None and agent["agent_type"] == "human"
    needs_person = bool(event.outcome.output.get("needs_person"))  # the reply promises that one will answer
    reply_id = uuid4()
    return {
        "conversation_id": turn.conversation_id,
        "message_id": turn.message_id,
        "reply_id": reply_id,
        "reply": event.reply,
        "fields": turn.extracted_data,
        "stage_id": stage.stage_id,
        "agent_id": stage.agent_id,
        "to_human": to_human,
        "confidence": turn.confidence,
        "decision": {**turn.selection, "handed_over": to_human, "needs_person": needs_person},
        "engine": event.outcome.engine,
        "answer": answer_body(turn, event.reply, reply_id, "human" if to_human else "ai", event.outcome.engine),
    }


def answer_body(
    turn: Turn, reply: str | None, reply_id: UUID | None, handled_by: str, engine: str | None
) -> dict[str, Any]:
    """The answer to POST /messages (SPEC 7)."""
    stage = turn.chosen_stage
    return {
        "response": reply,
        "conversation_id": str(turn.conversation_id),
        "message_id": str(turn.message_id),
        "response_message_id": str(reply_id) if reply_id else None,
        "turn_id": str(turn.turn_id),
        "session_id": turn.session_id,
        "stage": {"stage_id": stage.stage_id, "stage_name": stage.stage_name, "confidence": turn.confidence},
        "extracted_data": turn.extracted_data,
        "collected_data": turn.collected_data,
        "handled_by": handled_by,
        "engine": engine,
    }


def _hold_conversation(conn: Connection, business_id: UUID, conversation_id: UUID) -> Row:
    try:
        return conversations.lock_conversation(conn, business_id, conversation_id)
    except NotFound as error:
        raise LeaseLost from error


def _write_steps(database: Database, turn: Turn, rows: list[Row], epoch: int | None) -> None:
    """All in one statement. Without an epoch they are discarded ones, which need no lease."""

    def write() -> bool:
        with database.statement() as conn:
            return turn_steps.checkpoint_steps(conn, turn.business_id, turn.turn_id, epoch, rows)

    if not _try_twice(write):
        raise LeaseLost


def _try_twice(write: Callable[[], T]) -> T:
    """A dropped step may be written at the same moment and take a number; the second look sees it."""
    try:
        return write()
    except Conflict:
        return write()


def _rows_of(steps: list[Finished], epoch: int) -> list[Row]:
    return [_step_row(event.step, event.outcome, epoch, started_at, event.at) for event, started_at in steps]


def _step_row(
    step: str,
    outcome: Outcome,
    epoch: int | None,
    started_at: datetime,
    finished_at: datetime,
    status: str = "completed",
) -> Row:
    return {
        "step": step,
        "status": status,
        "discarded": epoch is None,
        "engine": outcome.engine,
        "output": outcome.output,
        "decision": outcome.decision,
        "variables": list(outcome.variables),
        "started_at": started_at,
        "finished_at": finished_at,
        "calls": [_call_row(call) for call in outcome.calls],
    }


def _call_row(recorded: RecordedCall) -> dict[str, Any]:
    call = recorded.call
    return {
        "template_id": recorded.template_id,
        "template_version": recorded.template_version,
        "parsed": recorded.parsed,
        **{
            name: getattr(call, name)
            for name in (
                "model",
                "request",
                "response",
                "prompt_tokens",
                "completion_tokens",
                "cost_usd",
                "latency_ms",
                "first_token_ms",
                "attempt",
                "status",
                "error",
                "created_at",
            )
        },
    }
