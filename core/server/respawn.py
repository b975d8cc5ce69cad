"""Delays the start of a process after others have ended soon after theirs, for example because the database is full."""

import time

MIN_LIFETIME = 10.0  # seconds; a process that ends sooner counts as failed
FIRST_DELAY = 0.5  # seconds; twice as long after each further failure
MAX_DELAY = 20.0  # seconds; less than gunicorn's timeout for a process without a heartbeat

_started: dict[int, float] = {}  # by the worker's number
_failures = 0  # since the last process that did not end too soon


def note_start(number: int) -> None:
    """In the master: a worker is about to be forked."""
    _started[number] = time.monotonic()


def note_end(number: int) -> None:
    """In the master: a worker has ended."""
    global _failures
    lifetime = time.monotonic() - _started.pop(number, 0.0)
    _failures = 0 if lifetime >= MIN_LIFETIME + start_delay() else _failures + 1


def start_delay() -> float:
    """Seconds that the next worker waits before it starts."""
    return min(MAX_DELAY, FIRST_DELAY * 2.0 ** (_failures - 1)) if _failures else 0.0


def wait_before_start() -> None:
    """In the worker: wait. A signal ends the process meanwhile."""
    time.sleep(start_delay())
