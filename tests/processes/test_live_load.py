"""Live updates do not slow down turns."""

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from tests.processes.conftest import Business, StartDeployment, echo
from tests.support.live_client import open_socket
from tests.support.model_replies import Reply

BUSINESSES = 10
CLIENTS = 300
TURNS_IN_FLIGHT = 100
MODEL_SECONDS = 0.8  # per call; a turn makes three
ROUND_SECONDS = 25.0
ROUNDS = 3
MAX_LOSS = 0.1  # of the throughput


class Clients:
    """Clients that receive everything and keep nothing."""

    def __init__(self) -> None:
        self.received = 0  # bytes
        self._selector = selectors.DefaultSelector()
        self._stopped = threading.Event()

    def add(self, business: Business) -> None:
        self._selector.register(open_socket(business.server.port, business.key), selectors.EVENT_READ)

    def run(self) -> None:
        """Receive until `stop`."""
        while not self._stopped.is_set():
            for key, _ in self._selector.select(0.1):
                assert isinstance(key.fileobj, socket.socket)
                data = key.fileobj.recv(65_536)
                assert data, "A client was disconnected."
                self.received += len(data)
        for key in list(self._selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()
        self._selector.close()

    def stop(self) -> None:
        self._stopped.set()


@contextmanager
def connected(businesses: list[Business]) -> Iterator[Clients]:
    """Connections spread over the businesses."""
    clients = Clients()
    for number in range(CLIENTS):
        clients.add(businesses[number % BUSINESSES])
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(clients.run)
        try:
            yield clients
        finally:
            clients.stop()
        running.result()


def turns_per_second(businesses: list[Business]) -> float:
    """The throughput with TURNS_IN_FLIGHT turns at the same time."""
    finished = [0] * TURNS_IN_FLIGHT
    started = time.monotonic()

    def talk(customer: int) -> None:
        while time.monotonic() - started < ROUND_SECONDS:
            response = businesses[customer % BUSINESSES].say(f"customer {customer}", "hi", timeout=90)
            assert response.status_code == 200, response.text
            finished[customer] += 1

    with ThreadPoolExecutor(TURNS_IN_FLIGHT) as pool:
        list(pool.map(talk, range(TURNS_IN_FLIGHT)))
    return sum(finished) / (time.monotonic() - started)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_connected_clients_do_not_reduce_the_throughput(start_deployment: StartDeployment) -> None:
    def respond(body: dict[str, Any]) -> Reply:
        threading.Event().wait(MODEL_SECONDS)
        return echo(body)

    with start_deployment() as deployment:
        businesses = [deployment.add_business() for _ in range(BUSINESSES)]
        deployment.model.respond = respond
        turns_per_second(businesses)
        without, with_clients = [], []
        for _ in range(ROUNDS):  # in turn, because the load of the machine changes
            without.append(turns_per_second(businesses))
            with connected(businesses) as clients:
                with_clients.append(turns_per_second(businesses))
                assert clients.received > CLIENTS * 1000
        print(f"turns per second without clients: {without}, with {CLIENTS}: {with_clients}")
        assert sum(with_clients) > (1 - MAX_LOSS) * sum(without), (without, with_clients)
