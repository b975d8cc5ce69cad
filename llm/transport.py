"""An httpx2 transport that speaks HTTP/1.1 over one kept-alive connection, with the standard library's client.

A request takes half the processor time of one through httpx2's own transport, and no wait exceeds the time limit.
"""

import http.client
import io
import select
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx2

_CONNECT_TIMEOUT = 5.0  # seconds per address of the server
_KEEP_ALIVE = 60.0  # seconds
_CHUNK_SIZE = 65_536  # bytes


class Countdown:
    """The time left for a call.

    A socket's own timeout starts again with each read, so a server that sends one byte at a time could hold a call
    forever.
    """

    _end = 0.0

    def start(self, seconds: float) -> None:
        """Starts a new time limit."""
        self._end = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Returns the remaining seconds. Raises TimeoutError if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class SingleConnectionTransport(httpx2.BaseTransport):
    """Sends one request at a time over one connection to one server."""

    def __init__(self, countdown: Countdown, ssl_context: ssl.SSLContext) -> None:
        self._countdown, self._ssl_context = countdown, ssl_context
        self._connection: _Connection | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        connection = self._connection_to(request.url)
        with _convert_errors(httpx2.ReadTimeout, httpx2.ReadError, connection):
            connection.send_head(request)
            connection.endheaders(request.read())
            response = connection.getresponse()
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.getheaders()]
        return httpx2.Response(response.status, headers=headers, stream=_Body(connection, response))

    def close(self) -> None:
        if self._connection:
            self._connection.close()

    def _connection_to(self, url: httpx2.URL) -> "_Connection":
        connection = self._connection
        if connection is None or not connection.is_to(url):  # after a redirect to another server
            self.close()
            connection = self._connection = _Connection(url, self._countdown, self._ssl_context)
        elif connection.is_stale():
            connection.close()
        with _convert_errors(httpx2.ConnectTimeout, httpx2.ConnectError, connection):
            connection.connect_if_closed()
        return connection


class _Connection(http.client.HTTPConnection):
    def __init__(self, url: httpx2.URL, countdown: Countdown, ssl_context: ssl.SSLContext) -> None:
        self._url = url
        super().__init__(url.host, url.port or (443 if url.scheme == "https" else 80))
        self._countdown, self._ssl_context = countdown, ssl_context
        self.response_class = partial(_Response, countdown)  # type: ignore[assignment]
        self._used_at = 0.0

    def is_to(self, url: httpx2.URL) -> bool:
        return (url.scheme, url.host, url.port) == (self._url.scheme, self._url.host, self._url.port)

    def is_stale(self) -> bool:
        """Returns whether the connection was idle for too long, or the server closed it: then it has data to read."""
        if self.sock is None:
            return False
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return time.monotonic() - self._used_at > _KEEP_ALIVE or bool(poll.poll(0))

    def connect_if_closed(self) -> None:
        if self.sock is None:
            self.connect()

    def connect(self) -> None:
        sock = socket.create_connection((self.host, self.port), min(self._countdown.seconds_left(), _CONNECT_TIMEOUT))
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._url.scheme == "https":
                sock.settimeout(self._countdown.seconds_left())
                sock = self._ssl_context.wrap_socket(sock, server_hostname=self.host)
        except BaseException:
            sock.close()
            raise
        self.sock = sock

    def send_head(self, request: httpx2.Request) -> None:
        self.sock.settimeout(self._countdown.seconds_left())
        self.putrequest(request.method, request.url.raw_path.decode(), skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.raw:
            self.putheader(name.decode(), value)

    def mark_used(self) -> None:
        self._used_at = time.monotonic()


class _Response(http.client.HTTPResponse):
    """A response each of whose reads is limited by the countdown."""

    def __init__(self, countdown: Countdown, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock, countdown))


class _TimedReader(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, sock: socket.socket, countdown: Countdown) -> None:
        self._raw, self._sock, self._countdown = raw, sock, countdown

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        self._sock.settimeout(self._countdown.seconds_left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Body(httpx2.SyncByteStream):
    """A response body, passed on as it arrives. If it is closed before its end, the connection is closed too."""

    def __init__(self, connection: _Connection, response: http.client.HTTPResponse) -> None:
        self._connection, self._response = connection, response

    def __iter__(self) -> Iterator[bytes]:
        with _convert_errors(httpx2.ReadTimeout, httpx2.ReadError, self._connection):
            while chunk := self._response.read1(_CHUNK_SIZE):
                yield chunk
            if self._response.length:  # the number of missing bytes
                raise http.client.IncompleteRead(b"", self._response.length)
        self._response.close()  # complete, so the connection can be reused

    def close(self) -> None:
        if not self._response.isclosed():
            self._connection.close()
        self._response.close()
        self._connection.mark_used()


@contextmanager
def _convert_errors(
    timeout: type[httpx2.TimeoutException], error: type[httpx2.NetworkError], connection: _Connection
) -> Iterator[None]:
    """Closes the connection on an error and raises it as the corresponding error of httpx2."""
    try:
        yield
    except (OSError, http.client.HTTPException) as cause:
        connection.close()
        raise (timeout if isinstance(cause, TimeoutError) else error)(type(cause).__name__) from cause
