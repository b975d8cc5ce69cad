"""Limits how much of something each business does at the same time in this process."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID


class LimitPerBusiness:
    """Thread-safe. Callers do not wait for a free slot."""

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self._lock = threading.Lock()
        self._taken: Counter[UUID] = Counter()

    @contextmanager
    def slot(self, business_id: UUID) -> Iterator[bool]:
        """Yields whether the business has another slot now."""
        with self._lock:
            has_slot = self._taken[business_id] < self._maximum
            self._taken[business_id] += has_slot
        try:
            yield has_slot
        finally:
            with self._lock:
                self._taken[business_id] -= has_slot
                if not self._taken[business_id]:
                    del self._taken[business_id]
