"""In-memory storage for flask-limiter, used without Redis. The library's own memory storage starts a thread for nearly
every request to remove expired entries; this one removes them from time to time while counting."""

import sys
import time
from collections import deque
from threading import Lock
from typing import Any

from limits.storage import MovingWindowSupport, Storage

SCHEME = "counters"
_CLEANUP_INTERVAL = 10.0  # seconds


class Counters(Storage, MovingWindowSupport):
    """The storage for `counters://`: for each key the times of the requests in the current window.

    The limiter only uses the moving window: at most `limit` requests in any `expiry` seconds. The base class requires
    the other methods.
    """

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - the library expects a list
    base_exceptions = ()

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: Any) -> None:
        super().__init__(uri, wrap_exceptions)
        self._lock = Lock()
        self._times: dict[str, deque[float]] = {}
        self._expiry: dict[str, int] = {}
        self._next_cleanup = 0.0

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` requests unless that would make more than `limit` in the last `expiry` seconds."""
        now = time.time()
        with self._lock:
            if now >= self._next_cleanup:
                self._next_cleanup = now + _CLEANUP_INTERVAL
                self._remove_expired(now)
            times = self._times.setdefault(key, deque())
            self._expiry[key] = expiry
            while times and times[0] <= now - expiry:
                times.popleft()
            if len(times) + amount > limit:
                return False
            times.extend([now] * amount)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002
        """The time of the oldest request in the window, and the number of requests in it."""
        now = time.time()
        with self._lock:
            times = [each for each in self._times.get(key, ()) if each > now - expiry]
        return (times[0], len(times)) if times else (now, 0)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` requests without a limit. The number of requests in the window."""
        self.acquire_entry(key, sys.maxsize, expiry, amount)
        return self.get(key)

    def get(self, key: str) -> int:
        """The number of requests in the window that the key was last counted with."""
        return self.get_moving_window(key, 0, self._expiry.get(key, 0))[1]

    def get_expiry(self, key: str) -> float:
        """The time at which the oldest request in that window no longer counts."""
        expiry = self._expiry.get(key, 0)
        return self.get_moving_window(key, 0, expiry)[0] + expiry

    def check(self) -> bool:
        """Memory is always available."""
        return True

    def reset(self) -> int:
        """Delete all counters and return how many there were."""
        with self._lock:
            count = len(self._times)
            self._times = {}
            self._expiry = {}
        return count

    def clear(self, key: str) -> None:
        """Delete one counter."""
        with self._lock:
            self._times.pop(key, None)
            self._expiry.pop(key, None)

    def _remove_expired(self, now: float) -> None:
        for key in [each for each, times in self._times.items() if not times or times[-1] <= now - self._expiry[each]]:
            del self._times[key], self._expiry[key]
