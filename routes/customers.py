"""What a business does with a whole customer: merges two, and exports all data of one."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, g, jsonify

from auth import require_business_api_key
from core.context import current_context
from core.errors import InvalidRequest, NotFound
from db import Connection, Database, Row
from repositories import conversations, erasure, events, inbox, messages, orders, users
from repositories.page import Page
from routes.decorators import accepts, returns
from routes.editing import audit, changed_fields

blueprint = Blueprint("customers", __name__)

_LIMIT = 200  # rows that are read at once


@blueprint.post("/users/<user_id>/merge")
@require_business_api_key
@accepts("users_merge")
@returns(200, "user", also=(409,))
def merge_customers(user_id: UUID, body: dict[str, Any]) -> Response:
    """Merge another customer into this one, and delete the other. This cannot be undone.

    Conversations, orders and events of the other customer become those of this one, who keeps their own values and gets
    those of the other where they have none. Later messages with the lost `external_id` create a new customer."""
    other_id = UUID(body["other_user_id"])
    if other_id == user_id:
        raise InvalidRequest.at("$.other_user_id", "Must be another customer.")
    with current_context().database.transaction() as conn:
        erasure.check_no_import(conn, g.business_id)
        # In order, so that two merges do not wait for each other.
        locked = {each: users.lock_user(conn, g.business_id, each) for each in sorted((user_id, other_id))}
        values = erasure.merge(conn, g.business_id, locked[user_id], locked[other_id])
        changed = users.update_user(conn, g.business_id, user_id, {**locked[user_id], **values})
        audit(conn, g.business_id, "merge", "user", user_id, changed_fields(locked[user_id], changed))
        audit(conn, g.business_id, "delete", "user", other_id)
    current_context().live.publish(g.business_id, {"type": "customer.deleted", "user_id": other_id})
    return jsonify(changed)


@blueprint.get("/users/<user_id>/export")
@require_business_api_key
@returns(200, media_type="application/x-ndjson")
def export_customer(user_id: UUID) -> Response:
    """Download everything about a customer: one JSON object per line, with its `type`.

    These are the customer, their orders and events, and their conversations, each followed by its messages, also
    internal notes. The prompts of turns repeat these data and are left out."""
    database, business_id = current_context().database, g.business_id
    with database.transaction() as conn:
        customer = users.get_user(conn, business_id, user_id)
        audit(conn, business_id, "export", "user", user_id)
    dumps = current_app.json.dumps
    records = _records(database, business_id, customer)
    lines = (f"{dumps(record, separators=(',', ':'))}\n" for record in records)
    response = Response(lines, mimetype="application/x-ndjson")
    response.headers["Content-Disposition"] = f'attachment; filename="customer-{user_id}.ndjson"'
    return response


def _records(database: Database, business_id: UUID, customer: Row) -> Iterator[dict[str, Any]]:
    """Each page is read in a transaction of its own, because the client may be slow."""
    filters = {"user_id": customer["user_id"]}

    def pages(read: Callable[[Connection, Page], list[Row]], time: str, row_id: str) -> Iterator[Row]:
        page = Page(_LIMIT)
        while True:
            with database.transaction() as conn:
                rows = read(conn, page)
            if not rows:
                return
            yield from rows
            page = Page(_LIMIT, rows[-1][time], rows[-1][row_id])

    yield {"type": "customer", **customer}
    for row in pages(lambda conn, page: orders.list_orders(conn, business_id, page, filters), "created_at", "order_id"):
        yield {"type": "order", **row}
    for row in pages(
        lambda conn, page: events.list_events(conn, business_id, page, filters, 0), "created_at", "event_id"
    ):
        yield {"type": "event", **row}
    for row in pages(
        lambda conn, page: inbox.list_conversations(conn, business_id, page, "oldest", filters),
        "start_time",
        "conversation_id",
    ):
        yield from _conversation(database, business_id, row["conversation_id"])


def _conversation(database: Database, business_id: UUID, conversation_id: UUID) -> Iterator[dict[str, Any]]:
    """The conversation and its messages; nothing if it has been deleted meanwhile."""
    try:
        with database.transaction() as conn:
            row = inbox.describe_one(conn, business_id, conversation_id, None)
            stored = conversations.get_conversation(conn, business_id, conversation_id)
            collected = conversations.collected_fields(conn, business_id, conversation_id, stored["last_seq"] + 1)
    except NotFound:
        return
    yield {"type": "conversation", **stored, "tags": row["tags"], "collected_data": collected}
    seq = 0
    while True:
        with database.transaction() as conn:
            rows = messages.list_messages(conn, business_id, conversation_id, seq, _LIMIT, with_notes=True)
        if not rows:
            return
        for message in rows:
            yield {"type": "message", **message}
        seq = rows[-1]["seq"]
