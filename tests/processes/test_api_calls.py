"""Calls to other systems from the server's processes, which run greenlets."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx2
import pytest

from tests.processes.conftest import Business, Deployment, StartDeployment, echo, step_of
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Reply
from tests.support.os_users import wait_for
from tests.support.web_server import WebServer, http

pytestmark = pytest.mark.slow

COUNT = 60
TAKEOVER_SECONDS = 20


@pytest.fixture(scope="module")
def deployment(start_deployment: StartDeployment) -> Iterator[Deployment]:
    with start_deployment(API_CALL_ALLOWED_HOSTS="127.0.0.1", MAX_TURNS_PER_BUSINESS="100") as deployment:
        yield deployment


def let_stages_call(business: Business, api: WebServer) -> None:
    config = {"method": "GET", "url": f"http://127.0.0.1:{api.port}/", "headers": {"x-said": "{said}"}}
    business.change_stages(data_retrieval={"method": "api_call", "config": config})


def test_slow_calls_do_not_delay_other_requests(business: Business) -> None:
    arrived, release = threading.Semaphore(0), threading.Event()

    def wait(connection: socket.socket) -> None:
        arrived.release()
        release.wait(9)
        connection.sendall(http(b'{"state": "shipped"}'))

    with WebServer(wait) as api, ThreadPoolExecutor(COUNT) as pool:
        let_stages_call(business, api)
        answers = [pool.submit(business.say, f"c-{n}", f"message {n}") for n in range(COUNT)]
        for _ in answers:
            assert arrived.acquire(timeout=30)
        started_at = time.monotonic()
        assert business.request("GET", "/stages")
        assert business.server.http.get("/health").status_code == 200
        assert time.monotonic() - started_at < 2
        release.set()
        assert {answer.result().status_code for answer in answers} == {200}
    assert business.texts("assistant") == sorted(f"Reply to message {n}" for n in range(COUNT))
    assert len(api.requests) == COUNT


def test_call_of_a_killed_server_is_made_again_and_answered_once(business: Business) -> None:
    arrived, release = threading.Event(), threading.Event()

    def wait(connection: socket.socket) -> None:
        arrived.set()
        release.wait(5)
        with suppress(OSError):
            connection.sendall(http(b"{}"))

    with WebServer(wait, http(b'{"state": "shipped"}')) as api, ThreadPoolExecutor(1) as pool:
        let_stages_call(business, api)
        answer = pool.submit(business.say, "ana", "hello")
        assert arrived.wait(30)
        business.server.kill()
        release.set()
        business.server.start()
        with suppress(httpx2.HTTPError):
            answer.result()
        wait_for(lambda: business.turns()[0]["status"] == "completed", "the answer", TAKEOVER_SECONDS, pause=0.2)
    assert business.texts("assistant") == ["Reply to hello"]
    assert len(api.requests) == 2
    assert len([each for each in business.model.requests if step_of(each) == "extraction"]) == 1  # it was saved before
    trace = business.trace(str(business.turns()[0]["turn_id"]))
    assert trace["retrieval"]["output"]["data"] == {"state": "shipped"}


def test_slow_model_server_of_a_business_does_not_delay_others(deployment: Deployment, business: Business) -> None:
    gate = threading.Event()
    other = deployment.add_business()
    with FakeModel() as own_server, ThreadPoolExecutor(COUNT) as pool:

        def respond(body: dict[str, Any]) -> Reply:
            answer = echo(body)
            assert isinstance(answer, str)
            return Gated(answer, gate)

        own_server.respond = respond
        settings = {"speculation": "off", "model_server": {"url": own_server.base_url, "model": "llama"}}
        business.request("PUT", f"/businesses/{business.business_id}", json={"settings": settings})
        answers = [pool.submit(business.say, f"c-{n}", f"message {n}") for n in range(COUNT)]
        own_server.wait_for_requests(COUNT)
        assert other.say("ana", "hello").json()["response"] == "Reply to hello"
        gate.set()
        assert {answer.result().json()["response"] for answer in answers} == {
            f"Reply to message {n}" for n in range(COUNT)
        }
    assert len(deployment.model.requests) == 3  # of the other business
