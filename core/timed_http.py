"""HTTP connections that end at a deadline. A socket's own timeout starts again with each read, so a server that sends
one byte at a time could hold a call for ever."""

import http.client
import io
import socket
import time
from contextvars import ContextVar
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

# Of the call in progress, in units of time.monotonic().
_deadline: ContextVar[float] = ContextVar("deadline")
_has_connected: ContextVar[bool] = ContextVar("has_connected", default=False)


def set_deadline(seconds: float) -> None:
    """Let the call that begins now end in `seconds`, in this thread or greenlet."""
    _deadline.set(time.monotonic() + seconds)
    _has_connected.set(False)


def has_connected() -> bool:
    """Whether the last call has connected to a server. If not, the server has certainly not received the request."""
    return _has_connected.get()


def seconds_left() -> float:
    """The seconds until the deadline of the call in progress. Raises TimeoutError if there are none."""
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _TimedReader(io.RawIOBase):
    """Reads from a socket until the deadline."""

    def __init__(self, raw: Any, sock: socket.socket) -> None:
        self._raw, self._sock = raw, sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        self._sock.settimeout(seconds_left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock))


class TimedConnection(HTTPConnection):
    """A connection whose responses are read until the deadline."""

    response_class = _TimedResponse

    def connect(self) -> None:
        super().connect()
        _has_connected.set(True)


class TimedTLSConnection(TimedConnection, HTTPSConnection):
    """The same with TLS."""
