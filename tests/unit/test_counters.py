"""The in-memory storage of the rate limiter."""

import threading
import time

import pytest

from routes.counters import Counters


def test_keys_are_counted_separately_until_they_expire() -> None:
    store = Counters()
    assert [store.incr("a", 60), store.incr("b", 60), store.incr("a", 60, 3)] == [1, 1, 4]
    assert (store.get("a"), store.get("b"), store.get("c")) == (4, 1, 0)
    assert store.get_expiry("a") > store.get_expiry("c")
    assert [store.incr("short", -1), store.get("short"), store.incr("short", 60), store.incr("short", 60)] == [
        1,
        0,
        1,
        2,
    ]
    store.clear("a")
    assert (store.get("a"), store.reset(), store.get("b")) == (0, 2, 0)


def test_concurrent_increments_are_all_counted() -> None:
    store = Counters()
    threads = [threading.Thread(target=lambda: [store.incr("a", 60) for _ in range(1000)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get("a") == 8000


def test_expired_counters_are_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Counters()
    for number in range(100):
        store.incr(f"customer {number}", -1)
    store.incr("customer", 60)
    later = time.time() + 30
    monkeypatch.setattr(time, "time", lambda: later)
    store.incr("another", 60)
    assert store.reset() == 2
