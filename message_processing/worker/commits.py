"""Saves results until the database accepts them: a model was paid for them, so the work is not repeated."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from core.errors import DatabaseUnavailable

FIRST_DELAY = 0.5  # seconds; each further one is twice as long
MAX_DELAY = 5.0  # seconds
MAX_SECONDS = 900.0  # seconds after which a result is given up

logger = logging.getLogger(__name__)

T = TypeVar("T")


class ResultLost(Exception):
    """The database did not accept a result for MAX_SECONDS."""


def retry_delay(failures: int) -> float:
    """Seconds until the next attempt, after this number of failures."""
    return min(MAX_DELAY, FIRST_DELAY * 2.0 ** (failures - 1))


def save(write: Callable[[], T], fields: dict[str, str], while_waiting: Callable[[DatabaseUnavailable], None]) -> T:
    """Call `write`, and again as long as it raises DatabaseUnavailable. Raises ResultLost in the end.

    `fields` are those of log lines. `while_waiting` is called with the error after each failure.
    """
    started, failures = time.monotonic(), 0
    while True:
        try:
            result = write()
        except DatabaseUnavailable as error:
            failures += 1
            if time.monotonic() - started > MAX_SECONDS:
                logger.error("result given up", extra={**fields, "cause": error.message})
                raise ResultLost from error
            if failures == 1:
                logger.warning("result not saved yet", extra={**fields, "cause": error.message})
            while_waiting(error)
            time.sleep(retry_delay(failures))
            continue
        if failures:
            logger.info("result saved after %d failures", failures, extra=fields)
        return result
