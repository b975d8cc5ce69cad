"""Conversations and their messages."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_agent, require_business_viewer
from core.context import current_context
from core.errors import Conflict, Forbidden
from db import Connection
from repositories import conversations, messages, takeovers, turn_ends, users
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit
from routes.pagination import creation_cursor, page_response, read_filters, read_page, read_sequence_page
from security.credentials import authenticate

blueprint = Blueprint("conversations", __name__)


@blueprint.get("/conversations")
@require_business_viewer
@accepts_query("conversations_list")
@returns(200, "conversations")
def list_conversations(query: dict[str, Any]) -> Response:
    """List conversations. `q` searches their messages."""
    page, filters = read_page(query), read_filters(query)
    words = filters.pop("q", None)
    with current_context().database.transaction() as conn:
        if words is None and page.is_newest_first:
            rows = conversations.list_latest_conversations(conn, g.business_id, page, filters)
        elif words is None:
            rows = conversations.list_conversations(conn, g.business_id, page, filters)
        else:
            rows = conversations.search_conversations(conn, g.business_id, page, filters, words)
    return page_response(rows, page.limit, creation_cursor("start_time", "conversation_id"))


@blueprint.get("/conversations/<conversation_id>")
@require_business_viewer
@returns(200, "conversation_detail")
def read_conversation(conversation_id: UUID) -> Response:
    """Retrieve a conversation with its summary and the data collected in it."""
    with current_context().database.transaction() as conn:
        return jsonify(conversation_detail(conn, g.business_id, conversation_id))


@blueprint.post("/conversations/<conversation_id>/complete")
@require_business_agent
@accepts("business_query", optional=True)
@returns(200, "conversation_detail")
def complete_conversation(conversation_id: UUID, body: dict[str, Any]) -> Response:
    """Complete a conversation. The customer's next message starts a new one.

    Messages that wait for their turn end with `409`, without a call to the model. The turn that is running finishes
    its calls; its reply is discarded, and its message also ends with `409`. Completing a completed conversation has no
    effect."""
    with current_context().database.transaction() as conn:
        row = conversations.lock_conversation(conn, g.business_id, conversation_id)
        if row["status"] != "completed":
            conversations.complete_conversation(conn, g.business_id, conversation_id)
            turn_ends.fail_waiting_turns(conn, g.business_id, conversation_id)
            takeovers.end_held_turns(conn, g.business_id, conversation_id)
            takeovers.end_takeover(conn, g.business_id, conversation_id, authenticate().user_id, None)
            audit(conn, g.business_id, "complete", "conversation", conversation_id, ["status"])
        return jsonify(conversation_detail(conn, g.business_id, conversation_id))


@blueprint.get("/conversations/<conversation_id>/messages")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "messages")
def list_messages(conversation_id: UUID, query: dict[str, Any]) -> Response:
    """List the messages of a conversation in order."""
    after_seq, limit = read_sequence_page(query)
    with current_context().database.transaction() as conn:
        conversations.get_conversation(conn, g.business_id, conversation_id)
        rows = messages.list_messages(conn, g.business_id, conversation_id, after_seq, limit + 1)
    return page_response(rows, limit, lambda row: str(row["seq"]))


@blueprint.post("/conversations/<conversation_id>/messages")
@require_business_agent
@accepts("conversation_messages_create")
@returns(201, "message", also=(409,))
def create_agent_message(conversation_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Send a message to the customer as a human agent. Signed-in users can only send messages as themselves."""
    sender = _sender(body)
    with current_context().database.transaction() as conn:
        conversation = conversations.lock_conversation(conn, g.business_id, conversation_id)
        if conversation["status"] == "completed":
            raise Conflict("The conversation is closed.")
        if sender:
            users.check_is_member(conn, g.business_id, sender)
        seq = conversations.allocate_seq(conn, g.business_id, conversation_id)
        message = messages.insert_message(
            conn,
            g.business_id,
            {
                "conversation_id": conversation_id,
                "seq": seq,
                "message_content": body["message"],
                "sender_type": "agent",
                "sender_user_id": sender,
            },
        )
    return jsonify(message), 201


def conversation_detail(conn: Connection, business_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """A conversation with its summary and collected data, as the API returns it. Raises NotFound."""
    row = conversations.get_conversation(conn, business_id, conversation_id)
    collected = conversations.collected_fields(conn, business_id, conversation_id, row["last_seq"] + 1)
    return {**row, "collected_data": collected}


def _sender(body: dict[str, Any]) -> UUID | None:
    """The author of the message. Raises Forbidden if a user names another one."""
    requested = UUID(body["sender_user_id"]) if body.get("sender_user_id") else None
    caller = authenticate()
    if caller.user_id is None or caller.is_operator:
        return requested
    if requested not in (None, caller.user_id):
        raise Forbidden("You can only send messages as yourself.", remediation="Omit `sender_user_id`.")
    return caller.user_id
