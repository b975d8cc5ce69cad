"""In-memory storage for flask-limiter, used without Redis. The library's own memory storage starts a thread for nearly
every request to remove expired counters; this one removes them from time to time while counting."""

import time
from threading import Lock
from typing import Any

from limits.storage import Storage

SCHEME = "counters"
_CLEANUP_INTERVAL = 10.0  # seconds


class Counters(Storage):
    """The storage for `counters://`: key → (count, Unix time at which it expires)."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - the library expects a list
    base_exceptions = ()

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: Any) -> None:
        super().__init__(uri, wrap_exceptions)
        self._lock = Lock()
        self._counts: dict[str, tuple[int, float]] = {}
        self._next_cleanup = 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add `amount` to the counter and return it. A new counter expires after `expiry` seconds."""
        now = time.time()
        with self._lock:
            if now >= self._next_cleanup:
                self._next_cleanup = now + _CLEANUP_INTERVAL
                self._counts = {each: counter for each, counter in self._counts.items() if counter[1] > now}
            count, expires = self._counts.get(key, (0, 0.0))
            if expires <= now:
                count, expires = 0, now + expiry
            self._counts[key] = count + amount, expires
        return count + amount

    def get(self, key: str) -> int:
        """The counter's value, 0 if it has expired."""
        count, expires = self._counts.get(key, (0, 0.0))
        return count if expires > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """The Unix time at which the counter expires."""
        return self._counts.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        """Memory is always available."""
        return True

    def reset(self) -> int:
        """Delete all counters and return how many there were."""
        with self._lock:
            count = len(self._counts)
            self._counts = {}
        return count

    def clear(self, key: str) -> None:
        """Delete one counter."""
        with self._lock:
            self._counts.pop(key, None)
