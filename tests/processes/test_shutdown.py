"""SIGTERM and the end of the main process: readiness fails, the port is free, and turns in flight finish."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx2
import pytest

from tests.conftest import MASTER_KEY
from tests.processes.conftest import Business, StartDeployment, echo
from tests.support.model_replies import Gated
from tests.support.os_users import wait_for
from tests.support.server import Server

pytestmark = pytest.mark.slow

MAX_CLOSING_SECONDS = 5  # until the listener is closed; workers look for their main process every second
PRODUCTION = {"ICMP_ENV": "production", "SECRET_KEY": "a-secret-key-of-more-than-32-characters"}


def hold_turns(business: Business) -> threading.Event:
    """Let the model wait for the returned event."""
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate)
    return gate


def connect_until_refused(server: Server) -> list[Exception]:
    """Send requests on new connections until one is refused. Returns those that were left without an answer."""
    unanswered: list[Exception] = []
    deadline = time.monotonic() + MAX_CLOSING_SECONDS
    while time.monotonic() < deadline:
        try:
            httpx2.get(f"{server.base_url}/ping", timeout=5)
        except httpx2.ConnectError:
            return unanswered
        except httpx2.HTTPError as error:
            unanswered.append(error)
    raise AssertionError(f"The listener is still open: {unanswered}")


def test_sigterm_fails_health_closes_the_listener_and_finishes_turns(start_deployment: StartDeployment) -> None:
    with start_deployment() as deployment, ThreadPoolExecutor(8) as pool:
        server, business = deployment.server, deployment.add_business()
        gate = hold_turns(business)
        waiting = pool.submit(business.say, "ana", "waiting")
        deployment.model.wait_for_requests(1)
        with httpx2.Client(base_url=server.base_url, timeout=5) as connected:
            assert connected.get("/health").status_code == 200
            clients = [pool.submit(connect_until_refused, server) for _ in range(4)]
            stopped = pool.submit(server.stop)
            wait_for(server.refuses_connections, "the end of the listener", MAX_CLOSING_SECONDS)
            health = connected.get("/health")
        assert (health.status_code, health.json()["cause"]) == (503, "The server is stopping.")
        assert health.headers["Connection"] == "close"
        unanswered = [error for client in clients for error in client.result()]
        assert not [error for error in unanswered if isinstance(error, httpx2.TimeoutException)]
        assert not waiting.done()
        gate.set()
        assert waiting.result().json()["response"] == "Reply to waiting"
        assert stopped.result() == 0


@pytest.mark.parametrize(
    "settings", [PRODUCTION, pytest.param({}, marks=pytest.mark.soak)], ids=["production", "development"]
)
def test_killed_main_process_frees_the_port(start_deployment: StartDeployment, settings: dict[str, str]) -> None:
    with start_deployment(**settings) as deployment, ThreadPoolExecutor(1) as pool:
        server, business = deployment.server, deployment.add_business()
        gate = hold_turns(business)

        def send() -> httpx2.Response | None:
            with suppress(httpx2.HTTPError):  # in development the workers end too
                return business.say("ana", "waiting", idempotency_key="k-1")
            return None

        waiting = pool.submit(send)
        deployment.model.wait_for_requests(1)
        server.kill_master()
        wait_for(server.refuses_connections, "the end of the listener", MAX_CLOSING_SECONDS)
        server.start()
        assert server.request("GET", "/health", MASTER_KEY).status_code == 200
        gate.set()
        response = waiting.result()
        assert (response is None) == (settings == {})
        response = response or business.say("ana", "waiting", idempotency_key="k-1")
        assert response.json()["response"] == "Reply to waiting"
        assert [turn["takeovers"] for turn in business.turns()] == [0 if settings else 1]
