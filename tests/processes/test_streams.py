"""A turn as server-sent events, through a real HTTP client and a real server."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from tests.processes.conftest import Served, echo, step_of
from tests.support.fake_model import CutStream, Gated, Status

Event = tuple[str, dict[str, Any]]


@contextmanager
def streamed(served: Served, message: str, key: str | None = None, **body: Any) -> Iterator[Iterator[Event]]:
    """The events of a message's turn as they come."""
    headers = {"Authorization": f"Bearer {served.key}", **({"Idempotency-Key": key} if key else {})}
    body = {"user": {"external_id": "ana"}, "message": message, "stream": True, **body}
    with served.server.http.stream("POST", "/api/v1/messages", json=body, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream"), response.read()
        yield ((event.event, json.loads(event.data)) for event in httpx2.EventSource(response))


def stream(served: Served, message: str, **body: Any) -> list[Event]:
    with streamed(served, message, **body) as events:
        return list(events)


def test_events_come_in_order_and_words_while_the_model_writes(served: Served) -> None:
    gate = threading.Semaphore(0)
    reply = "one two three"
    served.model.respond = lambda body: Gated(reply, gate) if step_of(body) == "response" else echo(body)
    seen: list[Event] = []
    with streamed(served, "hello") as events:
        for event in events:
            seen.append(event)
            if event[0] == "message_delta" and len(words(seen)) < 3:
                gate.release()  # the next word is written only when this one has arrived
    names = [name for name, _ in seen]
    assert names == [
        "turn_started",
        *["step_started", "step_finished"] * 3,
        "step_started",
        *["message_delta"] * 3,
        "turn_finished",
    ]
    started = [data["step"] for name, data in seen if name == "step_started"]
    assert started == ["selection", "extraction", "retrieval", "response"]
    finished = {data["step"]: data for name, data in seen if name == "step_finished"}
    assert finished["selection"]["stage"]["stage_name"] == "Greeting"
    assert finished["extraction"]["extracted_data"] == {"said": "hello"}
    assert "".join(words(seen)) == reply
    [turn_id] = {data["turn_id"] for _, data in seen}
    body = seen[-1][1]
    assert body["response"] == reply
    assert served.server.request("POST", f"/turns/{turn_id}/retry", served.key).json() == body
    assert [turn["answer"] for turn in served.turns()] == [body]


def words(events: list[Event]) -> list[str]:
    return [data["delta"] for name, data in events if name == "message_delta"]


def test_the_accept_header_asks_for_a_stream(served: Served) -> None:
    headers = {"Accept": "text/event-stream"}
    body = {"user": {"external_id": "ana"}, "message": "hello"}
    response = served.server.request("POST", "/messages", served.key, json=body, headers=headers)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert "event: turn_finished" in response.text


def test_a_client_that_goes_away_ends_the_stream_and_not_the_turn(served: Served) -> None:
    gate = threading.Event()
    served.model.respond = lambda body: Gated(str(echo(body)), gate)
    with streamed(served, "hello", key="k-1") as events:
        assert next(events)[0] == "turn_started"
    gate.set()
    answer = served.say("ana", "hello", idempotency_key="k-1")
    assert (answer.status_code, answer.json()["response"]) == (200, "Reply to hello")
    assert [turn["status"] for turn in served.turns()] == ["completed"]
    assert len(served.messages()) == 2


def test_a_cut_stream_is_reset_and_ends_in_the_right_text(served: Served) -> None:
    cut = iter([CutStream(2, "wrong words here"), "The right words."])
    served.model.respond = lambda body: next(cut) if step_of(body) == "response" else echo(body)
    events = stream(served, "hello")
    names = [name for name, _ in events]
    assert names.count("message_reset") == 1
    reset = names.index("message_reset")
    assert "".join(words(events[:reset])) == "wrong words"
    assert "".join(words(events[reset:])) == events[-1][1]["response"] == "The right words."
    trace = served.server.request("GET", f"/turns/{events[-1][1]['turn_id']}", served.key).json()
    calls = next(step["calls"] for step in trace["steps"] if step["step"] == "response")
    assert [(call["attempt"], call["status"]) for call in calls] == [(1, "failed"), (2, "completed")]


def test_the_fixed_reply_voids_what_was_shown(served: Served) -> None:
    stages = served.server.request("GET", "/stages", served.key).json()
    for stage in stages:
        served.server.request("PUT", f"/stages/{stage['stage_id']}", served.key, json={"fixed_reply": "We call back."})
    answers = iter([CutStream(2, "wrong words here"), Status(401)])
    served.model.respond = lambda body: next(answers) if step_of(body) == "response" else echo(body)
    events = stream(served, "hello")
    names = [name for name, _ in events]
    reset = len(names) - 1 - names[::-1].index("message_reset")
    assert "".join(words(events[reset:])) == events[-1][1]["response"] == "We call back."
    assert events[-1][1]["engine"] == "fallback"


def test_a_turn_that_fails_ends_in_an_error(served: Served) -> None:
    served.model.respond = lambda body: Status(401) if step_of(body) == "response" else echo(body)
    name, data = stream(served, "hello")[-1]
    assert (name, data["error_code"]) == ("error", "LLM_UNAVAILABLE")
    assert data["turn_id"] == str(served.turns()[0]["turn_id"])
    assert data["request_id"]


def test_a_held_turn_says_so(served: Served) -> None:
    conversation_id = served.say("ana", "hello").json()["conversation_id"]
    served.change("UPDATE conversations SET handled_by = 'human' WHERE business_id = %(business_id)s")
    events = stream(served, "are you there?")
    assert [name for name, _ in events] == ["turn_started", "turn_held"]
    assert events[-1][1]["response"] is None
    assert events[-1][1]["conversation_id"] == conversation_id


def test_a_takeover_in_flight_stores_no_reply(served: Served) -> None:
    gate = threading.Event()
    served.model.respond = lambda body: Gated(str(echo(body)), gate) if step_of(body) == "response" else echo(body)
    with streamed(served, "hello") as events:
        served.model.wait_for_requests(3)
        served.change("UPDATE conversations SET handled_by = 'human' WHERE business_id = %(business_id)s")
        gate.set()
        rest = list(events)
    assert [name for name, _ in rest][-2:] == ["message_reset", "turn_held"]
    assert [row["sender_type"] for row in served.messages()] == ["user"]


def test_a_refusal_before_the_turn_is_plain_json(served: Served) -> None:
    response = served.server.request("POST", "/messages", served.key, json={"message": "hello", "stream": True})
    assert response.status_code == 400
    assert response.json()["error_code"] == "INVALID_REQUEST"


def test_a_silent_turn_is_pinged(served: Served) -> None:
    gate = threading.Event()
    served.model.respond = lambda body: Gated(str(echo(body)), gate)
    began = time.monotonic()
    with streamed(served, "hello") as events:
        name = next(name for name, _ in events if name not in ("turn_started", "step_started"))
        waited = time.monotonic() - began
        gate.set()
        assert [name for name, _ in events][-1] == "turn_finished"
    assert name == "ping"
    assert 9 < waited < 12  # the contract's ten seconds
