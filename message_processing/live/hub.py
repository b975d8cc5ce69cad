"""The live connections of one process, by business."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from core import metrics
from core.errors import RateLimited
from message_processing.live.listener import Frame, Listener
from message_processing.live.presence import Person

ABOUT_USERS = ("typing", "presence")  # types of frames
_RETRY_AFTER = "10"  # seconds
_MAX_UNAUTHENTICATED = 50  # clients of a process that have not authenticated yet


class Hub:
    """The listeners of one process. Limits how many there are, per business and together."""

    def __init__(self, max_listeners: int, max_per_business: int) -> None:
        self._max = max_listeners
        self._max_per_business = max_per_business
        self._lock = threading.Lock()
        self._by_business: dict[UUID, set[Listener]] = {}
        self._count = 0
        self._unauthenticated = 0
        self._is_closed = False

    @property
    def is_empty(self) -> bool:
        """Whether nobody is connected to this process."""
        return not self._count

    def check_capacity(self, business_id: UUID | None) -> None:
        """Raises RateLimited if the limits allow no further listener of the business, or, for None, no further client
        that has not authenticated yet."""
        with self._lock:
            self._check_capacity(business_id)

    @contextmanager
    def authenticating(self) -> Iterator[None]:
        """Count a client that has not authenticated yet. Raises RateLimited."""
        with self._lock:
            self._check_capacity(None)
            self._unauthenticated += 1
        try:
            yield
        finally:
            with self._lock:
                self._unauthenticated -= 1

    @contextmanager
    def listening(self, business_id: UUID, listener: Listener) -> Iterator[None]:
        """Pass the business's frames to the listener until the block ends. Raises RateLimited above the limits."""
        with self._lock:
            self._check_capacity(business_id)
            listeners = self._by_business.setdefault(business_id, set())
            listeners.add(listener)
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
                    del self._by_business[business_id]

    def deliver(self, business_id: UUID, frame: Frame, text: str) -> None:
        """Pass a frame to the listeners of its business. What a user does is only passed to others."""
        user_id = frame.get("user_id") if frame.get("type") in ABOUT_USERS else None
        for listener in self.listeners(business_id):
            if user_id is None or listener.person is None or str(listener.person.user_id) != str(user_id):
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
            listener.end("stopping")

    def check(self, now: float) -> None:
        """Let each listener find out whether its client has stopped reading."""
        for listener in self.all_listeners():
            listener.check(now)

    def listeners(self, business_id: UUID) -> list[Listener]:
        with self._lock:
            return list(self._by_business.get(business_id, ()))

    def people(self, business_id: UUID) -> list[Person]:
        """The members of the business's team who are connected to this process."""
        return [each.person for each in self.listeners(business_id) if each.person]

    def all_people(self) -> dict[UUID, list[Person]]:
        """The members who are connected to this process, by business."""
        with self._lock:
            business_ids = list(self._by_business)
        return {business_id: people for business_id in business_ids if (people := self.people(business_id))}

    def all_listeners(self) -> list[Listener]:
        with self._lock:
            return [listener for listeners in self._by_business.values() for listener in listeners]

    def _check_capacity(self, business_id: UUID | None) -> None:
        used = len(self._by_business.get(business_id, ())) if business_id else self._unauthenticated
        limit = self._max_per_business if business_id else _MAX_UNAUTHENTICATED
        if self._is_closed or self._count >= self._max or used >= limit:
            raise RateLimited("Too many live connections are open.", headers={"Retry-After": _RETRY_AFTER})
