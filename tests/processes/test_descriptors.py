"""File descriptors: the server raises its limit, and refuses clients when it has none left."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx2
import pytest

from tests.processes.conftest import Deployment, StartDeployment, echo
from tests.support.fake_model import Gated
from tests.support.os_users import wait_for

CLIENTS = 120
LONG_TURNS = {"TURN_TIME_LIMIT": "120", "MODEL_TIMEOUT": "100"}  # the model waits for all clients


def send_together(deployment: Deployment) -> Counter[int]:
    """Send messages of different customers while the model waits until all of them are accepted or refused. Returns how
    often each status was received; 0 stands for a connection that ended without a response."""
    business = deployment.add_business()
    gate = threading.Event()
    deployment.model.respond = lambda body: Gated(str(echo(body)), gate)

    def send(number: int) -> int:
        with suppress(httpx2.TransportError), httpx2.Client(base_url=deployment.server.base_url, timeout=60) as client:
            body = {"user": {"external_id": f"c-{number}"}, "message": f"message {number}"}
            headers = {"Authorization": f"Bearer {business.key}"}
            return client.post("/api/v1/messages", json=body, headers=headers).status_code
        return 0

    with ThreadPoolExecutor(CLIENTS) as pool:
        pending = [pool.submit(send, number) for number in range(CLIENTS)]
        wait_for(
            lambda: sum(each.done() for each in pending) + len(business.turns()) >= CLIENTS, "all messages", pause=0.1
        )
        gate.set()
        return Counter(each.result() for each in pending)


def test_limit_is_raised(start_deployment: StartDeployment) -> None:
    with start_deployment(processes=1, max_files=(128, 2048), **LONG_TURNS) as deployment:
        assert send_together(deployment) == {200: CLIENTS}


@pytest.mark.parametrize("max_files", [256, pytest.param(200, marks=pytest.mark.soak)])
def test_clients_are_refused_without_descriptors(start_deployment: StartDeployment, max_files: int) -> None:
    with start_deployment(processes=1, max_files=(max_files, max_files), **LONG_TURNS) as deployment:
        workers = deployment.server.workers()
        statuses = send_together(deployment)
        assert set(statuses) == {200, 503}
        assert statuses[200] >= 10
        assert deployment.server.workers() == workers
        assert deployment.add_business().say("ana", "hello").status_code == 200
