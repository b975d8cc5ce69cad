"""Connections to clients, with deadlines for receiving requests and sending responses."""

import errno
import io
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

IDLE_SECONDS = 30.0  # between two requests
HEADER_SECONDS = 10.0  # from the first byte of a request, or from the start of the connection, to the last header
BODY_SECONDS = 30.0  # until the body of a request has arrived, or the next piece of one that is received in pieces
SEND_SECONDS = 60.0  # until the client has taken a part of the response


class ClientSocket(socket.socket):
    """A client's connection. After the deadline, it looks as if the client had closed it."""

    def __init__(self, fileno: int) -> None:
        super().__init__(fileno=fileno)
        self.is_idle = False  # whether the next request has not started to arrive
        self.deadline: float | None = time.monotonic() + HEADER_SECONDS  # for receiving
        self._has_expired = False
        self._sending_since: float | None = None  # the time.monotonic() at which the current write has started

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """The next bytes, or none at the end of the connection and after the deadline."""
        if self._has_expired:
            return b""
        if self.deadline is None:
            return super().recv(size, flags)
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            return self.expire()
        self.settimeout(seconds)
        try:
            data = super().recv(size, flags)
        except TimeoutError:
            return self.expire()
        finally:
            self.settimeout(None)
        if self.is_idle:
            self.is_idle = False
            self.deadline = time.monotonic() + HEADER_SECONDS
        return data

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send the data. Raises ConnectionResetError if the client does not take it in time."""
        self.settimeout(SEND_SECONDS)
        self._sending_since = time.monotonic()
        try:
            super().sendall(data, flags)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "the client reads too slowly") from error
        finally:
            self._sending_since = None
            self.settimeout(None)

    def start_request(self) -> None:
        """All headers have arrived."""
        self.is_idle = False
        self.deadline = None

    def end_request(self) -> None:
        """The response has been sent. The next request may come."""
        self.is_idle = True
        self.deadline = time.monotonic() + IDLE_SECONDS

    def abort_if_stalled(self, seconds: float) -> None:
        """End the connection if the client has not taken what is sent to it for so many seconds."""
        if self._sending_since is not None and time.monotonic() - self._sending_since > seconds:
            with suppress(OSError):
                self.shutdown(socket.SHUT_RDWR)

    def expire(self) -> bytes:
        """Let the connection look as if the client had closed it."""
        self._has_expired = True
        with suppress(OSError):
            self.shutdown(socket.SHUT_RD)  # so that the connection is not kept for another request
        return b""


class ReceiveBodyFirst:
    """WSGI middleware that receives the body, for up to BODY_SECONDS, before it calls the application."""

    def __init__(self, application: Callable[..., Iterable[bytes]], max_body_bytes: int) -> None:
        self._application = application
        self._max_body_bytes = max_body_bytes

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Call the application. It rejects bodies that are too large, so those are not received."""
        connection = environ.get("gunicorn.socket")
        if isinstance(connection, ClientSocket) and int(environ.get("CONTENT_LENGTH") or 0) <= self._max_body_bytes:
            connection.deadline = time.monotonic() + BODY_SECONDS
            rest = environ["wsgi.input"]
            start = rest.read(self._max_body_bytes + 1)
            # A body without a Content-Length may be longer.
            environ["wsgi.input"] = _Joined(start, rest) if len(start) > self._max_body_bytes else io.BytesIO(start)
            connection.deadline = None
        return self._application(environ, start_response)


class _Joined:
    """A body of which the start has arrived."""

    def __init__(self, start: bytes, rest: Any) -> None:
        self._start, self._rest = io.BytesIO(start), rest

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`. None at the end."""
        data: bytes = self._start.read(size) or self._rest.read(size)
        return data


def receive_piece(environ: dict[str, Any], read: Callable[[], bytes]) -> bytes:
    """Read a piece of a request's body, for up to BODY_SECONDS. After that it looks as if the client had closed the
    connection."""
    connection = environ.get("gunicorn.socket")
    if not isinstance(connection, ClientSocket):
        return read()
    connection.deadline = time.monotonic() + BODY_SECONDS
    try:
        return read()
    finally:
        connection.deadline = None
