"""The in-memory storage of the rate limiter."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.counters import Counters


@given(st.lists(st.floats(0, 50), max_size=60), st.integers(1, 5))
def test_no_window_has_more_requests_than_the_limit(pauses: list[float], limit: int) -> None:
    counters, now, accepted = Counters(), 1000.0, []
    with pytest.MonkeyPatch.context() as patch:
        for pause in pauses:
            now += pause
            patch.setattr(time, "time", lambda now=now: now)
            before = [each for each in accepted if each > now - 60]
            assert counters.acquire_entry("a", limit, 60) is (len(before) < limit)
            if len(before) < limit:
                accepted.append(now)
            inside = [each for each in accepted if each > now - 60]
            assert counters.get_moving_window("a", limit, 60) == (inside[0], len(inside))


def test_keys_are_counted_separately() -> None:
    counters = Counters()
    assert [counters.acquire_entry(key, 2, 60) for key in ("a", "b", "a", "a", "b")] == [True, True, True, False, True]
    assert counters.acquire_entry("c", 2, 60, amount=3) is False
    counters.clear("a")
    assert counters.get_moving_window("a", 2, 60)[1] == 0
    assert (counters.reset(), counters.get_moving_window("b", 2, 60)[1]) == (2, 0)


def test_requests_without_a_limit_are_counted_in_the_same_window(monkeypatch: pytest.MonkeyPatch) -> None:
    counters, now = Counters(), [1000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    assert (counters.get("a"), counters.incr("a", 60), counters.incr("a", 60, 2)) == (0, 1, 3)
    assert (counters.get("a"), counters.get_expiry("a"), counters.get_expiry("b")) == (3, 1060, 1000)
    now[0] += 60
    assert (counters.get("a"), counters.incr("a", 60)) == (0, 1)


def test_concurrent_requests_never_exceed_the_limit() -> None:
    counters = Counters()
    accepted: list[bool] = []
    threads = [
        threading.Thread(target=lambda: accepted.extend(counters.acquire_entry("a", 2000, 60) for _ in range(500)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (accepted.count(True), accepted.count(False)) == (2000, 2000)


def test_expired_counters_are_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    counters = Counters()
    for number in range(100):
        counters.acquire_entry(f"customer {number}", 5, 20)
    counters.acquire_entry("customer", 5, 60)
    later = time.time() + 30
    monkeypatch.setattr(time, "time", lambda: later)
    counters.acquire_entry("another", 5, 60)
    assert counters.reset() == 2
