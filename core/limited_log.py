"""Logs repeated warnings at most once per interval, with the number of those left out."""

import logging
import threading
import time
from collections import OrderedDict
from typing import Any

INTERVAL = 10.0  # seconds
_MAX_KEYS = 1_000


class LimitedLog:
    """Limits the warnings of one logger. Thread-safe."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._lock = threading.Lock()
        # By key: the time.monotonic() of the last line, and the number of warnings left out since then.
        self._logged: OrderedDict[tuple[str, ...], tuple[float, int]] = OrderedDict()

    def warning(self, message: str, *key: str, **extra: Any) -> None:
        """Logs a warning with the fields `extra`, unless one with the same message and key was logged recently."""
        now, key = time.monotonic(), (message, *key)
        with self._lock:
            last, left_out = self._logged.pop(key, (now - INTERVAL, 0))
            is_due = now - last >= INTERVAL
            self._logged[key] = (now, 0) if is_due else (last, left_out + 1)
            if len(self._logged) > _MAX_KEYS:
                self._logged.popitem(last=False)
        if is_due:
            self._logger.warning(message, extra={**extra, "left_out": left_out})
