"""A customer's message in, the reply out."""

from typing import Any

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key
from errors import LLMUnavailable
from message_processing.accept import Accepted, accept_message
from routes.documented import accepts, answers
from routes.parts import database, parts

blueprint = Blueprint("messages", __name__)


@blueprint.post("/messages")
@require_business_api_key
@accepts("messages_create")
@answers(200, "message_answer", also=(404, 409, 429, 504))
@answers(202, "message_answer")
def create_message(body: dict[str, Any]) -> tuple[Response, int]:
    """Answer a customer's message through the three prompts; 202 while a person has the conversation."""
    runner = parts().runner
    if runner is None:
        raise LLMUnavailable(
            "No language model is connected, so the message was not accepted.",
            remediation="Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.",
        )
    accepted = accept_message(database(), parts().releases, runner.owner, g.business_id, body)
    answer = _held(accepted) if accepted.is_held else runner.run(accepted).answer()
    return jsonify(answer), 202 if answer["response"] is None else 200


def _held(accepted: Accepted) -> dict[str, Any]:
    """The answer while a person has the conversation, or the business has stopped the AI in it."""
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
