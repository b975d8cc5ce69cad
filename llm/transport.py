"""HTTP/1.1 over one kept-alive connection, by the standard library's client under httpx2: a request through it takes
half the processor time that one through the usual transport takes, and every wait ends when the call's time does."""

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

_CONNECT_TIMEOUT = 5.0  # seconds an address of the server
_KEEP_ALIVE = 60.0  # seconds
_PIECE = 65_536  # bytes


class Clock:
    """How much of a call's time is left. The timeout of a socket begins anew with each read, so that a server which
    drips could hold a call for ever."""

    _end = 0.0

    def start(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds; raises a timeout when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class OneConnection(httpx2.BaseTransport):
    """For one request at a time, all to one server."""

    def __init__(self, clock: Clock, ssl_context: ssl.SSLContext) -> None:
        self._clock, self._ssl_context = clock, ssl_context
        self._connection: _Connection | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        connection = self._connection_to(request.url)
        with _told_as(httpx2.ReadTimeout, httpx2.ReadError, connection):
            connection.send_head(request)
            connection.endheaders(request.read())
            response = connection.getresponse()
        return httpx2.Response(response.status, headers=response.getheaders(), stream=_Body(connection, response))

    def close(self) -> None:
        if self._connection:
            self._connection.close()

    def _connection_to(self, url: httpx2.URL) -> "_Connection":
        connection = self._connection
        if connection is None or not connection.goes_to(url):  # a redirect may lead elsewhere
            self.close()
            connection = self._connection = _Connection(url, self._clock, self._ssl_context)
        elif connection.is_stale():
            connection.close()
        with _told_as(httpx2.ConnectTimeout, httpx2.ConnectError, connection):
            connection.connect_if_closed()
        return connection


class _Connection(http.client.HTTPConnection):
    def __init__(self, url: httpx2.URL, clock: Clock, ssl_context: ssl.SSLContext) -> None:
        self._url = url
        super().__init__(url.host, url.port or (443 if url.scheme == "https" else 80))
        self._clock, self._ssl_context = clock, ssl_context
        self.response_class = partial(_Response, clock)  # type: ignore[assignment]
        self._used_at = 0.0

    def goes_to(self, url: httpx2.URL) -> bool:
        return (url.scheme, url.host, url.port) == (self._url.scheme, self._url.host, self._url.port)

    def is_stale(self) -> bool:
        """Whether it waited for too long, or the server hung up meanwhile: a good one has nothing to read."""
        if self.sock is None:
            return False
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return time.monotonic() - self._used_at > _KEEP_ALIVE or bool(poll.poll(0))

    def connect_if_closed(self) -> None:
        if self.sock is None:
            self.connect()

    def connect(self) -> None:
        sock = socket.create_connection((self.host, self.port), min(self._clock.left(), _CONNECT_TIMEOUT))
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._url.scheme == "https":
                sock.settimeout(self._clock.left())
                sock = self._ssl_context.wrap_socket(sock, server_hostname=self.host)
        except BaseException:
            sock.close()
            raise
        self.sock = sock

    def send_head(self, request: httpx2.Request) -> None:
        self.sock.settimeout(self._clock.left())
        self.putrequest(request.method, request.url.raw_path.decode(), skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.raw:
            self.putheader(name.decode(), value)

    def done(self) -> None:
        self._used_at = time.monotonic()


class _Response(http.client.HTTPResponse):
    """Its reads are bounded by the clock, one by one."""

    def __init__(self, clock: Clock, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Clocked(self.fp.detach(), sock, clock))


class _Clocked(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, sock: socket.socket, clock: Clock) -> None:
        self._raw, self._sock, self._clock = raw, sock, clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        self._sock.settimeout(self._clock.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Body(httpx2.SyncByteStream):
    """Given on as it comes. Closed before its end, it takes the connection with it."""

    def __init__(self, connection: _Connection, response: http.client.HTTPResponse) -> None:
        self._connection, self._response = connection, response

    def __iter__(self) -> Iterator[bytes]:
        with _told_as(httpx2.ReadTimeout, httpx2.ReadError, self._connection):
            while piece := self._response.read1(_PIECE):
                yield piece
            if self._response.length:  # the rest, which never came
                raise http.client.IncompleteRead(b"", self._response.length)
        self._response.close()  # whole, so that the connection can be used again

    def close(self) -> None:
        if not self._response.isclosed():
            self._connection.close()
        self._response.close()
        self._connection.done()


@contextmanager
def _told_as(
    timeout: type[httpx2.TimeoutException], error: type[httpx2.NetworkError], connection: _Connection
) -> Iterator[None]:
    """What goes wrong ends the connection, and is told in the words of httpx2."""
    try:
        yield
    except (OSError, http.client.HTTPException) as cause:
        connection.close()
        raise (timeout if isinstance(cause, TimeoutError) else error)(type(cause).__name__) from cause
