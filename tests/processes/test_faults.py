"""A model that fails. The turn is answered anyway, or with the fixed reply, or fails within the time limit.

A failed turn ends in 503 or 504 with its IDs and succeeds on a retry. The trace lists every attempt.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.processes.conftest import STEPS, Business, Deployment, StartDeployment, echo, step_of
from tests.support.model_replies import CutStream, Empty, Hang, NotJson, Refuse, Reply, Status, Truncated

TIME_LIMIT = 4  # seconds per turn
TIME_LIMIT_MARGIN = 4  # seconds that the server may take beyond it

TEMPORARY: dict[str, Reply] = {
    "429 with Retry-After": Status(429, {"Retry-After": "1"}),
    "500": Status(500),
    "incomplete answer": CutStream(1),
    "invalid JSON": NotJson(),
    "empty content": Empty(),
    "unsupported response_format": Refuse("response_format"),
    "unsupported temperature": Refuse("temperature"),
}
PERMANENT: dict[str, tuple[Reply, int, str]] = {
    "429 beyond the time limit": (Status(429, {"Retry-After": "600"}), 503, "LLM_UNAVAILABLE"),
    "500": (Status(500), 503, "LLM_UNAVAILABLE"),
    "no answer": (Hang(60), 504, "LLM_TIMEOUT"),
    "incomplete answer": (CutStream(1), 503, "LLM_UNAVAILABLE"),
    "invalid JSON": (NotJson(), 503, "LLM_UNAVAILABLE"),
    "empty content": (Empty(), 503, "LLM_UNAVAILABLE"),
}


@pytest.fixture(scope="module")
def deployment(start_deployment: StartDeployment) -> Iterator[Deployment]:
    with start_deployment(processes=1, TURN_TIME_LIMIT=str(TIME_LIMIT)) as deployment:
        yield deployment


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("fault", TEMPORARY)
def test_temporary_fault_is_retried(business: Business, fault: str, streamed: bool) -> None:
    if fault.startswith("unsupported"):
        # A model of its own, because the server remembers what a model does not support.
        settings = {"temperature": 0.3, "model": f"m-{fault}-{streamed}"}
        business.request("PUT", f"/businesses/{business.business_id}", json={"settings": settings})
    faults = iter([TEMPORARY[fault]])
    step = "selection" if "response_format" in fault else "response"
    business.model.respond = lambda body: next(faults, echo(body)) if step_of(body) == step else echo(body)
    response = business.say("ana", "hello", stream=streamed)
    assert "Reply to hello" in response.text
    calls = business.trace(business.turns()[0]["turn_id"])[step]["calls"]
    assert [(call["attempt"], call["status"]) for call in calls] == [(1, "failed"), (2, "completed")]
    assert calls[0]["error"]
    if fault.startswith("429"):
        first, second = (datetime.fromisoformat(call["created_at"]) for call in calls)
        assert second - first >= timedelta(seconds=1)  # the model's Retry-After


@pytest.mark.slow
@pytest.mark.parametrize("fault", PERMANENT)
def test_permanent_fault_fails_in_time_and_can_be_retried(business: Business, fault: str) -> None:
    reply, status, code = PERMANENT[fault]
    business.model.respond = lambda body: reply if step_of(body) == "response" else echo(body)
    start = time.monotonic()
    failed = business.say("ana", "hello", idempotency_key="k-1")
    assert time.monotonic() - start < TIME_LIMIT + TIME_LIMIT_MARGIN
    assert (failed.status_code, failed.json()["error_code"]) == (status, code)
    turn_id = failed.json()["turn_id"]
    assert failed.json()["conversation_id"]
    assert [row["sender_type"] for row in business.messages()] == ["user"]
    calls = business.trace(turn_id)["response"]["calls"]
    assert calls
    assert [call["attempt"] for call in calls] == list(range(1, len(calls) + 1))
    business.model.requests.clear()
    business.model.respond = echo
    retried = business.say("ana", "hello", idempotency_key="k-1")
    assert (retried.status_code, retried.json()["turn_id"]) == (200, turn_id)
    assert retried.json()["response"] == "Reply to hello"
    assert len(business.model.requests) == 1  # committed steps are not repeated


@pytest.mark.slow
@pytest.mark.parametrize("fault", PERMANENT)
def test_fixed_reply_replaces_a_failed_answer(business: Business, fault: str) -> None:
    business.change_stages(fixed_reply="A person will call you.")
    business.model.respond = lambda body: PERMANENT[fault][0]
    response = business.say("ana", "hello")
    assert response.status_code == 200
    assert (response.json()["engine"], response.json()["response"]) == ("fallback", "A person will call you.")


def wait_for_closed_circuit_breaker(business: Business) -> None:
    """Previous tests may have opened the circuit breaker, which applies to all businesses."""
    deadline = time.monotonic() + 60
    while business.say("nobody", "hello").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    business.model.requests.clear()


def test_truncated_reply_is_kept_and_truncated_json_is_requested_again(business: Business) -> None:
    wait_for_closed_circuit_breaker(business)
    business.change_stages(extraction_schema={"type": "object", "properties": {"order_number": {"type": "string"}}})
    extractions = iter([Truncated('{"order_number": "A-1'), '{"order_number": "A-10433"}'])

    def respond(body: dict[str, Any]) -> Reply:
        match step_of(body):
            case "extraction":
                return next(extractions)
            case "response":
                return Truncated("As I was saying")
        return echo(body)

    business.model.respond = respond
    answer = business.say("ana", "hello from A-10433").json()
    assert answer["response"] == "As I was saying"
    assert answer["extracted_data"] == {"order_number": "A-10433"}
    steps = business.trace(answer["turn_id"])
    truncated = [name for name in STEPS if "The answer was cut off at the token limit." in steps[name]["decision"]]
    assert truncated == ["response"]


def test_failed_calls_are_visible_only_to_their_business(business: Business, deployment: Deployment) -> None:
    wait_for_closed_circuit_breaker(business)
    business.model.respond = lambda body: Status(500)
    assert business.say("ana", "hello").status_code == 503
    assert business.request("GET", "/llm-calls?status=failed")
    business.model.respond = echo
    other = deployment.add_business()
    assert other.say("ana", "hello").status_code == 200
    assert other.request("GET", "/llm-calls?status=failed") == []
