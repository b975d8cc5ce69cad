"""How gunicorn's threaded worker accepts connections: not while it stops, and not without free file descriptors."""

import errno
import json
import logging
import os
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from core.errors import ServerError, as_body
from core.limited_log import LimitedLog
from core.server.descriptors import max_connections
from core.server.signals import stopping

limited_log = LimitedLog(logging.getLogger(__name__))

_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_REQUEST_SECONDS = 0.05  # for a request to arrive that is refused; the worker does nothing else meanwhile
_MESSAGE = "The server has too many open connections."


class AcceptingWorker(ThreadWorker):
    """A worker that closes its listeners as soon as it stops, and answers 503 instead of ending without descriptors."""

    alive: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._max_connections = max_connections()
        self._reserved = _reserve()  # closed to accept, and refuse, one connection

    def set_accept_enabled(self, enabled: bool) -> None:
        """Also close the listeners after SIGTERM or the end of the main process. gunicorn itself keeps them open until
        the last request has ended: clients could still connect, and a new server could not use the port."""
        super().set_accept_enabled(enabled)
        if enabled or (self.alive and os.getppid() == self.ppid):
            return
        stopping.set()
        self.alive = False  # so that connections are not kept for further requests
        for listener in self.sockets:
            self._accept_waiting(listener)
            listener.close()

    def accept(self, listener: Any) -> None:
        """Accept a connection, or refuse it."""
        if self.nr_conns < self._max_connections:
            try:
                super().accept(listener)
                return
            except OSError as error:
                if error.errno not in _EXHAUSTED:
                    raise
        self._refuse(listener)

    def _accept_waiting(self, listener: Any) -> None:
        """Accept the clients that have connected already: closing the listener would reset their connections."""
        accepted = -1
        while accepted < self.nr_conns < self.worker_connections:
            accepted = self.nr_conns
            self.accept(listener)

    def _refuse(self, listener: Any) -> None:
        """Answer a client with 503. Reading its request first keeps the response from being lost."""
        if self._reserved is not None:
            os.close(self._reserved)
        with suppress(OSError):
            client, _ = listener.accept()
            with client:
                client.settimeout(_REQUEST_SECONDS)
                with suppress(TimeoutError):
                    client.recv(65_536)
                client.sendall(_refusal())
            limited_log.warning("connection refused", "descriptors", cause=_MESSAGE)
        self._reserved = _reserve()
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
