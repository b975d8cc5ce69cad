"""Whether the model answers, judged by its most recent calls.

- `unknown`: there was no call in the last ten minutes.
- `down`: the last three calls failed; or the last one failed, and none has succeeded for five seconds.
- `degraded`: the last call failed, or one that failed ended less than five seconds ago.
- `ok`: everything else.

A refusal is an answer. A request that is corrected and sent again, because the server rejected a parameter, is not
counted.
"""

import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any, NotRequired, TypedDict

WINDOW = timedelta(minutes=10)
MAX_CALLS = 20  # that are looked at
_FAILURES_WHEN_DOWN = 3
_RECENT = timedelta(seconds=5)
_NOT_CALLED = "circuit:"  # the error of a call that the circuit breaker prevented


@dataclass(frozen=True)
class CallResult:
    """When a call ended, and its error as in `Call.error`, None if the model answered."""

    ended_at: datetime
    error: str | None


class ModelStatus(TypedDict):
    """`status` is one of those above, or `none` without a model. `cause` is the last error, `since` when the first of
    the calls that failed in a row ended."""

    status: str
    cause: NotRequired[str]
    since: NotRequired[datetime]


NO_MODEL: ModelStatus = {"status": "none"}


def judge(results: Iterable[CallResult], now: datetime) -> ModelStatus:
    """Returns the status of the model at the time `now`."""
    newest = sorted((each for each in results if each.ended_at > now - WINDOW), key=lambda each: each.ended_at)[::-1]
    failures = [each for each in newest if each.error is not None]
    if not failures:
        return {"status": "ok" if newest else "unknown"}
    in_a_row = list(takewhile(lambda each: each.error is not None, newest))
    was_answered_recently = any(each.error is None and each.ended_at > now - _RECENT for each in newest)
    if not in_a_row and failures[0].ended_at <= now - _RECENT:
        return {"status": "ok"}
    is_down = len(in_a_row) >= _FAILURES_WHEN_DOWN or (in_a_row and not was_answered_recently)
    errors = [each.error for each in in_a_row or failures if each.error is not None]
    return {
        "status": "down" if is_down else "degraded",
        "cause": next((error for error in errors if not error.startswith(_NOT_CALLED)), errors[0]),
        "since": (in_a_row or failures[:1])[-1].ended_at,
    }


def results_of(rows: Sequence[Mapping[str, Any]]) -> list[CallResult]:
    """Returns the results of rows of `llm_calls`, newest first, of several processes."""
    results, answers = [], set()
    for row in rows:
        answer, error = (row["turn_id"], row["step"], row["step_attempt"]), row["error"]
        is_corrected = answer in answers and error is not None and " rejected " in error
        answers.add(answer)
        if not is_corrected:
            is_refusal = error is not None and error.startswith("refused:")
            results.append(CallResult(row["ended_at"], None if is_refusal else error))
    return results


class RecentCalls:
    """The results of the most recent calls of this process, of all businesses. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: deque[CallResult] = deque(maxlen=MAX_CALLS)

    def record(self, error: str | None) -> None:
        """Records a call that has just ended."""
        with self._lock:
            self._results.append(CallResult(datetime.now(UTC), error))

    def status(self) -> ModelStatus:
        """Returns the status of the model now."""
        with self._lock:
            results = list(self._results)
        return judge(results, datetime.now(UTC))
