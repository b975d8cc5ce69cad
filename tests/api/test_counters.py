"""Counting requests in memory."""

import threading
import time

import pytest

from routes.counters import Counters


def test_every_key_is_counted_by_itself_until_it_expires() -> None:
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


def test_none_is_lost_among_many_at_once() -> None:
    store = Counters()
    threads = [threading.Thread(target=lambda: [store.incr("a", 60) for _ in range(1000)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get("a") == 8000


def test_what_has_expired_takes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Counters()
    for number in range(100):
        store.incr(f"customer {number}", -1)
    store.incr("customer", 60)
    later = time.time() + 30
    monkeypatch.setattr(time, "time", lambda: later)
    store.incr("another", 60)
    assert store.reset() == 2
