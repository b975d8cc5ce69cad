"""A circuit breaker: stops calling a model whose server is down, so that customers do not wait for it.

While closed, it allows all requests. After `MAX_FAILURES` failures in a row it opens, and requests fail immediately. A
stage's fixed reply can then answer without waiting. After `cool_down` seconds the next request is a trial. Requests
that arrive during the trial wait for its result, so that no turn fails because of an outage that is over: if the trial
succeeds, all of them are sent, otherwise the circuit breaker opens again.
"""

import logging
import threading
import time

from core import metrics

MAX_FAILURES = 10
COOL_DOWN = 5.0  # seconds

logger = logging.getLogger(__name__)


class CircuitBreaker:
    """The circuit breaker of one model of one server. Instances are thread-safe.

    The caller of `admit` reports the result of the request with one of the `record_` methods.
    """

    def __init__(self, model: str = "", cool_down: float = COOL_DOWN) -> None:
        self._model = model
        self._cool_down = cool_down
        self._changed = threading.Condition()
        self._failures = 0
        self._next_trial_at = 0.0  # time.monotonic()
        self._trial_is_running = False

    @property
    def is_open(self) -> bool:
        """Returns whether the server counts as down, until a trial succeeds."""
        return self._failures >= MAX_FAILURES

    @property
    def seconds_to_trial(self) -> float:
        """Returns the seconds until the next trial, 0 if it may be now."""
        return max(self._next_trial_at - time.monotonic(), 0.0)

    def admit(self, seconds: float) -> bool:
        """Returns whether a request may be sent. Waits up to `seconds` for the result of a trial."""
        if not self.is_open:
            return True
        with self._changed:
            self._changed.wait_for(lambda: not (self.is_open and self._trial_is_running), seconds)
            if not self.is_open:
                return True
            if self._trial_is_running or self.seconds_to_trial:
                return False
            self._trial_is_running = True
            return True

    def record_success(self) -> None:
        """Records that the server answered, even if it rejected the request."""
        if not self._failures:
            return
        with self._changed:
            if self.is_open:
                metrics.circuit_closed()
                logger.info("circuit breaker closed", extra={"model": self._model})
            self._failures = 0
            self._end_trial()

    def record_failure(self, cause: str = "") -> None:
        """Records that the server was unreachable, failed or did not answer in time."""
        with self._changed:
            self._failures += 1
            if self._failures == MAX_FAILURES:
                metrics.circuit_opened()
                extra = {"error_code": "LLM_UNAVAILABLE", "model": self._model, "cause": cause}
                logger.warning("circuit breaker opened", extra=extra)
            self._next_trial_at = time.monotonic() + self._cool_down
            self._end_trial()

    def record_nothing(self) -> None:
        """Records that the request says nothing about the server, for example because of a caller's own timeout."""
        if self.is_open:
            with self._changed:
                self._end_trial()

    def _end_trial(self) -> None:
        self._trial_is_running = False
        self._changed.notify_all()
