"""Messages that a business writes in a conversation: as a person, or as its assistant."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_agent, require_business_viewer
from core.context import current_context
from core.errors import Conflict, Forbidden, InvalidRequest, NotFound
from core.idempotency import key_conflict, request_hash
from core.view_spec import spec_of
from db import Connection, Row
from message_processing.accept import live_release
from message_processing.channels import proactive
from repositories import conversation_state, conversations, members, messages, scheduled_messages
from routes.conversations import calling_member
from routes.decorators import accepts, accepts_query, returns
from routes.idempotency import read_idempotency_key
from routes.pagination import creation_cursor, page_response, read_page
from security.credentials import authenticate

blueprint = Blueprint("conversation_messages", __name__)


@blueprint.post("/conversations/<conversation_id>/messages")
@require_business_agent
@accepts("conversation_messages_create")
@returns(201, "message", also=(409,))
@returns(202, "scheduled_message")
def create_agent_message(conversation_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Send a message to the customer as a person or as the assistant, or write an internal note.

    Only staff can read notes. Signed-in users can only write as themselves or as the assistant. Messages of the
    assistant wait for the end of the customer's quiet hours: the response is then 202, with the time."""
    sender, key = _sender(body), read_idempotency_key()
    context = current_context()
    with context.database.transaction() as conn:
        conversation = conversations.lock_conversation(conn, g.business_id, conversation_id)
        release = live_release(conn, g.business_id, context.releases)
        texts: dict[str, Any] = {"message": release.masking.text(body["message"])}
        if "template" in body:
            parameters = {name: value for name, value in body["template"].items() if name == "parameters"}
            texts["template"] = {**body["template"], **release.masking.members(parameters)}
        values = {
            "conversation_id": conversation_id,
            "message_content": texts["message"],
            "metadata": {"template": texts["template"]} if "template" in texts else {},
            "sender_type": "note" if body.get("is_note") else "agent",
            "idempotency_key": key,
            "request_hash": request_hash({**body, **texts, "to": str(conversation_id), "from": str(sender)})
            if key
            else None,
        }
        message, scheduled = _find_known(conn, values)
        if message is None and scheduled is None:
            if body.get("as") == "assistant":
                message, scheduled = proactive.post_or_schedule(conn, g.business_id, release, conversation, values)
            else:
                message = _store_message(conn, conversation, sender, values)
    if message is None:
        return jsonify(scheduled), 202
    names = ("conversation_id", "message_id", "seq", "sender_type")
    frame = {"type": "message.created", **{name: message[name] for name in names}}
    context.live.publish(g.business_id, frame)
    return jsonify(message), 201


spec_of(create_agent_message).accepts_idempotency_key = True


@blueprint.get("/conversations/<conversation_id>/scheduled-messages")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "scheduled_messages")
def list_scheduled_messages(conversation_id: UUID, query: dict[str, Any]) -> Response:
    """List the messages of a conversation that wait for the end of quiet hours, in order."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        conversations.get_conversation(conn, g.business_id, conversation_id)
        rows = scheduled_messages.list_scheduled(conn, g.business_id, conversation_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "scheduled_message_id"))


@blueprint.delete("/scheduled-messages/<scheduled_message_id>")
@require_business_agent
@returns(204)
def cancel_scheduled_message(scheduled_message_id: UUID) -> tuple[str, int]:
    """Cancel a message that waits for the end of quiet hours."""
    context = current_context()
    with context.database.transaction() as conn:
        conversation_id = scheduled_messages.end_waiting(conn, g.business_id, scheduled_message_id, "dropped")
    if conversation_id is None:
        raise NotFound("No such message is waiting.")
    context.live.publish(g.business_id, {"type": "conversation.changed", "conversation_id": conversation_id})
    return "", 204


def _find_known(conn: Connection, values: dict[str, Any]) -> tuple[Row | None, Row | None]:
    """The message or scheduled message of an earlier request with the same key. Raises Conflict if it was another
    request."""
    key, conversation_id = values["idempotency_key"], values["conversation_id"]
    if key is None:
        return None, None
    scheduled = scheduled_messages.find_by_key(conn, g.business_id, key)
    known = scheduled or messages.find_by_key(conn, g.business_id, key)
    if known is None:
        return None, None
    if known["request_hash"] != values["request_hash"]:
        raise key_conflict()
    if known["seq"] is None:
        return None, {name: value for name, value in known.items() if name not in ("seq", "request_hash")}
    [message] = messages.list_messages(conn, g.business_id, conversation_id, known["seq"] - 1, 1, with_notes=True)
    return message, None


def _store_message(conn: Connection, conversation: Row, sender: UUID | None, values: dict[str, Any]) -> Row:
    """Store the message in a conversation that the caller has locked. Raises Conflict if it is closed, and NotFound if
    the sender is not a member."""
    conversation_id = conversation["conversation_id"]
    is_note = values["sender_type"] == "note"
    if conversation["status"] == "completed" and not is_note:
        raise Conflict("The conversation is closed.")
    if sender:
        members.get_member(conn, g.business_id, sender)
    if is_note:
        seq = conversations.allocate_seq_of_note(conn, g.business_id, conversation_id)
    else:
        seq = conversations.allocate_seq(conn, g.business_id, conversation_id)
        conversation_state.end_wait(conn, g.business_id, conversation_id)
    sender_id = sender or calling_member(conn)
    return messages.insert_message(conn, g.business_id, {**values, "seq": seq, "sender_user_id": sender_id})


def _sender(body: dict[str, Any]) -> UUID | None:
    """The person who writes the message. Raises Forbidden if a user names another one."""
    requested = UUID(body["sender_user_id"]) if body.get("sender_user_id") else None
    if body.get("as") == "assistant":
        for name in ("sender_user_id", "is_note"):
            if body.get(name):
                raise InvalidRequest.at(f"$.{name}", "Only for messages of people.")
        return None
    if body.get("is_note") and "template" in body:
        raise InvalidRequest.at("$.template", "Notes are not sent.")
    caller = authenticate()
    if caller.user_id is None or caller.is_operator:
        return requested
    if requested not in (None, caller.user_id):
        raise Forbidden("You can only send messages as yourself.", remediation="Omit `sender_user_id`.")
    return caller.user_id
