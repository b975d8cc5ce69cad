"""Limits how many messages are answered at the same time, so that one business with a slow model cannot occupy a
whole process, and other requests are not delayed."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from uuid import UUID

from core.errors import RateLimited

_SHARE_OF_MESSAGES = 0.75  # of the process's requests; the others are health checks, reads and edits
_SHARE_OF_BUSINESS = 0.25  # the default for one business
_RETRY_AFTER = "5"  # seconds


def max_turns_of_business(requests: int, configured: int | None) -> int:
    """How many messages of one business a process that handles `requests` requests answers at the same time."""
    return configured or max(1, int(requests * _SHARE_OF_BUSINESS))


class Capacity:
    """The messages of one process that are being answered."""

    def __init__(
        self, requests: int, max_turns_per_business: int | None, turns_in_flight: Callable[[UUID], int]
    ) -> None:
        """`turns_in_flight` returns a business's unfinished turns in this process: a turn continues when its client
        disconnects. Without `max_turns_per_business`, it is a quarter of `requests`."""
        self._max_requests = max(1, int(requests * _SHARE_OF_MESSAGES))
        self._max_per_business = max_turns_of_business(requests, max_turns_per_business)
        self._turns_in_flight = turns_in_flight
        self._lock = Lock()
        self._requests: Counter[UUID] = Counter()

    @contextmanager
    def reserve(self, business_id: UUID) -> Iterator[None]:
        """Count a request that waits for a reply until the context ends. Raises RateLimited above the limits."""
        with self._lock:
            in_flight = max(self._requests[business_id], self._turns_in_flight(business_id))
            if in_flight >= self._max_per_business:
                raise _rate_limited("Too many messages of this business are being answered.")
            if self._requests.total() >= self._max_requests:
                raise _rate_limited("Too many messages are being answered.")
            self._requests[business_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._requests[business_id] -= 1
                if not self._requests[business_id]:
                    del self._requests[business_id]


def _rate_limited(message: str) -> RateLimited:
    return RateLimited(message, headers={"Retry-After": _RETRY_AFTER})
