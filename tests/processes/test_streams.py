"""A turn's server-sent events, as an HTTP client receives them."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from tests.processes.conftest import STEPS, Business, echo, step_of
from tests.support.model_replies import CutStream, Gated, Status

Event = tuple[str, dict[str, Any]]


@contextmanager
def stream(business: Business, message: str, idempotency_key: str | None = None) -> Iterator[Iterator[Event]]:
    """Send a message and receive its turn's events one by one."""
    headers = {"Authorization": f"Bearer {business.key}"}
    if idempotency_key:
        headers["Idempotency-Key"] = idempotency_key
    body = {"user": {"external_id": "ana"}, "message": message, "stream": True}
    with business.server.http.stream("POST", "/api/v1/messages", json=body, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream"), response.read()
        yield ((event.event, json.loads(event.data)) for event in httpx2.EventSource(response))


def stream_all(business: Business, message: str) -> list[Event]:
    """Send a message and return all events of its turn."""
    with stream(business, message) as events:
        return list(events)


def names_of(events: list[Event]) -> list[str]:
    return [name for name, _ in events]


def deltas_of(events: list[Event]) -> list[str]:
    return [data["delta"] for name, data in events if name == "message_delta"]


def test_events_arrive_in_order_while_the_model_writes(business: Business) -> None:
    gate = threading.Semaphore(0)
    reply = "one two three"
    business.model.respond = lambda body: Gated(reply, gate) if step_of(body) == "response" else echo(body)
    received: list[Event] = []
    with stream(business, "hello") as events:
        for event in events:
            received.append(event)
            if event[0] == "message_delta" and len(deltas_of(received)) < 3:
                gate.release()  # the model writes the next word only after this one has arrived
    assert names_of(received) == [
        "turn_started",
        *["step_started", "step_finished"] * 3,
        "step_started",
        *["message_delta"] * 3,
        "turn_finished",
    ]
    assert [data["step"] for name, data in received if name == "step_started"] == list(STEPS)
    finished = {data["step"]: data for name, data in received if name == "step_finished"}
    assert finished["selection"]["stage"]["stage_name"] == "Greeting"
    assert finished["extraction"]["extracted_data"] == {"said": "hello"}
    assert "".join(deltas_of(received)) == reply
    [turn_id] = {data["turn_id"] for _, data in received}
    answer = received[-1][1]
    assert answer["response"] == reply
    assert business.request("POST", f"/turns/{turn_id}/retry") == answer
    assert [turn["answer"] for turn in business.turns()] == [answer]


def test_accept_header_requests_a_stream(business: Business) -> None:
    body = {"user": {"external_id": "ana"}, "message": "hello"}
    headers = {"Accept": "text/event-stream"}
    response = business.server.request("POST", "/messages", business.key, json=body, headers=headers)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert "event: turn_finished" in response.text


def test_turn_continues_when_the_client_disconnects(business: Business) -> None:
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate)
    with stream(business, "hello", idempotency_key="k-1") as events:
        assert next(events)[0] == "turn_started"
    gate.set()
    response = business.say("ana", "hello", idempotency_key="k-1")
    assert (response.status_code, response.json()["response"]) == (200, "Reply to hello")
    assert [turn["status"] for turn in business.turns()] == ["completed"]
    assert len(business.messages()) == 2


def test_interrupted_answer_is_reset_and_requested_again(business: Business) -> None:
    replies = iter([CutStream(2, "wrong words here"), "The right words."])
    business.model.respond = lambda body: next(replies) if step_of(body) == "response" else echo(body)
    events = stream_all(business, "hello")
    names = names_of(events)
    assert names.count("message_reset") == 1
    reset = names.index("message_reset")
    assert "".join(deltas_of(events[:reset])) == "wrong words"
    assert "".join(deltas_of(events[reset:])) == events[-1][1]["response"] == "The right words."
    calls = business.trace(events[-1][1]["turn_id"])["response"]["calls"]
    assert [(call["attempt"], call["status"]) for call in calls] == [(1, "failed"), (2, "completed")]


def test_fixed_reply_replaces_an_interrupted_answer(business: Business) -> None:
    business.change_stages(fixed_reply="We call back.")
    replies = iter([CutStream(2, "wrong words here"), Status(401)])
    business.model.respond = lambda body: next(replies) if step_of(body) == "response" else echo(body)
    events = stream_all(business, "hello")
    last_reset = max(number for number, name in enumerate(names_of(events)) if name == "message_reset")
    assert "".join(deltas_of(events[last_reset:])) == events[-1][1]["response"] == "We call back."
    assert events[-1][1]["engine"] == "fallback"


def test_failed_turn_ends_with_an_error_event(business: Business) -> None:
    business.model.respond = lambda body: Status(401) if step_of(body) == "response" else echo(body)
    name, data = stream_all(business, "hello")[-1]
    assert (name, data["error_code"]) == ("error", "LLM_UNAVAILABLE")
    assert data["turn_id"] == str(business.turns()[0]["turn_id"])
    assert data["request_id"]


def test_held_turn_ends_with_turn_held(business: Business) -> None:
    conversation_id = business.say("ana", "hello").json()["conversation_id"]
    business.hand_over_conversations()
    events = stream_all(business, "are you there?")
    assert names_of(events) == ["turn_started", "turn_held"]
    assert events[-1][1]["response"] is None
    assert events[-1][1]["conversation_id"] == conversation_id


def test_takeover_during_a_turn_discards_the_reply(business: Business) -> None:
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate) if step_of(body) == "response" else echo(body)
    with stream(business, "hello") as events:
        business.model.wait_for_requests(3)
        business.hand_over_conversations()
        gate.set()
        names = names_of(list(events))
    assert names[-2:] == ["message_reset", "turn_held"]
    assert [row["sender_type"] for row in business.messages()] == ["user"]


def test_invalid_request_is_answered_with_json(business: Business) -> None:
    response = business.server.request("POST", "/messages", business.key, json={"message": "hello", "stream": True})
    assert response.status_code == 400
    assert response.json()["error_code"] == "INVALID_REQUEST"


def test_ping_every_ten_seconds_without_events(business: Business) -> None:
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate)
    with stream(business, "hello") as events:
        last_event = time.monotonic()
        for name, _ in events:
            if name == "ping":
                break
            last_event = time.monotonic()
        silence = time.monotonic() - last_event
        gate.set()
        assert names_of(list(events))[-1] == "turn_finished"
    assert 9 < silence < 12
