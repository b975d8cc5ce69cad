"""Conversations and their messages."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request

from auth import for_messages, require_business_agent, require_business_viewer
from channels import kinds
from core.context import current_context
from core.errors import Forbidden, InvalidRequest
from core.tags import normalise_tag
from db import Connection, Row
from repositories import channel_conversations, conversations, feedback, inbox, members, messages, takeovers, turn_ends
from repositories.page import LAST_ID, Page
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit
from routes.pagination import cursor_after, page_response, read_filters, read_page, read_sequence_page
from security.credentials import authenticate

blueprint = Blueprint("conversations", __name__)


@blueprint.get("/conversations")
@require_business_viewer
@accepts_query("conversations_list")
@returns(200, "conversations")
def list_conversations(query: dict[str, Any]) -> Response:
    """List conversations. `q` searches their messages and the names of customers."""
    page, filters = read_page(query), _read_list_filters(query)
    order: inbox.Order = query.get("sort") or ("newest" if page.is_newest_first else "oldest")
    viewer_id = authenticate().user_id
    with current_context().database.transaction() as conn:
        listed = _list_rows(conn, page, order, filters, viewer_id)
        cursors = {row["conversation_id"]: _cursor(row, order) for row in listed}
        rows = inbox.describe(conn, g.business_id, list(cursors), viewer_id)
    return page_response(rows, page.limit, lambda row: cursors[row["conversation_id"]])


@blueprint.get("/conversations/<conversation_id>")
@require_business_viewer
@for_messages
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
@for_messages
@accepts_query("messages_list")
@returns(200, "messages")
def list_messages(conversation_id: UUID, query: dict[str, Any]) -> Response:
    """List the messages of a conversation in order, with `notes=true` also internal notes."""
    if query.get("notes") and authenticate().scope == "messages":
        raise Forbidden("Keys with the scope `messages` cannot read internal notes.")
    seq, limit = read_sequence_page(query)
    options = {"is_newest_first": query.get("order") == "newest", "with_notes": query.get("notes", False)}
    with current_context().database.transaction() as conn:
        conversations.get_conversation(conn, g.business_id, conversation_id)
        rows = messages.list_messages(conn, g.business_id, conversation_id, seq, limit + 1, **options)
    return page_response(rows, limit, lambda row: str(row["seq"]))


def calling_member(conn: Connection) -> UUID | None:
    """The caller, if they are a member of the business. Operators need not be, and keys are not people."""
    user_id = authenticate().user_id
    return user_id if user_id is not None and members.is_member(conn, g.business_id, user_id) else None


def conversation_detail(conn: Connection, business_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """A conversation with its summary and collected data, as the API returns it. Raises NotFound."""
    row = inbox.describe_one(conn, business_id, conversation_id, authenticate().user_id)
    stored = conversations.get_conversation(conn, business_id, conversation_id)
    return {
        **row,
        "conversation_summary": stored["conversation_summary"],
        "summarised_through": stored["summarised_through"],
        "collected_data": conversations.collected_fields(conn, business_id, conversation_id, row["last_seq"] + 1),
        "rating": feedback.find_conversation_rating(conn, business_id, conversation_id),
        "reply_window": _reply_window(conn, business_id, conversation_id),
    }


def _reply_window(conn: Connection, business_id: UUID, conversation_id: UUID) -> dict[str, Any] | None:
    """Until when free text may be sent to the customer of a channel; None if that is always possible."""
    target = channel_conversations.find_target(conn, business_id, conversation_id)
    kind = kinds().get(target["kind"]) if target else None
    if target is None or kind is None or kind.capabilities.window is None:
        return None
    window, last_inbound_at = kind.capabilities.window, target["last_inbound_at"]
    return {
        "hours": window.total_seconds() / 3600,
        "ends_at": last_inbound_at + window if last_inbound_at else None,
    }


def _read_list_filters(query: dict[str, Any]) -> dict[str, Any]:
    filters = read_filters(query)
    if "tag" in filters:
        filters["tag"] = normalise_tag(filters["tag"])
        if filters["tag"] is None:
            raise InvalidRequest.at("$.tag", "Must be a tag.")
    if "q" in filters:
        filters["words"] = filters.pop("q")
    return filters


def _list_rows(
    conn: Connection, page: Page, order: inbox.Order, filters: dict[str, Any], viewer_id: UUID | None
) -> list[Row]:
    """One row more than the page has, if there are more."""
    if order == "latest" and "cursor" not in request.args:
        page = Page(page.limit, "infinity", LAST_ID)
    if order != "waiting":
        return inbox.list_conversations(conn, g.business_id, page, order, filters, viewer_id=viewer_id)
    rows: list[Row] = []
    if not page.is_second_part:
        rows = inbox.list_conversations(conn, g.business_id, page, "waiting", filters, viewer_id=viewer_id)
        page = Page(page.limit, "infinity", LAST_ID)
    if len(rows) <= page.limit and not filters.get("waiting"):
        rows += inbox.list_conversations(
            conn, g.business_id, page, "latest", filters, viewer_id=viewer_id, only_not_waiting=True
        )
    return rows[: page.limit + 1]


def _cursor(row: Row, order: inbox.Order) -> str:
    """The cursor after a row. The list in the order of waiting has a second part, in the order of activity."""
    if order == "waiting" and row["waiting_since"]:
        return cursor_after(row["waiting_since"], row["conversation_id"])
    time = row["start_time"] if order in ("oldest", "newest") else row["last_updated"]
    return cursor_after(time, row["conversation_id"], is_second_part=order == "waiting")
