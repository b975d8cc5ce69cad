"""Repeats failed requests to one model until one succeeds, the attempts are used up or the deadline is near."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from llm.failures import RequestFailed

MAX_ATTEMPTS = 3  # per model
_BACKOFF = 0.5  # seconds before the second attempt; doubled for the third

T = TypeVar("T")


def with_retries(send: Callable[[float], T], deadline: float) -> T:
    """Calls `send` with the number of seconds left until it returns. `deadline` is in the units of time.monotonic().

    If the server rejected something that `send` leaves out next time (`is_remedied`), the request is sent again
    immediately and does not count as a failed attempt. Raises the last RequestFailed.
    """
    failed_attempts = 0
    while True:
        seconds_left = deadline - time.monotonic()
        if seconds_left <= 0:
            raise RequestFailed("timeout: no time was left for a request", timed_out=True, was_sent=False)
        try:
            return send(seconds_left)
        except RequestFailed as failure:
            if failure.is_remedied:
                continue
            failed_attempts += 1
            wait = max(failure.retry_after, _pause_before(failed_attempts + 1))
            if failure.is_final or failed_attempts == MAX_ATTEMPTS or time.monotonic() + wait >= deadline:
                raise
        time.sleep(wait)


def _pause_before(attempt: int) -> float:
    """Returns the seconds to wait before an attempt. They are random, so that many turns do not retry at once."""
    return _BACKOFF * 2.0 ** (attempt - 2) * random.uniform(0.5, 1)  # noqa: S311
