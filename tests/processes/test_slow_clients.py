"""Clients that send only a part of a request do not keep others from being served."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx2
import pytest

from tests.processes.conftest import Business, Deployment, StartDeployment

pytestmark = pytest.mark.slow

THREADS = 16
PARTIAL_REQUESTS = (
    b"",
    b"POST /api/v1/mess",
    b"GET /health HTTP/1.1\r\nHost: a\r\nX-A: ",
    b"POST /api/v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n",
    b"POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{",
    b"POST /api/v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
)


@pytest.fixture(scope="module")
def deployment(start_deployment: StartDeployment) -> Iterator[Deployment]:
    with start_deployment(processes=1, WEB_THREADS=str(THREADS)) as deployment:
        yield deployment


def connect_from(address: str, deployment: Deployment) -> socket.socket:
    return socket.create_connection(("127.0.0.1", deployment.server.port), source_address=(address, 0))


def test_partial_requests_do_not_delay_other_addresses(business: Business, deployment: Deployment) -> None:
    with ExitStack() as stack:
        for number in range(30 * len(PARTIAL_REQUESTS)):
            client = stack.enter_context(connect_from("127.0.0.2", deployment))
            client.sendall(PARTIAL_REQUESTS[number % len(PARTIAL_REQUESTS)])
        for number in range(20):
            with httpx2.Client(base_url=deployment.server.base_url, timeout=1) as client:
                assert client.get("/health").status_code == 200
            assert business.say(f"c-{number}", "hello").status_code == 200


def test_connections_of_one_address_are_limited(deployment: Deployment) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(connect_from("127.0.0.3", deployment)) for _ in range(1000)]
        with httpx2.Client(base_url=deployment.server.base_url, timeout=1) as client:
            assert client.get("/health").status_code == 200
        clients[-1].settimeout(30)
        assert clients[-1].recv(1) == b""


@pytest.mark.soak
@pytest.mark.parametrize("partial", PARTIAL_REQUESTS[1:])
def test_partial_request_ends_after_its_deadline(deployment: Deployment, partial: bytes) -> None:
    start = time.monotonic()
    with connect_from("127.0.0.4", deployment) as client:
        client.settimeout(60)
        client.sendall(partial)
        while client.recv(1000):
            pass
    assert time.monotonic() - start < 40
    assert "Traceback" not in deployment.server.log.read_text()
