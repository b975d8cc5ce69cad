"""A server for calls to other systems, which sends given bytes, and a record of all connections of this process."""

import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self

Answer = bytes | Callable[[socket.socket], None]


def http(body: bytes = b"{}", status: str = "200 OK", *headers: str) -> bytes:
    """A complete response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return http(b"", status, f"Location: {location}")


class WebServer:
    """Sends the next of `answers` to each request, and the last one from then on. `requests` are those received."""

    def __init__(self, *answers: Answer, address: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None):
        self.answers, self._tls = list(answers or (http(),)), tls
        self.requests: list[bytes] = []
        self.connections = 0
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = socket.create_server((address, port), family=family, backlog=64)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as stream:
                lines = list(iter(lambda: stream.readline().rstrip(), b""))
                length = next((int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")), 0)
                self.requests.append(b"\r\n".join(lines) + b"\r\n\r\n" + stream.read(length))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if isinstance(answer, bytes):
                    connection.sendall(answer)
                else:
                    answer(connection)


class _Connections:
    """What the audit hook records. Hooks cannot be removed, so there is one per process."""

    def __init__(self) -> None:
        self.addresses: list[Any] | None = None
        self._is_installed = False

    @contextmanager
    def recorded(self) -> Iterator[list[Any]]:
        """The addresses that this process connects to in the block. Connections that leave the machine fail."""
        if not self._is_installed:
            sys.addaudithook(self._record)
            self._is_installed = True
        self.addresses = []
        try:
            yield self.addresses
        finally:
            self.addresses = None

    def _record(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and self.addresses is not None and isinstance(arguments[1], tuple):
            self.addresses.append(arguments[1][:2])
            if not arguments[1][0].startswith(("127.", "::1")):
                raise ConnectionRefusedError


connections = _Connections()
