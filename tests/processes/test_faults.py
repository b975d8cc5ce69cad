"""A model that fails, in each of the ways that models do: the answer, or the fixed reply, or 503/504 with the ids
within the time limit and then the answer on a retry; the trace tells how often it was tried. (SPEC 7)"""

import threading
import time
from datetime import datetime
from typing import Any

import pytest

from tests.processes.conftest import Served, Start, echo, serve_business, step_of
from tests.support.fake_model import CutStream, Empty, FakeModel, Hang, NotJson, Refuse, Reply, Status, Truncated
from tests.support.server import Server

TIME_LIMIT = 4  # seconds, and what a server may need around it
SLACK = 4

PASSING: dict[str, Reply] = {
    "429 with Retry-After": Status(429, {"Retry-After": "1"}),
    "500": Status(500),
    "a cut answer": CutStream(1),
    "a body that is no JSON": NotJson(),
    "empty content": Empty(),
    "a refused response_format": Refuse("response_format"),
    "a refused temperature": Refuse("temperature"),
}
LASTING: dict[str, tuple[Reply, int, str]] = {
    "429 for longer than there is time": (Status(429, {"Retry-After": "600"}), 503, "LLM_UNAVAILABLE"),
    "500": (Status(500), 503, "LLM_UNAVAILABLE"),
    "a hang": (Hang(60), 504, "LLM_TIMEOUT"),
    "a cut answer": (CutStream(1), 503, "LLM_UNAVAILABLE"),
    "a body that is no JSON": (NotJson(), 503, "LLM_UNAVAILABLE"),
    "empty content": (Empty(), 503, "LLM_UNAVAILABLE"),
}


@pytest.fixture(scope="module")
def running(start: Start) -> Any:
    with start(processes=1, TURN_TIME_LIMIT=str(TIME_LIMIT)) as parts:
        yield parts


def response_calls(served: Served, turn_id: str) -> list[dict[str, Any]]:
    trace = served.server.request("GET", f"/turns/{turn_id}", served.key).json()
    return [call for step in trace["steps"] if step["step"] == "response" for call in step["calls"]]


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_is_not_noticed(served: Served, fault: str, streamed: bool) -> None:
    if fault.startswith("a refused"):
        # A model of its own, since what it refuses is remembered.
        change_settings(served, {"temperature": 0.3, "model": f"m-{fault}-{streamed}"})
    faults = iter([PASSING[fault]])
    step = "selection" if "response_format" in fault else "response"
    served.model.respond = lambda body: next(faults, echo(body)) if step_of(body) == step else echo(body)
    answer = served.say("ana", "hello", stream=streamed)
    assert "Reply to hello" in answer.text
    turn_id = str(served.turns()[0]["turn_id"])
    trace = served.server.request("GET", f"/turns/{turn_id}", served.key).json()
    calls = next(each["calls"] for each in trace["steps"] if each["step"] == step)
    assert [(call["attempt"], call["status"]) for call in calls] == [(1, "failed"), (2, "completed")]
    assert calls[0]["error"]
    if fault.startswith("429"):
        assert_waited(calls, 1)


def change_settings(served: Served, settings: dict[str, Any]) -> None:
    path = f"/businesses/{served.business_id}"
    assert served.server.request("PUT", path, served.key, json={"settings": settings}).status_code == 200


def assert_waited(calls: list[dict[str, Any]], seconds: float) -> None:
    first, second = (datetime.fromisoformat(call["created_at"]) for call in calls)
    assert (second - first).total_seconds() >= seconds


@pytest.mark.parametrize("fault", LASTING)
def test_a_fault_that_lasts_is_told_in_time_and_mended_by_a_retry(served: Served, fault: str) -> None:
    reply, status, code = LASTING[fault]
    served.model.respond = lambda body: reply if step_of(body) == "response" else echo(body)
    began = time.monotonic()
    failed = served.say("ana", "hello", idempotency_key="k-1")
    assert time.monotonic() - began < TIME_LIMIT + SLACK  # the contract's limit
    assert (failed.status_code, failed.json()["error_code"]) == (status, code)
    turn_id = failed.json()["turn_id"]
    assert failed.json()["conversation_id"]
    assert [row["sender_type"] for row in served.messages()] == ["user"]
    tried = response_calls(served, turn_id)
    assert tried
    assert [call["attempt"] for call in tried] == list(range(1, len(tried) + 1))
    served.model.requests.clear()
    served.model.respond = echo
    again = served.say("ana", "hello", idempotency_key="k-1")
    assert (again.status_code, again.json()["turn_id"]) == (200, turn_id)
    assert again.json()["response"] == "Reply to hello"
    assert len(served.model.requests) == 1  # the steps that were committed are not asked again


@pytest.mark.parametrize("fault", LASTING)
def test_the_fixed_reply_stands_in(served: Served, fault: str) -> None:
    for stage in served.server.request("GET", "/stages", served.key).json():
        path = f"/stages/{stage['stage_id']}"
        served.server.request("PUT", path, served.key, json={"fixed_reply": "A person will call you."})
    served.model.respond = lambda body: LASTING[fault][0]
    answer = served.say("ana", "hello")
    assert answer.status_code == 200
    assert (answer.json()["engine"], answer.json()["response"]) == ("fallback", "A person will call you.")


def wait_until_the_model_is_asked_again(served: Served) -> None:
    """The tests before this one may have left the circuit open: the server's model had failed ten times in a row."""
    for _ in range(100):
        if served.say("nobody", "hello").status_code == 200:
            break
        threading.Event().wait(0.1)
    served.model.forget()


def test_an_answer_cut_off_by_the_token_limit_is_what_it_is(served: Served) -> None:
    """Text is an answer all the same; JSON that is cut off is read as nothing, and asked for once more by a schema."""
    wait_until_the_model_is_asked_again(served)
    schema = {"type": "object", "properties": {"order_number": {"type": "string"}}}
    for stage in served.server.request("GET", "/stages", served.key).json():
        path = f"/stages/{stage['stage_id']}"
        served.server.request("PUT", path, served.key, json={"extraction_schema": schema})
    cut = iter([Truncated('{"order_number": "A-1'), '{"order_number": "A-10433"}'])

    def respond(body: dict[str, Any]) -> Reply:
        match step_of(body):
            case "extraction":
                return next(cut)
            case "response":
                return Truncated("As I was saying")
        return echo(body)

    served.model.respond = respond
    answer = served.say("ana", "hello").json()
    assert answer["response"] == "As I was saying"
    assert answer["extracted_data"] == {"order_number": "A-10433"}
    steps = served.server.request("GET", f"/turns/{answer['turn_id']}", served.key).json()["steps"]
    told = {step["step"]: "The answer was cut off at the token limit." in step["decision"] for step in steps}
    assert told == {"selection": False, "extraction": False, "retrieval": False, "response": True}


def test_a_business_does_not_learn_of_another_s_model_failures(served: Served, running: Any) -> None:
    server: Server
    model: FakeModel
    server, model, url = running
    wait_until_the_model_is_asked_again(served)
    served.model.respond = lambda body: Status(500)
    assert served.say("ana", "hello").status_code == 503
    other = serve_business(server, model, url)
    assert other.say("ana", "hello").status_code == 200
    assert other.server.request("GET", "/llm-calls?status=failed", other.key).json() == []
