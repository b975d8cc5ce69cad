"""Renders a template as a turn would, with an existing conversation or given values."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_viewer
from core.context import current_context
from db import Connection
from message_processing.accept import live_release
from message_processing.release import Release
from message_processing.templates.braces import normalise
from message_processing.templates.history_budget import DEFAULT_TOKENS
from message_processing.templates.template_service import VariableCache, render_prompt
from repositories import conversations, messages
from routes.decorators import accepts, returns

blueprint = Blueprint("previews", __name__)


@blueprint.post("/templates/preview")
@require_business_viewer
@accepts("templates_preview", max_kb=2048)
@returns(200, "template_previewed", also=(404,))
def preview_template(body: dict[str, Any]) -> Response:
    """Render a template with the given `values` and the state of a conversation."""
    context = current_context()
    conversation_id = UUID(body["conversation_id"]) if "conversation_id" in body else None
    with context.database.transaction() as conn:
        release = live_release(conn, g.business_id, context.releases)
        arguments = provider_arguments(conn, g.business_id, release, conversation_id)
    prompt = render_prompt(
        body["content"],
        body.get("system_prompt") or "",
        {**arguments, "history_tokens": body.get("history_tokens", DEFAULT_TOKENS)},
        release.variables,
        VariableCache(context.database.read_only),
        given={normalise(name): value for name, value in body.get("values", {}).items()},
    )
    return jsonify(
        {
            "rendered": prompt.content,
            "rendered_system_prompt": prompt.system_prompt,
            "variables": list(prompt.variables),
            "missing": list(prompt.missing),
        }
    )


def provider_arguments(
    conn: Connection, business_id: UUID, release: Release, conversation_id: UUID | None
) -> dict[str, Any]:
    """The arguments that variable providers would get in the next turn of the conversation, or of a new one."""
    conversation: dict[str, Any] = {}
    collected: dict[str, Any] = {}
    message, seq = "", 0
    if conversation_id is not None:
        conversation = conversations.get_conversation(conn, business_id, conversation_id)
        seq = conversation["last_seq"] + 1
        collected = conversations.collected_fields(conn, business_id, conversation_id, seq)
        latest = messages.find_latest(conn, business_id, conversation_id, "user")
        if latest:
            message, seq = latest["message_content"], latest["seq"]
    stage = release.active_stage(conversation.get("stage_id")) or release.default_stage
    return {
        "business_id": business_id,
        "user_id": conversation.get("user_id"),
        "conversation_id": conversation_id,
        "turn_id": None,
        "message_content": message,
        "stage": stage,
        "current_stage": stage,
        "release": release,
        "agent": None,
        "conversation": conversation,
        "seq": seq,
        "extracted_data": collected,
        "collected_data": collected,
        "missing_fields": [name for name in stage.required_fields if name not in collected] if stage else [],
        "retrieved_data": None,
        "action_result": None,
    }
