"""The live connections of one process, by business."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

from core import metrics
from core.errors import RateLimited

Frame = dict[str, Any]

_RETRY_AFTER = "10"  # seconds


def as_text(frame: Frame) -> str:
    """The JSON of a frame."""
    return json.dumps(frame, separators=(",", ":"), default=str)


class Listener(Protocol):
    """Receives the frames of a business. The calls are short and never raise."""

    @property
    def user_id(self) -> UUID | None:
        """The member of the team who is connected, if it is one."""
        ...

    def add(self, frame: Frame, text: str, /) -> None:
        """Receive a frame; `text` is its JSON."""
        ...

    def resynchronise(self) -> None:
        """Frames may have been lost."""
        ...

    def close(self) -> None:
        """End, because the server stops."""
        ...

    def check(self, now: float) -> None:
        """Called about once per second."""
        ...


class Hub:
    """The listeners of one process. Limits how many there are, per business and together."""

    def __init__(self, max_listeners: int, max_per_business: int) -> None:
        self._max = max_listeners
        self._max_per_business = max_per_business
        self._lock = threading.Lock()
        self._by_business: dict[UUID, set[Listener]] = {}
        self._count = 0
        self._is_closed = False

    @property
    def is_empty(self) -> bool:
        """Whether nobody is connected to this process."""
        return not self._count

    @contextmanager
    def listening(self, business_id: UUID, listener: Listener) -> Iterator[None]:
        """Pass the business's frames to the listener until the block ends. Raises RateLimited above the limits."""
        with self._lock:
            listeners = self._by_business.get(business_id, set())
            if self._is_closed or self._count >= self._max or len(listeners) >= self._max_per_business:
                raise RateLimited("Too many live connections are open.", headers={"Retry-After": _RETRY_AFTER})
            self._by_business.setdefault(business_id, listeners).add(listener)
            self._count += 1
        metrics.live_connection_opened()
        try:
            yield
        finally:
            metrics.live_connection_closed()
            with self._lock:
                self._count -= 1
                listeners.discard(listener)
                if not listeners:
                    self._by_business.pop(business_id, None)

    def deliver(self, business_id: UUID, frame: Frame, text: str, sender: Listener | None = None) -> None:
        """Pass a frame to the listeners of its business, except the sender."""
        for listener in self.listeners(business_id):
            if listener is not sender:
                listener.add(frame, text)

    def resynchronise(self) -> None:
        """Tell all listeners that frames may have been lost."""
        for listener in self.all_listeners():
            listener.resynchronise()

    def close(self) -> None:
        """End all listeners, and accept no more."""
        with self._lock:
            self._is_closed = True
        for listener in self.all_listeners():
            listener.close()

    def check(self, now: float) -> None:
        """Let each listener find out whether its client has stopped reading."""
        for listener in self.all_listeners():
            listener.check(now)

    def listeners(self, business_id: UUID) -> list[Listener]:
        with self._lock:
            return list(self._by_business.get(business_id, ()))

    def users(self, business_id: UUID) -> list[UUID]:
        """The members of the business's team who are connected to this process."""
        return sorted({each.user_id for each in self.listeners(business_id) if each.user_id})

    def all_users(self) -> dict[UUID, list[UUID]]:
        """The members who are connected to this process, by business."""
        with self._lock:
            business_ids = list(self._by_business)
        return {business_id: users for business_id in business_ids if (users := self.users(business_id))}

    def all_listeners(self) -> list[Listener]:
        with self._lock:
            return [listener for listeners in self._by_business.values() for listener in listeners]
