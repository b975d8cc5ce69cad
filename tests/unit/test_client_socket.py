"""Deadlines of a client's connection."""

import io
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from core.server.client_socket import ClientSocket, ReceiveBodyFirst


@pytest.fixture
def sockets() -> Iterator[tuple[ClientSocket, socket.socket]]:
    """The server's and the client's end of a connection."""
    ours, theirs = socket.socketpair()
    with ClientSocket(ours.detach()) as server, theirs:
        yield server, theirs


def test_receiving_ends_at_the_deadline_however_often_bytes_arrive(
    sockets: tuple[ClientSocket, socket.socket],
) -> None:
    server, client = sockets
    server.deadline = time.monotonic() + 0.2
    client.send(b"x")
    while server.recv(1):
        client.send(b"x")
    assert time.monotonic() >= server.deadline
    server.end_request()
    assert server.recv(1) == b""  # the connection is not used for another request


def test_a_request_that_has_arrived_has_no_deadline(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, client = sockets
    server.deadline = time.monotonic()
    server.start_request()
    client.send(b"hello")
    assert server.recv(10) == b"hello"


def test_first_byte_ends_the_idle_time_and_starts_a_new_deadline(
    sockets: tuple[ClientSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, client = sockets
    assert not server.is_idle  # the first request is expected at once
    server.end_request()
    assert server.is_idle
    client.send(b"hello")
    monkeypatch.setattr("core.server.client_socket.HEADER_SECONDS", 0.0)
    assert server.recv(1) == b"h"
    assert not server.is_idle
    assert server.recv(1) == b""


def test_client_that_does_not_read_is_reset(
    sockets: tuple[ClientSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.server.client_socket.SEND_SECONDS", 0.1)
    server, _client = sockets
    with pytest.raises(ConnectionResetError):
        server.sendall(b"x" * 10_000_000)


@pytest.mark.parametrize(("length", "is_read"), [("5", True), ("11", False), ("", True)])
def test_body_is_received_before_the_application_is_called(
    sockets: tuple[ClientSocket, socket.socket], length: str, is_read: bool
) -> None:
    server, _client = sockets
    body = io.BytesIO(b"hello")

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        assert body.read() == (b"" if is_read else b"hello")
        return [environ["wsgi.input"].read()] if is_read else []

    environ = {"gunicorn.socket": server, "CONTENT_LENGTH": length, "wsgi.input": body}
    assert list(ReceiveBodyFirst(application, 10)(environ, None)) == ([b"hello"] if is_read else [])
