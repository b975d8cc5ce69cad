"""Streams the messages of a conversation as server-sent events, for integrators."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, g, request

from auth import for_messages, require_business_viewer
from core.context import current_context
from core.errors import DatabaseUnavailable, InvalidRequest, NotFound, RateLimited
from db import Database
from message_processing.live.conversation_listener import ConversationListener
from message_processing.live.new_messages import NewMessages
from repositories import conversations
from routes.decorators import accepts_query, returns
from routes.live import live_credential
from routes.streams import event_stream

blueprint = Blueprint("conversation_streams", __name__)

POLL_INTERVAL = 5.0  # seconds between looks at the database, in case a frame was lost
PING_INTERVAL = 15.0  # seconds without a message, after which a comment is sent
MAX_SEQ = 2**31 - 1
MAX_DIGITS = 10
_COMMENT = ": ping\n"  # without an empty line, after which some clients would expect an event


@blueprint.get("/conversations/<conversation_id>/stream")
@require_business_viewer
@for_messages
@accepts_query("conversation_stream_query")
@returns(200, media_type="text/event-stream")
def stream_conversation(conversation_id: UUID, query: dict[str, Any]) -> Response:
    """Follow the messages of a conversation, including those of people, as server-sent events.

    Starts after the message `after_seq`, or after the one in the header `Last-Event-ID`, and otherwise with the first
    message. The stream does not end by itself."""
    context, business_id = current_context(), g.business_id
    live, database = context.live, context.database
    with database.transaction() as conn:
        conversations.get_conversation(conn, business_id, conversation_id)
    live.hub.check_capacity(business_id)
    after_seq = _last_event_id() or query.get("after_seq", 0)
    listener = ConversationListener(str(conversation_id), live_credential())
    dumps = current_app.json.dumps

    def generate() -> Iterator[str]:
        yield _COMMENT  # the client gets the headers of the response at once
        try:
            with live.listening(business_id, listener):
                for message in _follow(database, listener, business_id, conversation_id, after_seq):
                    yield _as_event(message, dumps)
        except (RateLimited, NotFound):
            return  # the connections have been taken meanwhile, or the conversation was deleted

    return event_stream(generate())


def _follow(
    database: Database, listener: ConversationListener, business_id: UUID, conversation_id: UUID, after_seq: int
) -> Iterator[dict[str, Any] | None]:
    """The messages as they are stored; None when nothing has happened for a while. Raises NotFound when the
    conversation is deleted."""
    new: NewMessages | None = None
    sent_at = time.monotonic()
    while listener.ending is None:
        try:
            new = new or NewMessages(database, business_id, conversation_id, after_seq)
            rows = new.load()
            if not rows:
                with database.statement() as conn:
                    conversations.get_conversation(conn, business_id, conversation_id)
        except DatabaseUnavailable:
            rows = []  # the client waits, and gets the messages later
        if rows:
            yield from rows
            sent_at = time.monotonic()
            continue
        listener.wait(POLL_INTERVAL)
        if time.monotonic() - sent_at >= PING_INTERVAL:
            yield None
            sent_at = time.monotonic()


def _as_event(message: dict[str, Any] | None, dumps: Any) -> str:
    if message is None:
        return _COMMENT
    return f"id: {message['seq']}\nevent: message\ndata: {dumps(message)}\n\n"


def _last_event_id() -> int | None:
    text = request.headers.get("Last-Event-ID")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and int(text) <= MAX_SEQ):
        raise InvalidRequest.at("$.headers.Last-Event-ID", "Must be the `id` of an event of this stream.")
    return int(text)
