"""Renders a template as a turn would, with the data of a turn, an existing conversation or given values."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_viewer
from core.context import current_context
from message_processing.accept import live_release
from message_processing.preview import data_of_conversation, data_of_turn, given_values, render_preview
from message_processing.templates.history_budget import DEFAULT_TOKENS
from message_processing.templates.template_service import VariableCache
from routes.decorators import accepts, returns

blueprint = Blueprint("previews", __name__)


@blueprint.post("/templates/preview")
@require_business_viewer
@accepts("templates_preview", max_kb=2048)
@returns(200, "template_previewed", also=(404,))
def preview_template(body: dict[str, Any]) -> Response:
    """Render a template with the given `values` and the data of a turn or a conversation."""
    context = current_context()
    template_type = body.get("template_type", "response_generation")
    with context.database.transaction() as conn:
        release = live_release(conn, g.business_id, context.releases)
        if "turn_id" in body:
            data = data_of_turn(conn, g.business_id, release, UUID(body["turn_id"]), template_type)
        else:
            conversation_id = UUID(body["conversation_id"]) if "conversation_id" in body else None
            data = data_of_conversation(conn, g.business_id, release, conversation_id)
    prompt, unavailable = render_preview(
        body["content"],
        body.get("system_prompt") or "",
        template_type,
        data,
        VariableCache(context.database.read_only, search=context.knowledge, closeness=context.closeness),
        given_values(body),
        body.get("history_tokens", DEFAULT_TOKENS),
    )
    return jsonify(
        {
            "rendered": prompt.content,
            "rendered_system_prompt": prompt.system_prompt,
            "messages": list(prompt.messages),
            "variables": list(prompt.variables),
            "missing": list(prompt.missing),
            "unavailable": unavailable,
        }
    )
