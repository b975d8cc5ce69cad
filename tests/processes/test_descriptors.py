"""File descriptors: the server raises its limit, and refuses clients when it has none left."""

import http.client
import json
import os
import resource
import signal
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import httpx2
import pytest

from tests.processes.conftest import Business, Deployment, StartDeployment, echo
from tests.support.model_replies import Gated
from tests.support.os_users import wait_for

pytestmark = pytest.mark.slow

CLIENTS = 120
ADDRESSES = 8
MANY_CLIENTS = 900
BATCH = 30  # messages at once; all of them together would compete for the processor for minutes
LONG_TURNS = {"TURN_TIME_LIMIT": "120", "MODEL_TIMEOUT": "100"}  # the model waits for all clients
MANY_TURNS = {"TURN_TIME_LIMIT": "900", "MODEL_TIMEOUT": "800", "WEB_THREADS": "1200", "MAX_TURNS_PER_BUSINESS": "900"}


class Waiting(NamedTuple):
    """Messages that have been accepted or refused. The model answers when `gate` is set."""

    business: Business
    statuses: list[Future[int]]
    gate: threading.Event


def send(business: Business, number: int) -> int:
    """Send a message as a customer of its own. Returns the status."""
    body = json.dumps({"user": {"external_id": f"c-{number}"}, "message": f"message {number}"})
    headers = {
        "Authorization": f"Bearer {business.key}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"k-{number}",
    }
    address = f"127.0.0.{number % ADDRESSES + 1}"  # a process admits a share of its connections from each
    while True:
        client = http.client.HTTPConnection("127.0.0.1", business.server.port, 800, source_address=(address, 0))
        try:
            client.request("POST", "/api/v1/messages", body, headers)
            return client.getresponse().status
        except ConnectionError:
            # The server waits 50 ms for a request that it refuses. On a busy machine it may be sent later.
            continue
        finally:
            client.close()


@contextmanager
def sent_together(deployment: Deployment, clients: int) -> Iterator[Waiting]:
    """Send messages of different customers while the model does not answer."""
    business, gate = deployment.add_business(), threading.Event()
    deployment.model.respond = lambda body: Gated(str(echo(body)), gate)
    statuses: list[Future[int]] = []

    def have_arrived() -> bool:
        return sum(each.done() for each in statuses) + len(business.turns()) >= len(statuses)

    with ThreadPoolExecutor(clients) as pool:
        try:
            while len(statuses) < clients:
                statuses += [pool.submit(send, business, len(statuses) + number) for number in range(BATCH)]
                wait_for(have_arrived, "all messages", seconds=600, pause=0.1)
            yield Waiting(business, statuses, gate)
        finally:
            gate.set()


def statuses_of(deployment: Deployment, clients: int) -> Counter[int]:
    with sent_together(deployment, clients) as waiting:
        pass
    return Counter(each.result() for each in waiting.statuses)


@pytest.mark.soak
def test_limit_is_raised(start_deployment: StartDeployment) -> None:
    with start_deployment(processes=1, max_files=(128, 2048), **LONG_TURNS) as deployment:
        assert statuses_of(deployment, CLIENTS) == {200: CLIENTS}


@pytest.mark.parametrize("max_files", [256, pytest.param(200, marks=pytest.mark.soak)])
def test_clients_are_refused_without_descriptors(start_deployment: StartDeployment, max_files: int) -> None:
    with start_deployment(processes=1, max_files=(max_files, max_files), **LONG_TURNS) as deployment:
        workers = deployment.server.workers()
        statuses = statuses_of(deployment, CLIENTS)
        assert set(statuses) == {200, 503}
        assert statuses[200] >= 10
        assert deployment.server.workers() == workers
        assert deployment.add_business().say("ana", "hello").status_code == 200


def test_one_address_cannot_use_up_the_descriptors(start_deployment: StartDeployment) -> None:
    with start_deployment(processes=1, max_files=(256, 256)) as deployment, ExitStack() as stack:
        port = deployment.server.port
        for _ in range(CLIENTS):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.2", 0)))
        assert httpx2.get(f"{deployment.server.base_url}/health", timeout=10).status_code == 200


@pytest.fixture
def descriptors_of_the_tests() -> None:
    """Each message needs a client's connection and those of the model."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@pytest.mark.soak
@pytest.mark.usefixtures("descriptors_of_the_tests")
def test_900_clients_and_1024_descriptors(start_deployment: StartDeployment) -> None:
    with start_deployment(max_files=(1024, 1024), **MANY_TURNS) as deployment:
        workers = deployment.server.workers()
        statuses = statuses_of(deployment, MANY_CLIENTS)
        assert set(statuses) == {200, 503}
        assert statuses[200] >= 230  # at least the share of one process
        assert deployment.server.workers() == workers
        assert deployment.add_business().say("ana", "hello").status_code == 200


@pytest.mark.soak
@pytest.mark.usefixtures("descriptors_of_the_tests")
def test_process_that_takes_over_more_turns_than_it_has_descriptors_survives(start_deployment: StartDeployment) -> None:
    with start_deployment(max_files=(1024, 1024), **MANY_TURNS) as deployment:
        server = deployment.server
        killed, survivor = server.workers()
        with sent_together(deployment, MANY_CLIENTS) as waiting:
            accepted = Counter(turn["lease_owner"] for turn in waiting.business.turns())
            os.kill(killed, signal.SIGKILL)
            wait_for(
                lambda: sum(turn["takeovers"] for turn in waiting.business.turns()) >= min(accepted.values()),
                "the turns of the killed process",
                seconds=600,
                pause=0.5,
            )
        wait_for(
            lambda: {turn["status"] for turn in waiting.business.turns()} <= {"completed", "failed"},
            "the end of the turns",
            seconds=600,
            pause=0.5,
        )
        assert survivor in server.workers()
        assert deployment.add_business().say("ana", "hello").status_code == 200
