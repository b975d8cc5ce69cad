"""Measures how late the event loop of a process is.

A greenlet that does not wait for anything delays all others. Each measurement is the time by which a short sleep took
too long, so it includes the time in which other greenlets were ready first.
"""

import time

import gevent

from core import metrics

_INTERVAL = 0.05  # seconds between measurements


def measure_loop_lag() -> None:
    """Record measurements until the greenlet ends."""
    while True:
        started = time.monotonic()
        gevent.sleep(_INTERVAL)
        metrics.observe_loop_lag(max(0.0, time.monotonic() - started - _INTERVAL))
