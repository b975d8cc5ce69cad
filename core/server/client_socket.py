"""Connections to clients, with deadlines for receiving requests and sending responses."""

import errno
import io
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

BODY_SECONDS = 30.0  # until the body of a request has arrived
SEND_SECONDS = 60.0  # until the client has taken a part of the response


class ClientSocket(socket.socket):
    """A client's connection. After the deadline, it looks as if the client had closed it."""

    deadline: float | None = None  # of time.monotonic(), for receiving
    on_received: Callable[[], None] | None = None  # called once per request
    on_close: Callable[[], None] | None = None
    _has_expired = False

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """The next bytes, or none at the end of the connection and after the deadline."""
        if self._has_expired:
            return b""
        if self.deadline is None:
            return super().recv(size, flags)
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            return self._expire()
        previous = self.gettimeout()
        self.settimeout(seconds if previous is None else min(previous, seconds))
        try:
            return super().recv(size, flags)
        except TimeoutError:
            return self._expire()
        finally:
            self.settimeout(previous)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send the data. Raises ConnectionResetError if the client does not take it in time."""
        self.settimeout(SEND_SECONDS)
        try:
            super().sendall(data, flags)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "the client reads too slowly") from error
        finally:
            self.settimeout(None)

    def _expire(self) -> bytes:
        self._has_expired = True
        with suppress(OSError):
            self.shutdown(socket.SHUT_RD)  # so that the connection is not kept for another request
        return b""

    def received(self) -> None:
        """The request has arrived, or will not be read any further."""
        self.deadline = None
        callback, self.on_received = self.on_received, None
        if callback:
            callback()

    def close(self) -> None:
        """Close the connection."""
        super().close()
        callback, self.on_close = self.on_close, None
        if callback:
            callback()


class ReceiveBodyFirst:
    """WSGI middleware: the body has arrived before the application is called, or its time is over."""

    def __init__(self, application: Callable[..., Iterable[bytes]], max_body_bytes: int) -> None:
        self._application = application
        self._max_body_bytes = max_body_bytes

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Call the application. It rejects bodies that are too large, which are not read."""
        connection = environ.get("gunicorn.socket")
        if isinstance(connection, ClientSocket):
            if int(environ.get("CONTENT_LENGTH") or 0) <= self._max_body_bytes:
                connection.deadline = time.monotonic() + BODY_SECONDS
                environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(self._max_body_bytes + 1))
            connection.received()
        return self._application(environ, start_response)
