"""What became of a test case."""

import time
from decimal import Decimal
from typing import Any, Literal, TypedDict

from message_processing.test_cases.expectations import Check


class TurnResult(TypedDict):
    """What a turn did, and which expectations it met."""

    message: str
    stage_name: str | None
    fields: dict[str, Any]
    reply: str | None
    checks: list[Check]


class CaseResult(TypedDict):
    """What became of a test case: whether all expectations were met, or why it could not run. `cost_usd` is None if the
    price of a model is unknown."""

    status: Literal["passed", "failed", "unstable", "error"]
    error: str | None
    turns: list[TurnResult]
    tokens: int
    cost_usd: Decimal | None
    duration_ms: int


def result_of(turns: list[TurnResult], calls: list[dict[str, Any]], started_at: float) -> CaseResult:
    """Returns the result of one attempt that started at a time of time.monotonic()."""
    costs = [call["cost_usd"] for call in calls]
    return {
        "status": "passed" if all(check["passed"] for turn in turns for check in turn["checks"]) else "failed",
        "error": None,
        "turns": turns,
        "tokens": sum((call["prompt_tokens"] or 0) + (call["completion_tokens"] or 0) for call in calls),
        "cost_usd": None if None in costs else sum(costs, Decimal(0)),
        "duration_ms": _milliseconds_since(started_at),
    }


def failed_to_run(error: str, started_at: float) -> CaseResult:
    """Returns the result of a test case that could not run to its end, because of an error of the server."""
    return {
        "status": "error",
        "error": f"The test case could not run ({error}).",
        "turns": [],
        "tokens": 0,
        "cost_usd": Decimal(0),
        "duration_ms": _milliseconds_since(started_at),
    }


def combined(results: list[CaseResult]) -> CaseResult:
    """Returns the result of several attempts. It is unstable if some have passed and others not. The turns are those of
    the first attempt that has not passed."""
    shown = next((result for result in results if result["status"] != "passed"), results[-1])
    is_unstable = any(result["status"] == "passed" for result in results) and shown["status"] != "passed"
    costs = [result["cost_usd"] for result in results]
    return {
        **shown,
        "status": "unstable" if is_unstable else shown["status"],
        "tokens": sum(result["tokens"] for result in results),
        "cost_usd": sum((cost for cost in costs if cost is not None), Decimal(0)) if None not in costs else None,
        "duration_ms": sum(result["duration_ms"] for result in results),
    }


def is_unanswered(status: str, turns: list[TurnResult]) -> bool:
    """Returns whether a failed test case says nothing about the design, because a message got no answer."""
    return status == "error" or any(check["check"] == "answered" for turn in turns for check in turn["checks"])


def reason_of(error: str | None, turns: list[TurnResult]) -> str:
    """Returns a sentence that says why a test case has failed."""
    for number, turn in enumerate(turns, 1):
        for check in turn["checks"]:
            if not check["passed"]:
                return f"Message {number}: the expectation `{check['check']}` was not met."
    return error or "The test case could not run."


def _milliseconds_since(started_at: float) -> int:
    return round((time.monotonic() - started_at) * 1000)
