"""The application with views that keep a process busy, each for about BUSY_SECONDS: `tests.support.busy_app:app`."""

import time
from collections.abc import Callable

from argon2 import PasswordHasher
from gevent.monkey import get_original

from app import app
from message_processing.engines.rules.similarity import SimilarityModel
from security import passwords

BUSY_SECONDS = 4.0
_CALIBRATION = 8  # of the units of work that a view measures first

__all__ = ["app"]


def _work_for_a_while(work: Callable[[int], object]) -> str:
    """Call `work` with a number of units of work that takes about BUSY_SECONDS."""
    start = time.monotonic()
    work(_CALIBRATION)
    work(int(_CALIBRATION * BUSY_SECONDS / (time.monotonic() - start)))
    return "done"


@app.get("/sleep")
def sleep() -> str:
    get_original("time", "sleep")(BUSY_SECONDS)  # the patched one does not block the loop
    return "done"


@app.get("/hash")
def hash_slowly() -> str:
    def work(cost: int) -> None:
        passwords._HASHER = PasswordHasher(time_cost=cost, memory_cost=19_456, parallelism=1)
        passwords.hash_password("a password")

    return _work_for_a_while(work)


@app.get("/embed")
def embed() -> str:
    model = SimilarityModel()

    def work(count: int) -> None:
        model.compare("hello", [[f"sentence {count} {number} about parcels and returns" for number in range(count)]])

    return _work_for_a_while(work)
