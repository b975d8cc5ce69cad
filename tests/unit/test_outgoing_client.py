"""Calls to other systems: time and size limits, redirects and retries."""

import gzip
import resource
import socket
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from core.outgoing.client import MAX_RESPONSE_BYTES, OutgoingClient, OutgoingRequest
from core.outgoing.failures import CallFailed
from tests.support.outgoing import client_of, failure, send
from tests.support.web_server import WebServer, http, redirect

ROOT = Path(__file__).parents[2]
HEADERS = {"authorization": "Bearer hush"}


def dripping(data: bytes, pause: float = 0.1) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        for index in range(len(data)):
            connection.sendall(data[index : index + 1])
            time.sleep(pause)

    return answer


def silent(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.recv(1)  # until the client closes


@pytest.mark.parametrize(
    "answer",
    [
        silent,
        dripping(http(b"x" * 100)),  # headers
        lambda connection: (connection.sendall(http(b"x" * 100)[:-100]), dripping(b"x" * 100)(connection)),
        lambda connection: (connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n"), silent(connection)),
        dripping(b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0.02),
    ],
    ids=["silent", "headers", "body", "continue", "endless continue"],
)
def test_slow_server_is_given_up_at_the_deadline(answer: Any) -> None:
    with WebServer(answer) as server:
        cause, seconds = failure(lambda: send(client_of(server), server, seconds=0.7))
    assert cause == "timeout"
    assert 0.6 < seconds < 1.5


def test_slow_look_up_of_a_name_is_given_up_at_the_deadline() -> None:
    client = OutgoingClient(("slow.example",), lambda _host, _port: time.sleep(3) or [])
    cause, seconds = failure(lambda: client.send("b-1", OutgoingRequest("GET", "http://slow.example/"), 0.5))
    assert cause == "timeout"
    assert seconds < 1.5


def test_redirects_and_retries_share_the_deadline() -> None:
    def slow(connection: socket.socket) -> None:
        time.sleep(0.4)
        connection.sendall(redirect("/again"))

    with WebServer(slow) as server:
        cause, seconds = failure(lambda: send(client_of(server), server, seconds=0.9))
    assert cause == "timeout"
    assert seconds < 1.6


@pytest.mark.parametrize("length", [True, False])
def test_size_of_responses_is_limited(length: bool) -> None:
    largest, larger = b"x" * MAX_RESPONSE_BYTES, b"x" * (MAX_RESPONSE_BYTES + 1)

    def answer(body: bytes) -> bytes:
        return http(body) if length else b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body

    with WebServer(answer(largest), answer(larger)) as server:
        client = client_of(server)
        assert len(send(client, server).body) == MAX_RESPONSE_BYTES
        assert failure(lambda: send(client, server))[0] == "too_large"


def test_endless_response_is_not_read_to_its_end() -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(OSError):
            while True:
                connection.sendall(b"x" * 65536)

    with WebServer(endless) as server:
        cause, seconds = failure(lambda: send(client_of(server), server))
    assert cause == "too_large"
    assert seconds < 5


def bomb(megabytes: int, times: int = 1) -> bytes:
    """Zeros, compressed once or several times."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = b"".join(compressor.compress(bytes(1 << 20)) for _ in range(megabytes)) + compressor.flush()
    for _ in range(times - 1):
        data = gzip.compress(data)
    return data


@pytest.mark.parametrize("times", [1, 2])
def test_compressed_bomb_is_not_decompressed(times: int) -> None:
    answer = http(bomb(300, times), "200 OK", f"Content-Encoding: {', '.join(['gzip'] * times)}")
    with WebServer(answer) as server:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KB
        cause, seconds = failure(lambda: send(client_of(server), server))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert cause == "too_large"
    assert grown < 20_000 and seconds < 5


def test_compressed_response_is_decompressed() -> None:
    with WebServer(http(gzip.compress(b'{"a": 1}'), "200 OK", "Content-Encoding: gzip")) as server:
        assert send(client_of(server), server).body == b'{"a": 1}'


@pytest.mark.parametrize(
    "answer",
    [
        http(b"not gzip", "200 OK", "Content-Encoding: gzip"),
        http(b"x", "200 OK", f"Content-Encoding: {', '.join(['gzip'] * 50)}"),
        b"\x15\x03\x01 not http\r\n\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000,
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000,
    ],
)
def test_broken_response_is_a_failed_call(answer: bytes) -> None:
    with WebServer(answer) as server:
        cause, _ = failure(lambda: send(client_of(server), server))
    assert cause in ("connection", "invalid_response")


def test_redirect_to_the_same_server_keeps_the_headers() -> None:
    with WebServer(redirect("/b?c=d"), http(b"1")) as server:
        assert send(client_of(server), server, headers=HEADERS).body == b"1"
    assert server.requests[1].startswith(b"GET /b?c=d ") and b"hush" in server.requests[1]


@pytest.mark.parametrize("status", ["301 A", "302 A", "303 A", "307 A", "308 A"])
def test_redirect_to_another_host_gets_no_headers(status: str) -> None:
    with WebServer(http(b"1")) as other, WebServer(redirect(f"http://127.0.0.1:{other.port}/x", status)) as server:
        client = client_of(server, other, names=("127.0.0.1", "api.example"))
        assert send(client, server, host="api.example", headers={**HEADERS, "x-key": "hush"}).body == b"1"
        assert b"hush" in server.requests[0] and b"hush" not in other.requests[0]
        assert b"api.example" not in other.requests[0]


def test_another_port_is_another_host() -> None:
    with WebServer(http(b"1")) as other, WebServer(redirect(f"http://127.0.0.1:{other.port}/x")) as server:
        send(client_of(server, other), server, headers=HEADERS)
    assert b"hush" not in other.requests[0]


def test_body_is_never_sent_to_another_host() -> None:
    for status in ("307 A", "308 A"):
        with WebServer() as other, WebServer(redirect(f"http://127.0.0.1:{other.port}/x", status)) as server:
            cause, _ = failure(lambda s=server, o=other: send(client_of(s, o), s, "POST", body=b"hush"))
        assert cause == "redirect" and other.requests == []
    with WebServer() as other, WebServer(redirect(f"http://127.0.0.1:{other.port}/x", "303 A")) as server:
        send(client_of(server, other), server, "POST", body=b"hush", headers=HEADERS)
    assert other.requests[0].startswith(b"GET /x ") and b"hush" not in other.requests[0]


def test_three_redirects_are_followed() -> None:
    steps = [redirect(f"/{number}") for number in range(4)]
    with WebServer(*steps[:3], http(b"end")) as server:
        assert send(client_of(server), server).body == b"end"
    with WebServer(*steps, http(b"end")) as server:
        assert failure(lambda: send(client_of(server), server))[0] == "redirect"
        assert len(server.requests) == 4


@pytest.mark.parametrize("location", ["file:///etc/passwd", "http://user@127.0.0.1/", "http://[::1", "//"])
def test_redirect_to_an_unusable_url_is_a_failed_call(location: str) -> None:
    with WebServer(redirect(location)) as server:
        assert failure(lambda: send(client_of(server), server))[0] in ("invalid_url", "redirect")


@pytest.mark.parametrize(("method", "requests"), [("GET", 2), ("POST", 1), ("PUT", 1), ("PATCH", 1), ("DELETE", 1)])
def test_only_safe_requests_are_repeated(method: str, requests: int) -> None:
    for answer, later in ((http(b"", "503 A"), http(b"1")), (b"", http(b"1"))):
        with WebServer(answer, later) as server:
            with suppress(CallFailed):
                response = send(client_of(server), server, method)
                assert response.status == (200 if requests == 2 else 503)
            assert len(server.requests) == requests


def test_request_is_repeated_only_once() -> None:
    with WebServer(http(b"", "503 A")) as server:
        assert send(client_of(server), server).status == 503
        assert len(server.requests) == 2


@pytest.mark.parametrize("seconds", [-1.0, 0.0, 0.2])
def test_turns_without_time_do_not_open_the_circuit_breaker(seconds: float) -> None:
    with WebServer(silent) as server:
        client = client_of(server)
        for _ in range(11):
            assert failure(lambda: send(client, server, seconds=seconds))[0] == "timeout"
        server.answers[:] = [http(b"1")]
        assert send(client, server).body == b"1"
