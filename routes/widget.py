"""The requests of the chat widget, on pages of other origins. No cookie is read or set."""

import dataclasses
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify

from auth import public
from channels.base import Inbound
from channels.widget import appearance
from core.context import AppContext, current_context
from core.errors import Conflict, DatabaseUnavailable, NotFound, RateLimited
from db import Connection, Database, Row
from message_processing.accept import Accepted, accept_retry, live_release
from message_processing.channels.accepting import accept_inbound, message_key
from message_processing.events import Answered, Failed, Held, MessageDelta, MessageReset, TurnEvent
from message_processing.live.new_messages import NewMessages
from message_processing.live.turn_frames import publish_accepted
from message_processing.live.visitor_listener import Signals, VisitorListener
from message_processing.local_time import business_timezone, current_time
from message_processing.worker.scheduler import Scheduler
from message_processing.working_hours import next_opening
from repositories import channels as channel_rows
from repositories import messages, turns, widget
from routes.decorators import accepts, accepts_query, returns
from routes.limits import rate_limit
from routes.streams import event_stream
from routes.widget_access import allow_other_origins, enter_widget, read_visitor, start_visit
from security.visitors import Visitor

blueprint = Blueprint("widget", __name__)

PAGE = 50  # messages
POLL_INTERVAL = 15.0  # seconds between looks at the database, in case a frame was lost
PING_INTERVAL = 15.0  # seconds without an event, after which a comment is sent
MAX_SECONDS = 600.0  # of a stream, after which the widget connects again, so that its token is checked again
MAX_SEQ = 2**31 - 1
_COMMENT = ": ping\n"  # without an empty line, after which some clients would expect an event
_SENDERS = {"user": "customer", "assistant": "assistant", "agent": "person"}


blueprint.after_request(allow_other_origins)


@blueprint.post("/widget/<channel_id>/sessions")
@public
@rate_limit("widget")
@accepts("widget_sessions_create", optional=True)
@returns(200, "widget_session", also=(401, 403, 404))
def start_session(channel_id: UUID, body: dict[str, Any]) -> Response:
    """Start the chat widget. Returns the visitor's token, the appearance of the widget, and the latest messages.

    Nothing is stored before the visitor writes."""
    channel = enter_widget(channel_id)
    visitor, token = start_visit(channel, body.get("token"), body.get("identity"))
    language = body.get("language") or (visitor.identity and visitor.identity.language) or "en"
    shown = appearance(channel["name"], channel["settings"], language)
    with current_context().database.transaction() as conn:
        page = _page(conn, channel, visitor, MAX_SEQ)
    session = {"token": token, "is_identified": visitor.is_identified}
    return jsonify({**session, "appearance": dataclasses.asdict(shown), **page})


@blueprint.get("/widget/<channel_id>/messages")
@public
@rate_limit("widget")
@accepts_query("widget_messages_query")
@returns(200, "widget_messages", also=(401, 403, 404))
def list_visitor_messages(channel_id: UUID, query: dict[str, Any]) -> Response:
    """Retrieve the latest messages of the visitor's conversation, at most 50, or those before `before_seq`."""
    channel = enter_widget(channel_id)
    visitor = read_visitor(channel)
    with current_context().database.transaction() as conn:
        return jsonify(_page(conn, channel, visitor, query.get("before_seq", MAX_SEQ)))


@blueprint.post("/widget/<channel_id>/messages")
@public
@rate_limit("widget_messages")
@accepts("widget_messages_create")
@returns(200, media_type="text/event-stream", also=(401, 403, 404, 409))
def create_visitor_message(channel_id: UUID, body: dict[str, Any]) -> Response:
    """Send a visitor's message. The same `message_id` never stores a second one.

    The response is a stream of events: `accepted` when the message is stored, then the progress of the answer: `delta`,
    `reset`, and at last `message`, `held` or `failed`."""
    channel = enter_widget(channel_id)
    visitor = read_visitor(channel)
    context = current_context()
    with ExitStack() as reserved:
        try:
            reserved.enter_context(context.capacity.reserve(channel["business_id"]))
            follows = True
        except RateLimited:
            follows = False  # the message is stored all the same, and the widget's other stream brings the answer
        accepted = _accept(context, channel, visitor, body)
        events = _run(context.scheduler, accepted, follows)
        response = event_stream(_answer_events(context.database, accepted, events, current_app.json.dumps))
        response.call_on_close(reserved.pop_all().close)
    return response


@blueprint.get("/widget/<channel_id>/stream")
@public
@rate_limit("widget")
@accepts_query("widget_stream_query")
@returns(200, media_type="text/event-stream", also=(401, 403, 404))
def stream_visitor_messages(channel_id: UUID, query: dict[str, Any]) -> Response:
    """Follow the visitor's conversation as server-sent events, for at most ten minutes.

    The events are `message`, `typing` (a person), `working` and `idle` (the assistant), and `changed` (somebody else
    handles the conversation)."""
    channel = enter_widget(channel_id)
    visitor = read_visitor(channel)
    context, business_id = current_context(), channel["business_id"]
    with context.database.transaction() as conn:
        conversation = _find_conversation(conn, channel, visitor)
    if conversation is None:
        raise NotFound("There is no conversation yet.", remediation="Send a message first.")
    listener = VisitorListener(business_id, conversation["conversation_id"])
    with ExitStack() as stream:
        stream.enter_context(context.visitor_streams.counting(business_id, visitor.sender_id))
        stream.enter_context(context.live.listening(business_id, listener))
        ids = business_id, conversation["conversation_id"]
        events = _conversation_events(
            context.database, listener, *ids, query.get("after_seq", 0), current_app.json.dumps
        )
        response = event_stream(events)
        response.call_on_close(stream.pop_all().close)
    return response


def _accept(context: AppContext, channel: Row, visitor: Visitor, body: dict[str, Any]) -> Accepted:
    """Store the message, unless that has happened. Raises the errors of `accept_inbound`."""
    identity = visitor.identity
    inbound = Inbound(
        # With the visitor, so that others who learn it do not get the answer.
        message_id=f"{visitor.sender_id}:{body['message_id'].lower()}",
        sender_id=visitor.sender_id,
        text=body["text"],
        sender_name=identity.name if identity else None,
        language=identity.language if identity else None,
        email=identity.email if identity else None,
        phone=identity.phone if identity else None,
    )
    owner, external = context.scheduler.process_id, identity.subject if identity else None
    accepted = accept_inbound(context.database, context.releases, owner, channel, inbound, external)
    ids = channel["business_id"], channel["channel_id"]
    with context.database.transaction() as conn:
        if accepted is not None:
            channel_rows.record_inbound(conn, *ids)
            publish_accepted(context.live.publish, accepted)
            return accepted
        known = turns.find_by_key(conn, ids[0], message_key(ids[1], inbound.message_id))
    if known is None:
        raise Conflict("The message is being stored.", remediation="Send it again with the same `message_id`.")
    return accept_retry(context.database, owner, ids[0], known["turn_id"])


def _run(scheduler: Scheduler, accepted: Accepted, follows: bool) -> Iterator[TurnEvent | None]:
    """Start the turn; returns its events, none if it is not followed or needs no answer."""
    if accepted.status == "held" or accepted.answer is not None:
        return iter(())
    if follows:
        return scheduler.submit(accepted, wants_deltas=True)
    if accepted.is_new:
        scheduler.start(accepted)
    return iter(())


def _answer_events(
    database: Database, accepted: Accepted, events: Iterator[TurnEvent | None], dumps: Any
) -> Iterator[str]:
    """The progress of the answer to an accepted message."""
    names = ("message_id", "conversation_id", "turn_id", "seq")
    yield _event("accepted", {name: getattr(accepted, name) for name in names}, dumps)
    if accepted.status == "held":
        yield _event("held", {}, dumps)
        return
    for event in iter([Answered(accepted.answer)]) if accepted.answer is not None else events:
        match event:
            case MessageDelta(text):
                yield _event("delta", {"text": text}, dumps)
            case MessageReset():
                yield _event("reset", {}, dumps)
            case Answered():
                with database.statement() as conn:
                    ids = accepted.business_id, accepted.conversation_id
                    rows = messages.list_messages(conn, *ids, accepted.seq, 1)
                if rows:
                    yield _event("message", _shown(rows[0]), dumps)
            case Held():
                yield _event("held", {}, dumps)
            case Failed():
                yield _event("failed", {}, dumps)
            case None:
                yield _COMMENT


def _conversation_events(
    database: Database,
    listener: VisitorListener,
    business_id: UUID,
    conversation_id: UUID,
    after_seq: int,
    dumps: Any,
) -> Iterator[str]:
    """What happens in a conversation after the message `after_seq`, until the stream has to end."""
    yield _COMMENT  # the client gets the headers of the response at once
    new: NewMessages | None = None
    signals = Signals(has_messages=True)
    ends_at = time.monotonic() + MAX_SECONDS
    looked_at = sent_at = time.monotonic()
    while listener.ending is None and time.monotonic() < ends_at:
        if signals.has_messages or time.monotonic() - looked_at >= POLL_INTERVAL:
            try:
                new = new or NewMessages(database, business_id, conversation_id, after_seq)
                while rows := new.load():
                    for row in rows:
                        yield _event("message", _shown(row), dumps)
                    sent_at = time.monotonic()
                looked_at = time.monotonic()
            except DatabaseUnavailable:
                pass  # the widget waits, and gets the messages later
        if signals.typist is not None:
            yield _event("typing", {"name": _public_name(signals.typist)}, dumps)
            sent_at = time.monotonic()
        for name in signals.names:
            yield _event(name, {}, dumps)
            sent_at = time.monotonic()
        if time.monotonic() - sent_at >= PING_INTERVAL:
            yield _COMMENT
            sent_at = time.monotonic()
        signals = listener.wait(PING_INTERVAL)


def _find_conversation(conn: Connection, channel: Row, visitor: Visitor) -> Row | None:
    ids = channel["business_id"], channel["channel_id"]
    return widget.find_conversation(conn, *ids, visitor.sender_id)


def _page(conn: Connection, channel: Row, visitor: Visitor, before_seq: int) -> dict[str, Any]:
    """The messages before this seq, and the state of the conversation."""
    business_id = channel["business_id"]
    release = live_release(conn, business_id, current_context().releases)
    opening = next_opening(release.settings.get("business_hours"), business_timezone(release), current_time())
    conversation = _find_conversation(conn, channel, visitor)
    rows: list[Row] = []
    if conversation is not None:
        conversation_id = conversation["conversation_id"]
        rows = messages.list_messages(conn, business_id, conversation_id, before_seq, PAGE + 1, is_newest_first=True)
    is_open = conversation is not None and conversation["status"] in ("active", "paused")
    state = {
        "conversation_id": conversation["conversation_id"] if conversation else None,
        "with_person": bool(conversation and is_open and conversation["handled_by"] == "human"),
        "is_answering": bool(conversation and conversation["is_answering"]),
        "away_until": opening,
        "is_completed": bool(conversation and conversation["status"] == "completed"),
        "rating": conversation["rating"] if conversation else None,
    }
    return {
        "messages": [_shown(row) for row in reversed(rows[:PAGE])],
        "has_earlier": len(rows) > PAGE,
        "state": state,
    }


def _shown(row: Row) -> dict[str, Any]:
    """A message as visitors see it."""
    return {
        **{name: row[name] for name in ("message_id", "conversation_id", "seq", "turn_id", "created_at")},
        "sender": _SENDERS[row["sender_type"]],
        "name": _public_name(row["sender_name"]),
        "text": row["message_content"],
        "buttons": list((row["metadata"] or {}).get("buttons", [])),
        "can_rate": row["sender_type"] == "assistant" and row["turn_id"] is not None,
        "rating": next((each["rating"] for each in row["feedback"] if each["source"] == "customer"), None),
    }


def _public_name(name: str | None) -> str | None:
    """The name of a person for visitors. Without a name, the team sees the address, which visitors must not see."""
    return name if name and "@" not in name else None


def _event(name: str, data: dict[str, Any], dumps: Any) -> str:
    return f"event: {name}\ndata: {dumps(data)}\n\n"
