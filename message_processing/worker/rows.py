"""Conversion between database rows and the objects of a turn."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from core.errors import BY_CODE, ServerError
from core.ids import new_id
from db import Row
from message_processing.accept import Accepted
from message_processing.actions.definition import PendingAction
from message_processing.actions.results import completes
from message_processing.answer import answer_body, held_body
from message_processing.engines.rules.texts import YES_OR_NO
from message_processing.events import (
    Answered,
    Failed,
    Held,
    StepFinished,
    StepGivenUp,
    TurnFinished,
    TurnResult,
    now,
)
from message_processing.handover import handover_reason, trouble_of
from message_processing.release import Release
from message_processing.steps.article_search import is_unanswered
from message_processing.steps.speculative import SpeculativeStep
from message_processing.turn import ConversationState, Outcome, RecordedCall, Turn
from repositories.turn_ends import TurnEnd
from repositories.turn_steps import StepRow
from repositories.turns import ClaimedTurn


def turn_of(claimed: ClaimedTurn, release: Release, deadline: float, pending: PendingAction | None = None) -> Turn:
    """The turn as the pipeline expects it. `deadline` is a time of time.monotonic(). Raises ServerError if the business
    no longer has an active stage."""
    current_stage = release.active_stage(claimed["stage_before"]) or release.default_stage
    if current_stage is None:
        raise ServerError("The business no longer has an active stage.")
    return Turn(
        turn_id=claimed["turn_id"],
        business_id=claimed["business_id"],
        conversation_id=claimed["conversation_id"],
        user_id=claimed["user_id"],
        message_id=claimed["message_id"],
        seq=claimed["seq"],
        # As when they are stored now: they may have been stored before the business masked anything.
        message=release.masking.text(claimed["message_content"]),
        session_id=claimed["session_id"],
        release=release,
        deadline=deadline,
        conversation=ConversationState(
            conversation_summary=release.masking.members(claimed["conversation_summary"]),
            summarised_through=claimed["summarised_through"],
            summary_tried_at=claimed["summary_tried_at"],
            start_time=claimed["start_time"],
            last_updated=claimed["last_updated"],
            session_id=claimed["session_id"],
            stage_id=claimed["stage_id"],
            last_trouble=claimed["last_trouble"],
            language=claimed["language"],
        ),
        current_stage=current_stage,
        stage_before=claimed["stage_before"],
        collected_before=release.masking.members(claimed["collected"]),
        attachments=tuple(claimed.get("metadata", {}).get("attachments", ())),
        has_text=claimed.get("metadata", {}).get("has_text", True),
        pending=pending,
        is_handed_back=claimed.get("first_message_seq") is not None,
    )


def step_row(event: StepFinished) -> StepRow:
    return _step_row(event.step, event.outcome, event.started_at, event.finished_at)


def failed_step_row(event: StepGivenUp) -> StepRow:
    return _step_row(event.step, event.failure.outcome, event.started_at, now(), status="failed")


def discarded_step_row(step: SpeculativeStep, outcome: Outcome, status: str, reason: str) -> StepRow:
    """The row of a speculative step that is not used, with the reason."""
    outcome = replace(outcome, decision=f"Discarded: {reason} {outcome.decision}")
    return _step_row(step.name, outcome, step.started_at, step.finished_at, status, discarded=True)


def last_step_row(event: TurnFinished) -> StepRow:
    return _step_row("response", event.outcome, event.started_at, event.finished_at)


def turn_end(event: TurnFinished) -> TurnEnd:
    """What `turn_ends.finish_turn` writes: the reply, the fields, the conversation's new state and the answer."""
    turn, stage = event.turn, event.turn.chosen_stage
    needs_person = bool(event.outcome.output.get("needs_person"))  # the reply says that a person will answer
    trouble = trouble_of(turn)
    handover = handover_reason(turn, trouble, needs_person)
    reply_id = new_id()
    return TurnEnd(
        conversation_id=turn.conversation_id,
        message_id=turn.message_id,
        reply_id=reply_id,
        reply=event.reply,
        fields=turn.new_fields,
        stage_id=stage.stage_id,
        agent_id=turn.agent["agent_id"] if turn.agent else None,
        handover=handover,
        completes=completes(turn.actions),
        trouble=trouble,
        confidence=turn.confidence,
        decision={
            **(turn.selection or {}),
            "handed_over": handover is not None,
            "needs_person": needs_person,
            **({"failure": event.failure.record} if event.failure else {}),
        },
        engine=event.outcome.engine,
        articles=event.outcome.output.get("articles", []),
        is_unanswered=is_unanswered(turn),
        buttons=list(YES_OR_NO[turn.text_language]) if turn.actions and "question" in turn.actions else [],
        answer=answer_body(turn, event.reply, reply_id, "human" if handover else "ai", event.outcome.engine),
    )


def turn_result(accepted: Accepted, progress: Row) -> TurnResult | None:
    """The result of a turn from `turns.get_progress`; None while it is not finished."""
    match progress["status"]:
        case "completed":
            return Answered(progress["answer"])
        case "held":
            return Held(held_body(accepted))
        case "failed":
            error = progress["error"] or {}
            error_type = BY_CODE.get(error.get("error_code", ""), ServerError)
            return Failed(error_type(error.get("message", "The turn failed."), ids=accepted.ids))
    return None


def call_row(recorded: RecordedCall) -> dict[str, Any]:
    """A model call as `llm_calls` stores it."""
    call = recorded.call
    return {
        "template_id": recorded.template_id,
        "template_version": recorded.template_version,
        "parsed": recorded.parsed,
        "model": call.model,
        "request": call.request,
        "response": call.response,
        **asdict(call.usage),
        "cost_usd": call.cost_usd,
        "latency_ms": call.latency_ms,
        "first_token_ms": call.first_token_ms,
        "attempt": call.attempt,
        "status": call.status,
        "error": call.error,
        "created_at": call.created_at,
    }


def _step_row(
    step: str,
    outcome: Outcome,
    started_at: datetime,
    finished_at: datetime,
    status: str = "completed",
    discarded: bool = False,
) -> StepRow:
    return StepRow(
        step=step,
        status=status,
        discarded=discarded,
        engine=outcome.engine,
        output=dict(outcome.output),
        decision=outcome.decision,
        variables=list(outcome.variables),
        started_at=started_at,
        finished_at=finished_at,
        calls=[call_row(call) for call in outcome.calls],
    )
