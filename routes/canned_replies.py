"""Canned replies: texts with variables that staff insert into their messages."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_agent, require_business_viewer
from core.context import current_context
from core.errors import InvalidRequest
from core.tags import normalise_tag
from message_processing.accept import live_release
from message_processing.languages import find_match
from message_processing.preview import data_of_conversation
from message_processing.templates.history_budget import DEFAULT_TOKENS
from message_processing.templates.template_service import VariableCache, render_prompt
from repositories import canned_replies
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields
from routes.pagination import page_response, read_text_page

blueprint = Blueprint("canned_replies", __name__)


@blueprint.post("/canned-replies")
@require_business_agent
@accepts("canned_replies_create")
@returns(201, "canned_reply_created", also=(409,))
def create_canned_reply(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a canned reply."""
    values = _read(body)
    with current_context().database.transaction() as conn:
        canned_reply_id = canned_replies.insert_reply(conn, g.business_id, values)
        audit(conn, g.business_id, "create", "canned_reply", canned_reply_id, body)
    return jsonify({"canned_reply_id": canned_reply_id}), 201


@blueprint.get("/canned-replies")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "canned_replies")
def list_canned_replies(query: dict[str, Any]) -> Response:
    """List canned replies in the order of their shortcuts."""
    after_shortcut, limit = read_text_page(query)
    with current_context().database.transaction() as conn:
        rows = canned_replies.list_replies(conn, g.business_id, after_shortcut, limit + 1)
    return page_response(rows, limit, lambda row: str(row["shortcut"]))


@blueprint.get("/canned-replies/<canned_reply_id>")
@require_business_viewer
@returns(200, "canned_reply")
def read_canned_reply(canned_reply_id: UUID) -> Response:
    """Retrieve a canned reply."""
    with current_context().database.transaction() as conn:
        return jsonify(canned_replies.get_reply(conn, g.business_id, canned_reply_id))


@blueprint.put("/canned-replies/<canned_reply_id>")
@require_business_agent
@accepts("canned_replies_update")
@returns(200, "canned_reply", also=(409,))
def update_canned_reply(canned_reply_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a canned reply."""
    values = _read(body)
    with current_context().database.transaction() as conn:
        row = canned_replies.lock_reply(conn, g.business_id, canned_reply_id)
        changed = canned_replies.update_reply(conn, g.business_id, canned_reply_id, {**row, **values})
        audit(conn, g.business_id, "update", "canned_reply", canned_reply_id, changed_fields(row, changed))
    return jsonify(changed)


@blueprint.delete("/canned-replies/<canned_reply_id>")
@require_business_agent
@returns(204)
def delete_canned_reply(canned_reply_id: UUID) -> tuple[str, int]:
    """Delete a canned reply."""
    with current_context().database.transaction() as conn:
        canned_replies.lock_reply(conn, g.business_id, canned_reply_id)
        canned_replies.delete_reply(conn, g.business_id, canned_reply_id)
        audit(conn, g.business_id, "delete", "canned_reply", canned_reply_id)
    return "", 204


@blueprint.post("/canned-replies/<canned_reply_id>/render")
@require_business_viewer
@accepts("canned_replies_render")
@returns(200, "canned_reply_rendered")
def render_canned_reply(canned_reply_id: UUID, body: dict[str, Any]) -> Response:
    """Fill in the variables of a canned reply for a conversation. Nothing is sent."""
    context = current_context()
    with context.database.transaction() as conn:
        reply = canned_replies.get_reply(conn, g.business_id, canned_reply_id)
        release = live_release(conn, g.business_id, context.releases)
        arguments = data_of_conversation(conn, g.business_id, release, UUID(body["conversation_id"])).arguments
    known = {**arguments, "history_tokens": DEFAULT_TOKENS}
    language = body.get("language") or arguments["conversation"]["language"]
    translation = find_match(language, list(reply["translations"])) if language else None
    content = reply["translations"][translation] if translation else reply["content"]
    rendered = render_prompt(
        content, "", known, release.variables, VariableCache(context.database.read_only, search=context.knowledge)
    )
    return jsonify({"text": rendered.content, "missing": list(rendered.missing), "language": translation})


def _read(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of the body, with the shortcut as it is stored: in lower case. Raises InvalidRequest if it cannot be
    used."""
    if "shortcut" not in body:
        return body
    shortcut = normalise_tag(body["shortcut"])
    if shortcut is None:
        raise InvalidRequest.at("$.shortcut", "Must be 1 to 40 characters, without control characters.")
    return {**body, "shortcut": shortcut}
