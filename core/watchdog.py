"""Ends waits for a server that no longer answers.

A proxy or a connection pooler can keep a connection open whose other end is gone. Neither keepalives nor the server's
own time limits help then, so a thread shuts such connections down.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHECK_INTERVAL = 0.5  # seconds

logger = logging.getLogger(__name__)


class Watchdog:
    """Shuts down the sockets of waits that take too long. Its thread starts with the first wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waits: dict[object, tuple[float, int]] = {}  # deadline and file descriptor
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, descriptor: int, seconds: float) -> Iterator[None]:
        """Shut the socket down if the body takes longer than `seconds`. The body's wait then fails."""
        wait = object()
        with self._lock:
            self._waits[wait] = time.monotonic() + seconds, descriptor
            if self._thread is None or not self._thread.is_alive():  # not alive: this process is a fork
                self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._waits.pop(wait, None)

    def _run(self) -> None:
        while True:
            time.sleep(CHECK_INTERVAL)
            with self._lock:  # until it is released, no wait ends, and its descriptor cannot be reused
                overdue = [wait for wait, (deadline, _) in self._waits.items() if time.monotonic() > deadline]
                for wait in overdue:
                    _shut_down(self._waits.pop(wait)[1])
            if overdue:
                logger.warning("connections shut down, because the other end does not answer")


def _shut_down(descriptor: int) -> None:
    with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as connection:
        connection.shutdown(socket.SHUT_RDWR)
