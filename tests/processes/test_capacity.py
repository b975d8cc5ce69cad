"""A business whose messages wait for a slow model does not take the threads of others, of reads or of health checks."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import islice
from typing import Any

import httpx2
import pytest

from tests.processes.conftest import Business, Deployment, StartDeployment, echo, prompt_of
from tests.support.model_replies import Gated, Reply

pytestmark = pytest.mark.slow

THREADS = 16
PER_BUSINESS, TOTAL = THREADS // 4, THREADS * 3 // 4


@pytest.fixture(scope="module")
def deployment(start_deployment: StartDeployment) -> Iterator[Deployment]:
    with start_deployment(processes=1, WEB_THREADS=str(THREADS), MAX_TURNS_PER_BUSINESS="") as deployment:
        yield deployment


@contextmanager
def slow_model(business: Business) -> Iterator[None]:
    """While the context is open, messages that contain "slow" are not answered."""
    gate = threading.Event()

    def respond(body: dict[str, Any]) -> Reply:
        return Gated(str(echo(body)), gate) if "slow" in prompt_of(body) else echo(body)

    business.model.respond = respond
    try:
        yield
    finally:
        gate.set()


def say_at_once(pool: ThreadPoolExecutor, business: Business, count: int) -> list[Future[httpx2.Response]]:
    return [pool.submit(business.say, f"c-{number}", "slow") for number in range(count)]


def refused(pending: list[Future[httpx2.Response]], count: int) -> list[httpx2.Response]:
    responses = [each.result() for each in islice(as_completed(pending, timeout=30), count)]
    assert {response.status_code for response in responses} == {429}
    assert {response.json()["error_code"] for response in responses} == {"RATE_LIMITED"}
    assert all(int(response.headers["Retry-After"]) > 0 for response in responses)
    return responses


def test_messages_of_one_business_are_limited_and_others_answered(business: Business, deployment: Deployment) -> None:
    other, *more_businesses = (deployment.add_business() for _ in range(3))
    with ThreadPoolExecutor(60) as pool, slow_model(business):
        pending = say_at_once(pool, business, 40)
        refused(pending, 40 - PER_BUSINESS)
        business.model.wait_for_requests(PER_BUSINESS)
        assert [other.say("ana", f"hello {number}").status_code for number in range(5)] == [200] * 5
        assert len(business.messages()) == PER_BUSINESS  # the refused ones are not stored

        for each in more_businesses:
            pending += (more := say_at_once(pool, each, 10))
            refused(more, 10 - PER_BUSINESS)
        assert other.say("ana", "hello").status_code == 429
        # All messages that may wait do. The other threads serve everything else.
        assert len(other.request("GET", "/stages")) == 2
        with httpx2.Client(base_url=deployment.server.base_url, timeout=5) as client:
            assert client.get("/health").status_code == 200
    assert sorted({each.result().status_code for each in pending}) == [200, 429]
    assert other.say("ana", "hello").status_code == 200
    assert business.say("ana", "hello").status_code == 200


def test_turns_without_client_count_too(business: Business) -> None:
    with slow_model(business):
        for number in range(PER_BUSINESS):
            body = {"user": {"external_id": f"c-{number}"}, "message": "slow", "stream": True}
            headers = {"Authorization": f"Bearer {business.key}"}
            url = f"{business.server.base_url}/api/v1/messages"
            with httpx2.stream("POST", url, json=body, headers=headers, timeout=30) as response:
                assert response.status_code == 200
        response = business.say("ana", "hello")
        assert response.status_code == 429
        turns = [turn["turn_id"] for turn in business.turns()]
        assert len(turns) == PER_BUSINESS
        retried = business.server.request("POST", f"/turns/{turns[0]}/retry", business.key, json={})
        assert retried.status_code == 429
