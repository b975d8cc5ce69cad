"""gunicorn's threaded worker with deadlines for clients, and a share of the threads per address.

gunicorn's own worker reads a request in one of its threads and waits for the client without a time limit. Clients that
send part of a request, or do not read the response, would occupy all threads.
"""

import time
from collections import Counter, defaultdict, deque
from contextlib import suppress
from threading import Lock
from typing import Any

from gunicorn.workers.gthread import TConn

from core.server.accepting import AcceptingWorker
from core.server.client_socket import ClientSocket

HEADER_SECONDS = 10.0  # until all headers of a request have arrived
_SHARE_OF_THREADS = 8  # one in so many threads may be waiting for requests from the same address
_SHARE_OF_CONNECTIONS = 2  # the same for open connections


class RequestWorker(AcceptingWorker):
    """A worker for clients that connect directly."""

    limits_addresses = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lock = Lock()
        self._connections: Counter[str] = Counter()  # open, by address
        self._receiving: Counter[str] = Counter()  # that occupy a thread while their request arrives
        self._queues: defaultdict[str, deque[TConn]] = defaultdict(deque)  # that wait for such a thread

    def enqueue_req(self, conn: TConn) -> None:
        """Let a thread handle the connection's next request, as soon as its address has a free share."""
        if self.cfg.is_ssl:  # the connection's socket is replaced
            super().enqueue_req(conn)
            return
        address = conn.client[0] if self.limits_addresses and isinstance(conn.client, tuple) else ""
        if not isinstance(conn.sock, ClientSocket) and not self._admit(conn, address):
            return
        with self._lock:
            if address and self._receiving[address] >= max(1, self.cfg.threads // _SHARE_OF_THREADS):
                self._queues[address].append(conn)
                return
            self._receiving[address] += 1
        self._start(conn, address)

    def handle(self, conn: TConn) -> Any:
        """Handle a request, in a thread. The time for its headers starts now."""
        if not isinstance(conn.sock, ClientSocket):
            return super().handle(conn)
        conn.sock.deadline = time.monotonic() + HEADER_SECONDS
        try:
            return super().handle(conn)
        finally:
            conn.sock.received()

    def _admit(self, conn: TConn, address: str) -> bool:
        """Whether a new connection is kept: an address may have a share of the open connections."""
        with self._lock:
            if address and self._connections[address] >= self.worker_connections // _SHARE_OF_CONNECTIONS:
                self.nr_conns -= 1
                conn.close()
                return False
            self._connections[address] += 1
        conn.sock = ClientSocket(fileno=conn.sock.detach())
        conn.sock.on_close = lambda: self._closed(address)
        return True

    def _start(self, conn: TConn, address: str) -> None:
        conn.sock.on_received = lambda: self._received(address)
        super().enqueue_req(conn)

    def _received(self, address: str) -> None:
        """Give the thread's share to the next connection of the address."""
        with self._lock:
            queue = self._queues.get(address)
            conn = queue.popleft() if queue else None
            if not queue:
                self._queues.pop(address, None)
            if conn is None:
                self._receiving -= Counter([address])  # removes zeros
                return
        with suppress(RuntimeError):  # the worker is stopping
            self._start(conn, address)

    def _closed(self, address: str) -> None:
        with self._lock:
            self._connections -= Counter([address])


class ProxiedWorker(RequestWorker):
    """A worker behind a reverse proxy, from whose address all connections come. The proxy limits its clients."""

    limits_addresses = False
