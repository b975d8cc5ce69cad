"""A circuit breaker for a model server: one that is down is not asked again and again, with customers waiting.

Closed, calls go through. After `FAILURES` outages in a row it opens: calls fail at once, so that a stage's fixed reply
answers without a wait. After `cool_down` seconds one call is let through to try: it closes the circuit, or opens it
anew.
"""

import threading
import time

from core import metrics

FAILURES = 10
COOL_DOWN = 5.0


class Circuit:
    def __init__(self, cool_down: float = COOL_DOWN) -> None:
        self._cool_down = cool_down
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_again_at = 0.0  # of time.monotonic(); when the next call may try

    def lets_through(self) -> bool:
        """Whether the server is to be asked. Of an open circuit's callers one may try after each cool-down."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if time.monotonic() < self._closed_again_at:
                return False
            self._closed_again_at = time.monotonic() + self._cool_down
            return True

    def succeeded(self) -> None:
        """The server answered, be it with a refusal."""
        if self._failures >= FAILURES:
            metrics.set_circuit_open(is_open=False)
        self._failures = 0

    def failed(self) -> None:
        """The server could not be reached, failed, or fell silent."""
        with self._lock:
            self._failures += 1
            if self._failures == FAILURES:
                metrics.set_circuit_open(is_open=True)
            self._closed_again_at = time.monotonic() + self._cool_down
