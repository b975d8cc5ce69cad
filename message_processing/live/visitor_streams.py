"""Limits the streams of visitors, so that they cannot take the live connections of the business's team."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from core.errors import RateLimited

MAX_PER_VISITOR = 4  # tabs and devices
_RETRY_AFTER = "30"  # seconds


class VisitorStreams:
    """The streams of visitors in one process: at most half of all live connections, and of those of a business."""

    def __init__(self, max_connections: int, max_per_business: int) -> None:
        """The limits are those of live connections."""
        self._max = max(1, max_connections // 2)
        self._max_per_business = max(1, max_per_business // 2)
        self._lock = threading.Lock()
        self._by_business: Counter[UUID] = Counter()
        self._by_visitor: Counter[tuple[UUID, str]] = Counter()

    @contextmanager
    def counting(self, business_id: UUID, sender_id: str) -> Iterator[None]:
        """Count a stream until the block ends. Raises RateLimited above the limits."""
        visitor = business_id, sender_id
        with self._lock:
            if (
                self._by_business.total() >= self._max
                or self._by_business[business_id] >= self._max_per_business
                or self._by_visitor[visitor] >= MAX_PER_VISITOR
            ):
                raise RateLimited("Too many streams are open.", headers={"Retry-After": _RETRY_AFTER})
            self._by_business[business_id] += 1
            self._by_visitor[visitor] += 1
        try:
            yield
        finally:
            with self._lock:
                self._by_business -= Counter([business_id])  # removes zeros
                self._by_visitor -= Counter([visitor])
