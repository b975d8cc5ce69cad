"""The response body of POST /messages."""

from typing import Any
from uuid import UUID

from message_processing.accept import Accepted
from message_processing.turn import Turn


def answer_body(
    turn: Turn, reply: str | None, reply_id: UUID | None, handled_by: str, engine: str | None
) -> dict[str, Any]:
    """The response to a message whose turn is finished. Without a reply, the turn is held."""
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


def held_body(accepted: Accepted) -> dict[str, Any]:
    """The response while a person handles the conversation, or the business has paused it."""
    return {
        "response": None,
        **accepted.ids,
        "response_message_id": None,
        "stage": None,
        "extracted_data": {},
        "collected_data": {},
        "handled_by": accepted.handled_by,
        "engine": None,
    }
