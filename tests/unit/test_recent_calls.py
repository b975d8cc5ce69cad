"""How the status of the model follows from the results of its recent calls."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from llm.recent_calls import CallResult, judge, results_of

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ERROR = "401 unauthorized"


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("answered", "failed", "status", "since"),
    [
        ((), (), "unknown", None),
        ((601,), (700,), "unknown", None),
        ((1,), (), "ok", None),
        ((), (1,), "down", 1),
        ((3,), (1,), "degraded", 1),
        ((9,), (8, 1), "down", 8),  # the last one failed and none has succeeded for five seconds
        ((4,), (3, 2, 1), "down", 3),
        ((1,), (2, 3), "degraded", 2),  # one has just failed
        ((1,), (6, 7, 8), "ok", None),
        ((30, 590), (20, 25, 599), "down", 25),
    ],
)
def test_status_follows_from_recent_calls(
    answered: tuple[int, ...], failed: tuple[int, ...], status: str, since: int | None
) -> None:
    results = [CallResult(ago(each), None) for each in answered] + [CallResult(ago(each), ERROR) for each in failed]
    expected = {"status": status, **({"cause": ERROR, "since": ago(since)} if since else {})}
    assert judge(results, NOW) == expected


def test_cause_is_the_last_error_of_a_call_that_was_sent() -> None:
    errors = ("500 internal server error", "503 service unavailable", "circuit: the server is not called")
    results = [CallResult(ago(30 - index), error) for index, error in enumerate(errors)]
    assert judge(results, NOW)["cause"] == errors[1]
    assert judge(results[2:], NOW)["cause"] == errors[2]


def test_refusals_and_corrected_requests_are_no_failures() -> None:
    answer = {"turn_id": uuid4(), "step": "response", "step_attempt": 1, "ended_at": NOW}
    other = {**answer, "turn_id": uuid4()}
    rows = [
        {**answer, "error": None},
        {**answer, "error": "400 rejected response_format"},
        {**answer, "error": "500 internal server error"},
        {**other, "error": "refused: a content filter of the server"},
        {**other, "turn_id": uuid4(), "error": "400 rejected the length of the prompt"},
    ]
    errors = [result.error for result in results_of(rows)]
    assert errors == [None, "500 internal server error", None, "400 rejected the length of the prompt"]
