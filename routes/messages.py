"""Customers' messages, answered with JSON or a stream of server-sent events."""

from contextlib import ExitStack
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request

from auth import for_messages, require_business_agent
from core.context import current_context
from core.view_spec import spec_of
from message_processing.accept import Accepted, accept_message, accept_retry
from message_processing.answer import held_body
from message_processing.events import Answered, Failed, Held, TurnResult
from message_processing.live.turn_frames import publish_accepted
from message_processing.worker.scheduler import Scheduler
from routes.decorators import accepts, returns
from routes.idempotency import read_idempotency_key
from routes.limits import rate_limit
from routes.streams import stream_turn

blueprint = Blueprint("messages", __name__)


@blueprint.post("/messages")
@require_business_agent
@for_messages
@rate_limit("messages")
@accepts("messages_create")
@returns(200, "message_answer", streams=True, also=(404, 409, 429, 504))
@returns(202, "message_answer")
def create_message(body: dict[str, Any]) -> Response:
    """Send a customer's message and get the reply. 202 while a person handles the conversation."""
    context, key = current_context(), read_idempotency_key()
    with ExitStack() as reserved:
        reserved.enter_context(context.capacity.reserve(g.business_id))
        accepted = accept_message(
            context.database, context.releases, context.scheduler.process_id, g.business_id, body, key
        )
        publish_accepted(context.live.publish, accepted)
        return _respond(context.scheduler, accepted, bool(body.get("stream")), reserved)


@blueprint.post("/turns/<turn_id>/retry")
@require_business_agent
@for_messages
@accepts("turns_retry", optional=True)
@returns(200, "message_answer", streams=True, also=(409, 429, 504))
@returns(202, "message_answer")
def retry_turn(turn_id: UUID, body: dict[str, Any]) -> Response:
    """Run a failed turn again after its last finished step. A completed turn returns its reply again."""
    context = current_context()
    with ExitStack() as reserved:
        reserved.enter_context(context.capacity.reserve(g.business_id))
        accepted = accept_retry(context.database, context.scheduler.process_id, g.business_id, turn_id)
        return _respond(context.scheduler, accepted, bool(body.get("stream")), reserved)


spec_of(create_message).accepts_idempotency_key = True


def _respond(scheduler: Scheduler, accepted: Accepted, wants_stream: bool, reserved: ExitStack) -> Response:
    """`reserved` is the request's share of the capacity, which a stream keeps until it ends."""
    g.turn_id = accepted.turn_id  # for the request's log line
    is_streamed = wants_stream or request.accept_mimetypes.best == "text/event-stream"
    if accepted.status == "held":
        end: TurnResult = Held(held_body(accepted))
    elif accepted.answer is not None:
        end = Answered(accepted.answer)
    elif is_streamed:
        response = stream_turn(accepted, scheduler.submit(accepted, wants_deltas=True))
        response.call_on_close(reserved.pop_all().close)
        return response
    else:
        end = next(event for event in scheduler.submit(accepted) if isinstance(event, Answered | Held | Failed))
    if is_streamed:
        return stream_turn(accepted, iter([end]))
    if isinstance(end, Failed):
        raise end.error
    response = jsonify(end.body)
    response.status_code = 200 if isinstance(end, Answered) else 202
    return response
