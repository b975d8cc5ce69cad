"""Renders a template as a turn would, with an existing conversation or given values."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_viewer
from core.context import current_context
from message_processing.accept import live_release
from message_processing.templates.braces import normalise
from message_processing.templates.template_service import VariableCache, render_prompt
from repositories import conversations, messages
from routes.decorators import accepts, returns

blueprint = Blueprint("previews", __name__)


@blueprint.post("/templates/preview")
@require_business_viewer
@accepts("templates_preview")
@returns(200, "template_previewed", also=(404,))
def preview_template(body: dict[str, Any]) -> Response:
    """Render a template with the given `values` and the state of a conversation."""
    with current_context().database.transaction() as conn:
        release = live_release(conn, g.business_id, current_context().releases)
        conversation: dict[str, Any] = {}
        collected: dict[str, Any] = {}
        latest = ""
        if "conversation_id" in body:
            conversation = conversations.get_conversation(conn, g.business_id, UUID(body["conversation_id"]))
            seq = conversation["last_seq"] + 1
            collected = conversations.collected_fields(conn, g.business_id, conversation["conversation_id"], seq)
            said = messages.find_latest(conn, g.business_id, conversation["conversation_id"], "user")
            latest, seq = (said["message_content"], said["seq"]) if said else ("", seq)
    standing = release.active_stage(conversation.get("stage_id")) or release.default_stage
    known = {
        "business_id": g.business_id,
        "user_id": conversation.get("user_id"),
        "conversation_id": conversation.get("conversation_id"),
        "turn_id": None,
        "message_content": latest,
        "stage": standing,
        "current_stage": standing,
        "release": release,
        "conversation": conversation,
        "seq": seq if conversation else 0,
        "extracted_data": collected,
        "collected_data": collected,
        "missing_fields": [n for n in standing.required_fields if n not in collected] if standing else [],
        "retrieved_data": None,
        "action_result": None,
    }
    given = {normalise(name): value for name, value in body.get("values", {}).items()}
    prompt = render_prompt(
        body["content"],
        body.get("system_prompt") or "",
        known,
        release.variables,
        VariableCache(current_context().database.read_only),
        given=given,
    )
    return jsonify(
        {
            "rendered": prompt.content,
            "rendered_system_prompt": prompt.system_prompt,
            "variables": list(prompt.variables),
            "missing": list(prompt.missing),
        }
    )
