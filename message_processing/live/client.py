"""What one connected client has yet to receive."""

import threading
import time
from typing import Protocol

from message_processing.live.listener import Credential, Ending, Frame, as_text
from message_processing.live.presence import Person

MAX_BACKLOG = 256 * 1024  # bytes that wait for a client before it is disconnected
MAX_SENDING = 30.0  # seconds until a client has taken a message
PING_INTERVAL = 25.0  # seconds without a frame; proxies close connections that are silent for a minute

_PING = as_text({"type": "ping"})


class Transport(Protocol):
    """The connection to the client."""

    @property
    def sending_since(self) -> float | None:
        """The time.monotonic() at which the current write has started."""
        ...

    def wake_up(self) -> None:
        """There is something to send, or the connection has to end."""
        ...

    def abort(self) -> None:
        """End the connection at once, also a write that waits for the client."""
        ...


class Client:
    """Collects frames until the client's thread sends them. A frame that already waits is not added again."""

    def __init__(
        self, transport: Transport, hello: Frame, credential: Credential, person: Person | None = None
    ) -> None:
        """`hello` is the first frame, and is sent again when frames may have been lost."""
        self.credential = credential
        self.person = person
        self.ending: Ending | None = None  # why the connection has to end
        self._transport = transport
        self._hello_frame, self._hello = hello, as_text(hello)
        self._frames: dict[str, None] = {self._hello: None}
        self._size = 0
        self._sent_at = time.monotonic()
        self._lock = threading.Lock()

    def add(self, _frame: Frame, text: str, /) -> None:
        """Add a frame. Disconnects a client that lets too much wait."""
        with self._lock:
            if self.ending or text in self._frames:
                return
            is_first = not self._frames  # for the others, the thread has been woken up already
            self._frames[text] = None
            self._size += len(text)
            is_too_slow = self._size > MAX_BACKLOG
        if is_too_slow:
            self.end("too slow")
        elif is_first:
            self._transport.wake_up()

    def resynchronise(self) -> None:
        """Let the client read the API again."""
        self.add(self._hello_frame, self._hello)

    def seconds_until_ping(self) -> float:
        """How long there may be nothing to send."""
        return max(0.0, self._sent_at + PING_INTERVAL - time.monotonic())

    def take(self) -> str | None:
        """The next WebSocket message, with all frames that wait. None if there are none."""
        with self._lock:
            frames, self._frames, self._size = self._frames, {}, 0
            if not frames and time.monotonic() - self._sent_at >= PING_INTERVAL:
                frames = {_PING: None}
            if frames:
                self._sent_at = time.monotonic()
        return f"[{','.join(frames)}]" if frames else None

    def end(self, ending: Ending) -> None:
        """End the connection. What waits is not sent."""
        with self._lock:
            self.ending = self.ending or ending
            self._frames, self._size = {}, 0
        if self._transport.sending_since is None:
            self._transport.wake_up()
        else:
            self._transport.abort()

    def check(self, now: float) -> None:
        """Disconnect a client that does not read."""
        sending_since = self._transport.sending_since
        if sending_since is not None and now - sending_since > MAX_SENDING:
            self.end("too slow")
