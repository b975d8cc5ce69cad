"""gunicorn's gevent worker, with deadlines for clients and a listener that closes as soon as the worker stops.

A request waits in a greenlet, which costs little. gunicorn's own worker waits for clients without a time limit, keeps
its listener open for a second after SIGTERM, resets connections that it has not accepted yet, waits for idle
connections, and drops its requests when the main process is killed.
"""

import os
import socket
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import gevent
from gevent.event import Event
from gunicorn.workers.base import Worker
from gunicorn.workers.ggevent import GeventWorker

from core.server.acceptor import Acceptor
from core.server.client_socket import ClientSocket
from core.server.signals import stopping

_NOTIFY_SECONDS = 1.0  # between heartbeats to the main process
_FINISH_SECONDS = 0.1  # between looks at the requests in progress
_LINGER_SECONDS = 2.0  # in which idle connections may send another request: the client may have sent it already
_STALLED_SECONDS = 5.0  # in which a client has to take a part of a response; before SIGTERM it has longer


class RequestWorker(GeventWorker):
    """A worker for clients that connect directly."""

    limits_addresses = True
    alive: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stopped = Event()

    def patch(self) -> None:
        """Nothing: `gunicorn.conf.py` has patched the standard library before other modules were imported."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: stop."""
        super().handle_exit(sig, frame)
        self._stopped.set()

    def notify(self) -> None:
        """Show the main process that this one is alive. If the main process has ended, stop, but finish requests."""
        Worker.notify(self)
        if os.getppid() != self.ppid:
            self.alive = False

    def run(self) -> None:
        """Serve until SIGTERM, then finish the requests in progress."""
        from core.server.loop_lag import measure_loop_lag  # needs the directory of the metrics

        background = [gevent.spawn(measure_loop_lag), gevent.spawn(self._show_life)]
        listeners = [socket.socket(fileno=os.dup(each.fileno())) for each in self.sockets]
        for each in self.sockets:
            each.close()
        acceptor = Acceptor(self.worker_connections, self.limits_addresses, self.handle)
        accepting = [gevent.spawn(self._accept, acceptor, each) for each in listeners]
        self._stopped.wait()
        stopping.set()
        gevent.killall(accepting)
        for listener in listeners:
            acceptor.accept_waiting(listener)
            gevent.sleep(0)  # the new greenlets ask the listener for its name
            listener.close()
        self._finish(acceptor)
        gevent.killall(background)

    def _finish(self, acceptor: Acceptor) -> None:
        started = time.monotonic()
        while acceptor.has_connections and time.monotonic() - started < self.cfg.graceful_timeout:
            if time.monotonic() - started > _LINGER_SECONDS:
                acceptor.close_idle()
            acceptor.abort_stalled(_STALLED_SECONDS)
            gevent.sleep(_FINISH_SECONDS)

    def timeout_ctx(self) -> AbstractContextManager[Any]:
        """No further time limit for receiving a request: `ClientSocket` has its own."""
        return nullcontext()

    def handle_request(self, listener_name: Any, req: Any, sock: ClientSocket, addr: Any) -> None:
        """Handle a request whose headers have arrived."""
        sock.start_request()
        super().handle_request(listener_name, req, sock, addr)
        sock.end_request()

    def _show_life(self) -> None:
        while True:
            self.notify()
            if not self.alive:
                self._stopped.set()
            gevent.sleep(_NOTIFY_SECONDS)

    def _accept(self, acceptor: Acceptor, listener: socket.socket) -> None:
        while True:
            try:
                acceptor.accept(listener)
            except OSError:  # such as a client that has disconnected already
                gevent.sleep(_FINISH_SECONDS)
            gevent.sleep(0)  # so that other processes accept a share of clients that connect at the same time


class ProxiedWorker(RequestWorker):
    """A worker behind a reverse proxy, from whose address all connections come. The proxy limits its clients."""

    limits_addresses = False
