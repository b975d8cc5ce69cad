"""A circuit breaker: stops calling a model server that is down, so that customers do not wait for it.

While closed, it allows all requests. After `MAX_FAILURES` failures in a row it opens, and requests fail immediately. A
stage's fixed reply can then answer without waiting. After `cool_down` seconds it allows one request, which closes the
circuit breaker if it succeeds and opens it again if it fails.
"""

import threading
import time

from core import metrics

MAX_FAILURES = 10
COOL_DOWN = 5.0  # seconds


class CircuitBreaker:
    """The circuit breaker of one model server. Instances are thread-safe."""

    def __init__(self, cool_down: float = COOL_DOWN) -> None:
        self._cool_down = cool_down
        self._lock = threading.Lock()
        self._failures = 0
        self._next_trial_at = 0.0  # time.monotonic()

    def allow_request(self) -> bool:
        """Returns whether a request may be sent. While open, one caller per cool-down may send a trial request."""
        with self._lock:
            if self._failures < MAX_FAILURES:
                return True
            if time.monotonic() < self._next_trial_at:
                return False
            self._next_trial_at = time.monotonic() + self._cool_down
            return True

    def record_success(self) -> None:
        """Records that the server answered, even if it rejected the request."""
        if self._failures >= MAX_FAILURES:
            metrics.set_circuit_open(is_open=False)
        self._failures = 0

    def record_failure(self) -> None:
        """Records that the server was unreachable, failed or did not answer in time."""
        with self._lock:
            self._failures += 1
            if self._failures == MAX_FAILURES:
                metrics.set_circuit_open(is_open=True)
            self._next_trial_at = time.monotonic() + self._cool_down
