"""Takeovers: people handle conversations instead of the AI, and hand them back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_agent, require_business_viewer
from core.context import current_context
from message_processing import takeovers
from message_processing.accept import Accepted
from repositories import conversations
from repositories import takeovers as takeover_rows
from routes.conversations import calling_member, conversation_detail
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit
from routes.pagination import creation_cursor, page_response, read_page
from security.credentials import authenticate

blueprint = Blueprint("takeovers", __name__)


@blueprint.post("/conversations/<conversation_id>/takeover")
@require_business_agent
@accepts_query("takeover_query")
@accepts("conversation_takeover", optional=True)
@returns(200, "conversation_detail", also=(409,))
def take_over(conversation_id: UUID, body: dict[str, Any], query: dict[str, Any]) -> Response:
    """Take over a conversation from the assistant, or from a colleague with `force`.

    When this returns, the assistant no longer writes in the conversation: a reply that was being written is withdrawn,
    and messages are held until `release`. Repeating it changes nothing."""
    context, caller = current_context(), authenticate()
    with context.database.transaction() as conn:
        is_new = takeovers.take_over(
            conn,
            g.business_id,
            conversation_id,
            user_id=caller.user_id,
            assignee_id=UUID(body["assignee_id"]) if "assignee_id" in body else calling_member(conn),
            reason=body.get("reason", "person"),
            force=query.get("force", False),
        )
        if is_new:
            audit(conn, g.business_id, "take_over", "conversation", conversation_id, ["assignee_id", "handled_by"])
    takeovers.wait_until_silent(context.database, g.business_id, conversation_id)
    return _detail(conversation_id)


@blueprint.post("/conversations/<conversation_id>/release")
@require_business_agent
@accepts("conversation_release")
@returns(200, "conversation_detail", also=(409,))
def release(conversation_id: UUID, body: dict[str, Any]) -> Response:
    """Hand a conversation back to the assistant.

    With `"answer": "last"`, one turn answers the messages that were held; with `"none"`, they stay unanswered."""
    context = current_context()
    with context.database.transaction() as conn:
        accepted = takeovers.release(
            conn,
            g.business_id,
            conversation_id,
            authenticate().user_id,
            body["answer"],
            context.scheduler.process_id,
        )
        audit(conn, g.business_id, "release", "conversation", conversation_id, ["assignee_id", "handled_by"])
    return _after_release(conversation_id, accepted)


@blueprint.post("/conversations/<conversation_id>/pause")
@require_business_agent
@accepts("business_query", optional=True)
@returns(200, "conversation_detail", also=(409,))
def pause(conversation_id: UUID, body: dict[str, Any]) -> Response:
    """Stop the assistant in a conversation without taking it over. Messages are held until `resume`."""
    context = current_context()
    with context.database.transaction() as conn:
        takeovers.pause(conn, g.business_id, conversation_id)
        audit(conn, g.business_id, "pause", "conversation", conversation_id, ["status"])
    takeovers.wait_until_silent(context.database, g.business_id, conversation_id)
    return _detail(conversation_id)


@blueprint.post("/conversations/<conversation_id>/resume")
@require_business_agent
@accepts("conversation_release")
@returns(200, "conversation_detail", also=(409,))
def resume(conversation_id: UUID, body: dict[str, Any]) -> Response:
    """Let the assistant answer in a paused conversation again. `answer` is the same as for `release`."""
    context = current_context()
    with context.database.transaction() as conn:
        process_id = context.scheduler.process_id
        accepted = takeovers.resume(conn, g.business_id, conversation_id, body["answer"], process_id)
        audit(conn, g.business_id, "resume", "conversation", conversation_id, ["status"])
    return _after_release(conversation_id, accepted)


@blueprint.get("/conversations/<conversation_id>/takeovers")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "takeovers")
def list_takeovers(conversation_id: UUID, query: dict[str, Any]) -> Response:
    """List the takeovers of a conversation in order."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        conversations.get_conversation(conn, g.business_id, conversation_id)
        rows = takeover_rows.list_takeovers(conn, g.business_id, conversation_id, page)
    return page_response(rows, page.limit, creation_cursor("started_at", "takeover_id"))


def _after_release(conversation_id: UUID, accepted: Accepted | None) -> Response:
    if accepted is not None:
        current_context().scheduler.start(accepted)
    return _detail(conversation_id)


def _detail(conversation_id: UUID) -> Response:
    with current_context().database.transaction() as conn:
        return jsonify(conversation_detail(conn, g.business_id, conversation_id))
