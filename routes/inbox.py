"""What people do with conversations in the inbox, besides writing: assign, snooze, tag, read and copy."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_agent, require_business_viewer
from core.context import current_context
from core.errors import Conflict, InvalidRequest
from core.tags import normalise_tag
from core.validation import read_time
from db import Connection
from message_processing import takeovers
from repositories import conversation_state, conversations, copies, inbox, members
from routes.conversations import calling_member, conversation_detail
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit
from routes.pagination import creation_cursor, page_response, read_page
from security.credentials import authenticate

blueprint = Blueprint("inbox", __name__)

_MAX_SNOOZE = timedelta(days=366)


@blueprint.get("/conversations/counts")
@require_business_viewer
@accepts_query("business_query")
@returns(200, "conversation_counts")
def count_conversations(query: dict[str, Any]) -> Response:
    """Count the conversations in each part of the inbox."""
    with current_context().database.transaction() as conn:
        return jsonify(inbox.count_conversations(conn, g.business_id, authenticate().user_id))


@blueprint.get("/assignees")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "assignees")
def list_assignees(query: dict[str, Any]) -> Response:
    """List the members who can handle conversations."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = members.list_assignable(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "user_id"))


@blueprint.patch("/conversations/<conversation_id>")
@require_business_agent
@accepts("conversations_update")
@returns(200, "conversation_detail", also=(409,))
def update_conversation(conversation_id: UUID, body: dict[str, Any]) -> Response:
    """Assign a conversation, snooze it, or replace its tags. Closed conversations can only be tagged."""
    until = _read_snooze(body.get("snoozed_until"))
    tags = _read_tags(body.get("tags", []))
    with current_context().database.transaction() as conn:
        row = conversations.lock_conversation(conn, g.business_id, conversation_id)
        if row["status"] == "completed" and (body.get("assignee_id") or until):
            raise Conflict("The conversation is closed.")
        changed = _assign(conn, conversation_id, body) if "assignee_id" in body else []
        if "snoozed_until" in body:
            conversation_state.snooze(conn, g.business_id, conversation_id, until)
            changed.append("snoozed_until")
        if "tags" in body and conversation_state.replace_tags(conn, g.business_id, conversation_id, tags):
            changed.append("tags")
        if changed:
            audit(conn, g.business_id, "update", "conversation", conversation_id, changed)
        return jsonify(conversation_detail(conn, g.business_id, conversation_id))


@blueprint.post("/conversations/<conversation_id>/read")
@require_business_viewer
@accepts("conversation_read")
@returns(204)
def mark_conversation_read(conversation_id: UUID, body: dict[str, Any]) -> tuple[str, int]:
    """Mark the messages up to `seq` as read by the caller. Only members of the business have read marks."""
    with current_context().database.transaction() as conn:
        conversations.get_conversation(conn, g.business_id, conversation_id)
        member_id = calling_member(conn)
        if member_id is not None:
            conversation_state.mark_read(conn, g.business_id, conversation_id, member_id, body["seq"])
    return "", 204


@blueprint.post("/conversations/<conversation_id>/copy")
@require_business_agent
@accepts("conversation_copy", optional=True)
@returns(201, "conversation_detail")
def copy_conversation(conversation_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Copy a conversation for a test customer, who may go on writing in it. Nothing is sent or answered.

    The copy ends with the message `until_seq`, or with the last one. It has the stage and the collected data of that
    moment, and the latest 2,000 messages; notes are not copied."""
    with current_context().database.transaction() as conn:
        row = conversations.get_conversation(conn, g.business_id, conversation_id)
        until_seq = min(body.get("until_seq", row["last_seq"]), row["last_seq"])
        collected = conversations.collected_fields(conn, g.business_id, conversation_id, until_seq + 1)
        user_id = copies.upsert_test_customer(conn, g.business_id, row["user_id"])
        copy_id = copies.copy_conversation(conn, g.business_id, conversation_id, user_id, until_seq)
        copies.copy_fields(conn, g.business_id, copy_id, collected)
        audit(conn, g.business_id, "copy", "conversation", conversation_id)
        detail = conversation_detail(conn, g.business_id, copy_id)
    current_context().live.publish(g.business_id, {"type": "conversation.changed", "conversation_id": copy_id})
    return jsonify(detail), 201


def _assign(conn: Connection, conversation_id: UUID, body: dict[str, Any]) -> list[str]:
    """Assign the conversation; returns the names of the changed fields. Raises the errors of `takeovers.assign`."""
    assignee_id = UUID(body["assignee_id"]) if body["assignee_id"] else None
    is_new = takeovers.assign(conn, g.business_id, conversation_id, authenticate().user_id, assignee_id)
    return ["assignee_id"] if is_new else []


def _read_snooze(text: str | None) -> datetime | None:
    """The time until which to snooze. Raises InvalidRequest unless it is in the next year."""
    if text is None:
        return None
    until, now = read_time(text, "$.snoozed_until"), datetime.now(UTC)
    if not now < until <= now + _MAX_SNOOZE:
        raise InvalidRequest.at("$.snoozed_until", "Must be in the future, and at most a year away.")
    return until


def _read_tags(texts: list[str]) -> list[str]:
    """The tags in the form in which they are stored, each once. Raises InvalidRequest for those that cannot be used."""
    tags: dict[str, None] = {}
    for index, text in enumerate(texts):
        tag = normalise_tag(text)
        if tag is None:
            raise InvalidRequest.at(
                f"$.tags[{index}]", "Must be 1 to 40 visible characters, without control characters."
            )
        tags[tag] = None
    return list(tags)
