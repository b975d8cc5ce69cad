"""Accepts connections: only a share of them from one address, and none without free file descriptors."""

import errno
import json
import logging
import os
import socket
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent
from gevent.socket import wait_read

from core.errors import ServerError, as_body
from core.limited_log import LimitedLog
from core.server.client_socket import ClientSocket
from core.server.descriptors import max_connections

limited_log = LimitedLog(logging.getLogger(__name__))

_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_REQUEST_SECONDS = 0.05  # for a request to arrive that is refused
_RELEASE_SECONDS = 0.01  # to notice that other clients have disconnected
_SHARE_OF_ADDRESS = 2  # one in so many connections may come from the same address
_MESSAGE = "The server has too many open connections."


class Acceptor:
    """The connections of one process."""

    def __init__(
        self, limit: int, limits_addresses: bool, serve: Callable[[socket.socket, ClientSocket, Any], None]
    ) -> None:
        """`serve` handles a connection of a listener to its end."""
        self._serve = serve
        self._limit = min(limit, max_connections())
        self._limit_per_address = self._limit // _SHARE_OF_ADDRESS if limits_addresses else self._limit
        self._by_address: Counter[Any] = Counter()
        self._clients: dict[ClientSocket, Any] = {}  # and the host of each
        self._reserved = _reserve()  # closed to accept, and refuse, one connection

    @property
    def has_connections(self) -> bool:
        """Whether a client is connected."""
        return bool(self._clients)

    def accept(self, listener: socket.socket) -> None:
        """Wait for a connection, and serve it in a greenlet or refuse it. Raises OSError if that fails."""
        if len(self._clients) >= self._limit:
            wait_read(listener.fileno())
            gevent.sleep(_RELEASE_SECONDS)
            if len(self._clients) >= self._limit:
                self._refuse(listener)
                return
        try:
            connection, address = listener.accept()
        except OSError as error:
            if error.errno in _EXHAUSTED:
                self._refuse(listener)
                return
            raise
        host = address[0] if isinstance(address, tuple) else ""
        if host and self._by_address[host] >= self._limit_per_address:
            connection.close()
            return
        client = ClientSocket(connection.detach())
        self._clients[client] = host
        self._by_address[host] += 1
        gevent.spawn(self._run, listener, client, address)

    def accept_waiting(self, listener: socket.socket) -> None:
        """Accept the clients that have connected already: closing the listener would reset their connections."""
        listener.settimeout(0)
        with suppress(OSError):
            while len(self._clients) < self._limit:
                self.accept(listener)

    def close_idle(self) -> None:
        """Close the connections whose client has no request."""
        for client in self._clients:
            if client.is_idle:
                client.expire()

    def abort_stalled(self, seconds: float) -> None:
        """End the connections whose client has not taken what is sent to it for so many seconds."""
        for client in self._clients:
            client.abort_if_stalled(seconds)

    def _run(self, listener: socket.socket, client: ClientSocket, address: Any) -> None:
        try:
            self._serve(listener, client, address)
        finally:
            host = self._clients.pop(client)
            self._by_address[host] -= 1
            if not self._by_address[host]:
                del self._by_address[host]

    def _refuse(self, listener: socket.socket) -> None:
        """Answer a client with 503. Reading its request first keeps the response from being lost."""
        reserved, self._reserved = self._reserved, None  # another listener may refuse a client meanwhile
        if reserved is not None:
            os.close(reserved)
        timeout = listener.gettimeout()
        listener.settimeout(0)  # another process may have accepted the client
        try:
            client, _ = listener.accept()
            with client, suppress(OSError):
                client.settimeout(_REQUEST_SECONDS)
                with suppress(TimeoutError):
                    client.recv(65_536)
                client.sendall(_refusal())
            limited_log.warning("connection refused", "descriptors", cause=_MESSAGE)
        finally:
            listener.settimeout(timeout)
            self._reserved = self._reserved or _reserve()
            if self._reserved is None:
                time.sleep(_REQUEST_SECONDS)  # the listener stays readable


def _reserve() -> int | None:
    """A descriptor, if one is free."""
    with suppress(OSError):
        return os.open(os.devnull, os.O_RDONLY)
    return None


def _refusal() -> bytes:
    body = json.dumps(as_body(ServerError(_MESSAGE, remediation="Try again in a few seconds."), None))
    head = [
        "HTTP/1.1 503 Service Unavailable",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Retry-After: 5",
        "Cache-Control: no-store",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", body]).encode()
