"""The semaphore in front of the connection pool serves its callers in order."""

import threading
from concurrent.futures import ThreadPoolExecutor

from core.fair_semaphore import FairSemaphore


def test_slot_is_handed_to_the_caller_that_waits() -> None:
    """A new caller cannot overtake it between the release and its wake-up."""
    semaphore = FairSemaphore(1)
    assert semaphore.acquire(0)
    for _ in range(200):
        started, served = threading.Event(), threading.Event()

        def wait(started: threading.Event = started, served: threading.Event = served) -> None:
            started.set()
            if semaphore.acquire(30):
                served.set()

        waiter = threading.Thread(target=wait)
        waiter.start()
        started.wait()
        while not served.is_set():  # until it waits, this thread gets the slot back; from then on, the waiter has it
            semaphore.release()
            if not semaphore.acquire(0):
                break
        waiter.join(30)
        assert served.is_set()


def test_callers_beyond_the_slots_are_all_served() -> None:
    semaphore, in_use, most, lock = FairSemaphore(2), [0], [0], threading.Lock()

    def use(_: int) -> bool:
        acquired = semaphore.acquire(30)
        with lock:
            in_use[0] += 1
            most[0] = max(most[0], in_use[0])
        with lock:
            in_use[0] -= 1
        semaphore.release()
        return acquired

    with ThreadPoolExecutor(20) as threads:
        assert all(threads.map(use, range(500)))
    assert most[0] <= 2


def test_caller_that_gives_up_takes_no_slot() -> None:
    semaphore = FairSemaphore(1)
    assert semaphore.acquire(0)
    assert not semaphore.acquire(0.01)
    semaphore.release()
    assert semaphore.acquire(0)
    assert not semaphore.acquire(0)
