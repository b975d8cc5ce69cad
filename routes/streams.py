"""Responses of server-sent events. The data of each event of a turn is a JSON object with the `turn_id`."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, current_app

from core import logs
from core.errors import as_body
from message_processing.accept import Accepted
from message_processing.events import (
    Answered,
    Failed,
    Held,
    MessageDelta,
    MessageReset,
    StepFinished,
    StepStarted,
    TurnEvent,
)


def stream_turn(accepted: Accepted, events: Iterator[TurnEvent | None]) -> Response:
    """A response with the turn's events as they occur. If the client disconnects, the generator is closed and the turn
    continues."""
    request_id, dumps = logs.request_id.get(), current_app.json.dumps

    def generate() -> Iterator[str]:
        yield _as_event("turn_started", accepted.ids, dumps)
        for event in events:
            name, data = _name_and_data(event, request_id)
            yield _as_event(name, {"turn_id": str(accepted.turn_id), **data}, dumps)

    return event_stream(generate())


def event_stream(lines: Iterator[str]) -> Response:
    """A response of server-sent events, which is neither stored nor buffered on its way."""
    response = Response(lines, mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # proxies must not buffer the stream
    return response


def _as_event(name: str, data: dict[str, Any], dumps: Any) -> str:
    return f"event: {name}\ndata: {dumps(data)}\n\n"


def _name_and_data(event: TurnEvent | None, request_id: str | None) -> tuple[str, dict[str, Any]]:
    match event:
        case StepStarted(step):
            return "step_started", {"step": step}
        case StepFinished(step, outcome):
            return "step_finished", {"step": step, **_summary(step, outcome.output)}
        case MessageDelta(text):
            return "message_delta", {"delta": text}
        case MessageReset():
            return "message_reset", {}
        case Answered(body):
            return "turn_finished", body
        case Held(body):
            return "turn_held", body
        case Failed(error):
            return "error", as_body(error, request_id)
    return "ping", {}


def _summary(step: str, output: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a step's output that a page shows during the turn. The trace contains the rest."""
    match step:
        case "selection":
            return {"stage": {name: output[name] for name in ("stage_id", "stage_name", "confidence")}}
        case "extraction":
            return {"extracted_data": output["fields"], "missing_fields": output["missing"]}
        case "retrieval":
            return {"retrieved_data": output["data"]}
    return {}
