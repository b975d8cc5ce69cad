"""Sends the events of one turn to everyone who follows it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Lock
from typing import Protocol

from message_processing.events import Held, MessageDelta, MessageReset, TurnEvent


class ReplyStream(Protocol):
    """Receives a reply while the model writes it."""

    @property
    def wants_deltas(self) -> bool:
        """Whether a subscriber wants the reply while it is written."""
        ...

    def add_delta(self, text: str) -> None:
        """Add the next piece of the reply."""
        ...

    def reset_reply(self) -> None:
        """Discard the pieces so far: another attempt follows."""
        ...


class Broadcast:
    """All subscribers receive the same events in the same order; a late one first receives the reply so far."""

    def __init__(self, listener: Callable[[TurnEvent], None] | None = None) -> None:
        """The listener is called with each event, and must not wait."""
        self._listener = listener
        self._wants_deltas: dict[SimpleQueue[TurnEvent], bool] = {}
        self._reply = ""  # as sent so far
        self._held: Held | None = None  # the last event, after which nothing is sent
        self._lock = Lock()

    def subscribe(self, wants_deltas: bool) -> SimpleQueue[TurnEvent]:
        """A queue of the events from now on. `wants_deltas` is whether to stream the reply while it is written."""
        queue: SimpleQueue[TurnEvent] = SimpleQueue()
        with self._lock:
            if self._reply:
                queue.put(MessageDelta(self._reply))
            if self._held:
                queue.put(self._held)
            self._wants_deltas[queue] = wants_deltas
        return queue

    def unsubscribe(self, queue: SimpleQueue[TurnEvent]) -> None:
        with self._lock:
            self._wants_deltas.pop(queue, None)

    def publish(self, event: TurnEvent) -> None:
        with self._lock:
            self._put(event)

    @property
    def wants_deltas(self) -> bool:
        """Whether a subscriber wants the reply while it is written."""
        with self._lock:
            return not self._held and any(self._wants_deltas.values())

    def add_delta(self, text: str) -> None:
        """Send the next piece of the reply."""
        with self._lock:
            if not self._held:
                self._reply += text
                self._put(MessageDelta(text))

    def reset_reply(self) -> None:
        """Tell the subscribers to discard the pieces sent so far."""
        with self._lock:
            self._withdraw_reply()

    def hold(self, end: Held) -> None:
        """Withdraw the pieces sent so far, and send this as the last event: a person handles the conversation."""
        with self._lock:
            self._withdraw_reply()
            self._put(end)
            self._held = end

    def complete_reply(self, reply: str) -> None:
        """Make the streamed text equal the stored reply. Sends nothing if it already is."""
        if self.wants_deltas and self._reply.strip() != reply:
            self.reset_reply()
            self.add_delta(reply)

    @contextmanager
    def reset_on_error(self) -> Iterator[None]:
        """Reset the reply if the attempt fails: the next attempt, perhaps in another process, starts over."""
        try:
            yield
        except BaseException:
            self.reset_reply()
            raise

    def _withdraw_reply(self) -> None:
        if self._reply:
            self._reply = ""
            self._put(MessageReset())

    def _put(self, event: TurnEvent) -> None:
        if not self._held:
            for queue in self._wants_deltas:
                queue.put(event)
            if self._listener:
                self._listener(event)


class HeldReply:
    """A reply that may not be needed. Its pieces are kept until `release` sends them; after `drop`, none is sent."""

    def __init__(self, broadcast: Broadcast) -> None:
        self._broadcast = broadcast
        self._held: str | None = ""  # None: released
        self._is_dropped = False
        self._lock = Lock()  # so that no piece overtakes those that were held

    @property
    def wants_deltas(self) -> bool:
        return self._broadcast.wants_deltas

    def add_delta(self, text: str) -> None:
        with self._lock:
            if self._is_dropped:
                return
            if self._held is None:
                self._broadcast.add_delta(text)
            else:
                self._held += text

    def reset_reply(self) -> None:
        with self._lock:
            if self._is_dropped:
                return
            if self._held is None:
                self._broadcast.reset_reply()
            else:
                self._held = ""

    def release(self) -> None:
        """Send the pieces so far, and all further ones as they come."""
        with self._lock:
            if self._held and not self._is_dropped:
                self._broadcast.add_delta(self._held)
            self._held = None

    def drop(self) -> None:
        """Never send any piece."""
        with self._lock:
            self._is_dropped = True
