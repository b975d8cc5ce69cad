"""Calls to other systems: time and size limits, redirects, retries, TLS and circuit breakers."""

import gzip
import resource
import socket
import ssl
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from core.circuit_breaker import MAX_FAILURES
from core.outgoing.client import MAX_RESPONSE_BYTES, OutgoingClient, OutgoingRequest, OutgoingResponse
from core.outgoing.failures import CallFailed
from tests.support.certificates import self_signed
from tests.support.web_server import WebServer, http, redirect

ROOT = Path(__file__).parents[2]
HEADERS = {"authorization": "Bearer hush"}


def local(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def client_of(*servers: WebServer, names: tuple[str, ...] = ("127.0.0.1",)) -> OutgoingClient:
    return OutgoingClient(tuple(f"{name}:{server.port}" for name in names for server in servers), local)


def send(client: OutgoingClient, server: WebServer, method: str = "GET", **values: Any) -> OutgoingResponse:
    host, seconds = values.pop("host", "127.0.0.1"), values.pop("seconds", 10.0)
    request = OutgoingRequest(method, f"http://{host}:{server.port}/a", **values)
    return client.send(values.pop("business_id", "b-1"), request, seconds)


def failure(call: Callable[[], object]) -> tuple[str, float]:
    """The cause of the failed call, and its seconds."""
    started_at = time.monotonic()
    with pytest.raises(CallFailed) as failed:
        call()
    return failed.value.cause, time.monotonic() - started_at


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


def test_environment_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with WebServer() as proxy, WebServer(http(b"1")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert send(client_of(server), server).body == b"1"
        assert proxy.connections == 0


def test_certificate_must_be_valid_for_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = self_signed(tmp_path, "api.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    names = []
    tls.sni_callback = lambda _socket, name, _context: names.append(name)
    with WebServer(http(b"1"), tls=tls) as server:
        client = client_of(server, names=("api.example", "other.example", "127.0.0.1"))
        url = f"https://{{}}:{server.port}/"
        assert client.send("b-1", OutgoingRequest("GET", url.format("api.example"))).body == b"1"
        for wrong in ("other.example", "127.0.0.1"):
            assert failure(lambda host=wrong: client.send("b-1", OutgoingRequest("GET", url.format(host))))[0] == "tls"
        assert len(server.requests) == 1
        assert names == ["api.example", "other.example", None]  # an address is no server name


def test_circuit_breaker_of_one_business_and_host(monkeypatch: pytest.MonkeyPatch) -> None:
    with WebServer(http(b"", "500 A")) as server, WebServer(http(b"1")) as other:
        client = client_of(server, other)
        for _ in range(MAX_FAILURES):
            assert send(client, server).status == 500
        received = len(server.requests)
        assert failure(lambda: send(client, server))[0] == "circuit_open"
        assert len(server.requests) == received
        assert send(client, other).body == b"1"
        request = OutgoingRequest("GET", f"http://127.0.0.1:{server.port}/a")
        assert client.send("another business", request).status == 500
        server.answers = [http(b"2")]
        now = time.monotonic() + 6
        monkeypatch.setattr("core.circuit_breaker.time.monotonic", lambda: now)
        assert send(client, server).body == b"2"


def test_refused_addresses_and_client_errors_do_not_open_the_circuit_breaker() -> None:
    with WebServer(http(b"", "404 A")) as server:
        client = client_of(server)
        for _ in range(MAX_FAILURES + 1):
            assert send(client, server).status == 404
            url = f"http://127.0.0.2:{server.port}/"
            assert failure(lambda u=url: client.send("b-1", OutgoingRequest("GET", u)))[0] == "address_refused"


GREENLETS = """
import runpy, socket, sys, threading, time
runpy.run_path("gunicorn.conf.py")
from core.outgoing.client import OutgoingClient, OutgoingRequest
from core.outgoing.failures import CallFailed

def drip():
    connection, _ = listener.accept()
    try:
        for byte in b"\\x16\\x03\\x03\\x40\\x00" + bytes(10_000):
            connection.sendall(bytes([byte]))
            time.sleep(0.05)
    except OSError:
        pass

listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
threading.Thread(target=drip, daemon=True).start()

def slow(host, port):
    import gevent.monkey
    gevent.monkey.get_original("time", "sleep")(2)
    return ["127.0.0.1"]

def cause_of(client, url):
    started_at = time.monotonic()
    try:
        client.send("b-1", OutgoingRequest("GET", url), 0.7)
    except CallFailed as failure:
        return failure.cause, 0.6 < time.monotonic() - started_at < 1.5

ticks = []
threading.Thread(target=lambda: [(time.sleep(0.05), ticks.append(1)) for _ in range(20)], daemon=True).start()
print(cause_of(OutgoingClient(("127.0.0.1",)), f"https://127.0.0.1:{port}/"))
print(cause_of(OutgoingClient(("slow.example",), slow), "http://slow.example/"))
print(len(ticks) > 15)
"""


def test_deadline_with_greenlets() -> None:
    """A dripping TLS handshake and a slow look-up end at the deadline, and other greenlets continue meanwhile."""
    done = subprocess.run([sys.executable, "-c", GREENLETS], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "('timeout', True)\n('timeout', True)\nTrue\n", done.stderr
