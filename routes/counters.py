"""Where requests are counted without Redis. The limiter's own store in memory starts a thread for nearly every request,
which looks at every counter that there is; this one takes out what has expired now and then, on the way."""

import time
from threading import Lock
from typing import Any

from limits.storage import Storage

SCHEME = "counters"
_SWEEP = 10.0  # seconds


class Counters(Storage):
    """The store of `counters://`: by key a count and the moment at which it expires, in seconds of the epoch."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - a list is what the library has
    base_exceptions = ()

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: Any) -> None:
        super().__init__(uri, wrap_exceptions)
        self._lock = Lock()
        self._counts: dict[str, tuple[int, float]] = {}
        self._next_sweep = 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.time()
        with self._lock:
            if now >= self._next_sweep:
                self._next_sweep = now + _SWEEP
                self._counts = {each: counted for each, counted in self._counts.items() if counted[1] > now}
            count, expires = self._counts.get(key, (0, 0.0))
            if expires <= now:
                count, expires = 0, now + expiry
            self._counts[key] = count + amount, expires
        return count + amount

    def get(self, key: str) -> int:
        count, expires = self._counts.get(key, (0, 0.0))
        return count if expires > time.time() else 0

    def get_expiry(self, key: str) -> float:
        return self._counts.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            count = len(self._counts)
            self._counts = {}
        return count

    def clear(self, key: str) -> None:
        with self._lock:
            self._counts.pop(key, None)
