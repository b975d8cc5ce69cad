"""A semaphore that serves its callers in order."""

import threading
from collections import deque


class FairSemaphore:
    """Like `threading.Semaphore`, but new callers cannot overtake waiting ones. Otherwise some might wait forever."""

    def __init__(self, value: int) -> None:
        self._value = value
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def acquire(self, timeout: float) -> bool:
        """Take a slot; False if none became free within `timeout` seconds."""
        with self._lock:
            if self._value > 0:
                self._value -= 1
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
            return True  # the slot was handed over at the last moment

    def release(self) -> None:
        """Give the slot to the caller that has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._value += 1
