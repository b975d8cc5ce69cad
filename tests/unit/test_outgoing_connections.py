"""Calls to other systems: proxies, TLS, circuit breakers and greenlets."""

import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.circuit_breaker import MAX_FAILURES
from core.outgoing.client import OutgoingClient, OutgoingRequest
from core.outgoing.resolver import MAX_LOOK_UPS
from tests.support.certificates import self_signed
from tests.support.outgoing import client_of, failure, send
from tests.support.web_server import WebServer, http

ROOT = Path(__file__).parents[2]


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


def test_slow_name_servers_of_one_business_do_not_delay_others() -> None:
    release = threading.Event()
    waiting = threading.Semaphore(0)

    def resolve(host: str, _port: int) -> list[str]:
        if host == "slow.example":
            waiting.release()
            release.wait(20)
        return ["127.0.0.1"]

    with WebServer(http(b"1")) as server:
        client = OutgoingClient(("slow.example", "fast.example"), resolve)
        slow, fast = (OutgoingRequest("GET", f"http://{name}.example:{server.port}/") for name in ("slow", "fast"))
        with ThreadPoolExecutor(MAX_LOOK_UPS) as pool:
            for _ in range(MAX_LOOK_UPS):
                pool.submit(client.send, "b-1", slow)
            for _ in range(MAX_LOOK_UPS):
                assert waiting.acquire(timeout=20)
            assert failure(lambda: client.send("b-1", fast, 0.3))[0] == "timeout"
            assert client.send("b-2", fast).body == b"1"
            release.set()
        assert client.send("b-1", fast).body == b"1"


GREENLETS = """
import runpy, socket, sys, threading, time
runpy.run_path("gunicorn.conf.py")
from core.outgoing.client import OutgoingClient, OutgoingRequest
from core.outgoing.failures import CallFailed
from core.outgoing.resolver import MAX_LOOK_UPS

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
