"""The socket under a WebSocket, for the library simple-websocket, in greenlets and in threads.

The library calls `send` and ignores how much was sent, and calls it from two threads.
"""

import _thread
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

_SEND_BUFFER = 32 * 1024  # bytes in the kernel, which doubles it; otherwise it keeps megabytes for a client that stalls
_LOST_AFTER = 60_000  # milliseconds without an acknowledgement, after which the connection is lost


class LiveSocket:
    """A client's connection without time limits for receiving: a WebSocket is silent most of the time."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._is_closed = False
        self._when_closed: Callable[[], None] = lambda: None
        self._lock = threading.Lock()  # two threads must not send parts in turn
        self.sending_since: float | None = None  # the time.monotonic() at which the current write has started
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _LOST_AFTER)

    def send(self, data: bytes) -> int:
        """Send all of the data, however long it takes. Raises OSError when the connection ends."""
        with self._lock:
            self.sending_since = time.monotonic()
            try:
                # Not the method of ClientSocket: its time limit would apply to a receiver that waits meanwhile.
                socket.socket.sendall(self._connection, data)
            finally:
                self.sending_since = None
        return len(data)

    def recv(self, size: int) -> bytes:
        """The next bytes, none at the end of the connection."""
        return self._connection.recv(size)

    def when_closed(self, call: Callable[[], None]) -> None:
        """Call a function when the thread that receives has ended, at once if it has."""
        self._when_closed = call
        if self._is_closed:
            call()

    def finish(self, seconds: float) -> None:
        """Close the connection when the client has closed it too, at the latest after so many seconds."""
        ended = threading.Event()
        self.when_closed(ended.set)
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
        ended.wait(seconds)
        self.abort()

    def abort(self) -> None:
        """End the connection at once: reads and writes in progress end."""
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection. The thread that receives does so at its end."""
        self.abort()
        self._connection.close()
        self._is_closed = True
        self._when_closed()


class Reader:
    """The thread in which simple-websocket receives. It takes 3 KB less per connection than threading.Thread."""

    def __init__(self, target: Callable[[], None]) -> None:
        self.name = ""
        self._target = target

    def start(self) -> None:
        """Start to receive."""
        _thread.start_new_thread(self._target, ())
