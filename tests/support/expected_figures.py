"""The rows of the reports about a simulated business, as the API should return them."""

from collections.abc import Iterable
from typing import Any

from dev.bench.simulator.periods import percentile
from dev.bench.simulator.truth import Tallies, Tally, Truth
from dev.bench.simulator.world import Stage

MAX_ERROR = 0.05  # of percentiles, relative: as documented

Rows = dict[tuple[Any, ...], dict[str, Any]]


class Percentile:
    """Equals a number that is close enough to a percentile of some values."""

    def __init__(self, values: Iterable[float], percent: int, unit: float = 1.0) -> None:
        self._value = percentile((value / unit for value in values), percent)
        self._unit = unit

    def __eq__(self, other: object) -> bool:
        if self._value is None or not isinstance(other, int | float):
            return self._value is other
        # Everything up to a millisecond is in one bin.
        return abs(other - self._value) <= MAX_ERROR * self._value + 1 / self._unit

    def __repr__(self) -> str:
        return f"about {self._value}"


class Close:
    """Equals a number up to rounding."""

    def __init__(self, value: float | None) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        if self._value is None or not isinstance(other, int | float):
            return self._value is other
        return abs(other - self._value) <= 1e-6 * max(1.0, abs(self._value))

    def __repr__(self) -> str:
        return f"{self._value}"


def rate(part: float, whole: float) -> Close:
    return Close(part / whole if whole else None)


def simple(tallies: Tallies, name: str) -> Rows:
    return {key: {name: tally.counts[name]} for key, tally in tallies.items() if tally.counts[name]}


def summary_rows(truth: Truth) -> Rows:
    turns, conversations, calls = truth.of_turns(by_stage=False), truth.of_conversations(), truth.of_calls(None)
    keys = {*turns, *conversations, *calls}
    return {key: summary_row(turns[key], conversations[key], calls[key]) for key in keys}


def summary_row(turns: Tally, conversations: Tally, calls: Tally) -> dict[str, Any]:
    started, counts, cost = conversations.counts, turns.counts, float(calls.cost)
    stars = {number: started[f"stars_{number}"] for number in range(1, 6)}
    return {
        **{name: started[name] for name in ("conversations", "messages", "reopened")},
        **{name: started[name] for name in ("resolved", "handed_over", "abandoned", "open")},
        **{name: counts[name] for name in ("turns", "completed", "failed", "held", "by_fallback")},
        **{name: calls.counts[name] for name in ("prompt_tokens", "completion_tokens", "unpriced_calls")},
        "first_token_p50_ms": Percentile(turns.values["first_token"], 50),
        "first_token_p95_ms": Percentile(turns.values["first_token"], 95),
        "answer_p50_ms": Percentile(turns.values["answer"], 50),
        "answer_p95_ms": Percentile(turns.values["answer"], 95),
        "cost_usd": Close(cost),
        "cost_per_conversation_usd": rate(cost, started["conversations"]),
        "cost_per_resolved_usd": rate(cost, started["resolved"]),
        **ratings(turns),
        "conversation_ratings": sum(stars.values()),
        "conversation_rating": rate(sum(number * times for number, times in stars.items()), sum(stars.values())),
    }


def ratings(turns: Tally) -> dict[str, Any]:
    good, bad = turns.counts["rated_good"], turns.counts["rated_bad"]
    return {"rated_good": good, "rated_bad": bad, "satisfaction": rate(good, good + bad)}


def feedback_rows(truth: Truth) -> Rows:
    names = ("rated_good", "rated_bad", "marked_good", "marked_bad")
    return {
        key: {**ratings(tally), **{name: tally.counts[name] for name in names}}
        for key, tally in truth.of_turns(by_stage=True).items()
        if any(tally.counts[name] for name in names)
    }


def stage_rows(truth: Truth) -> Rows:
    names = ("turns", "completed", "failed", "held", "by_model", "by_rules", "by_fallback", "with_missing_fields")
    return {
        key: {
            **{name: tally.counts[name] for name in names},
            "fallback_rate": rate(tally.counts["by_fallback"], tally.counts["completed"]),
            "confidence": [tally.counts[f"confidence_{number}"] for number in range(10)],
        }
        for key, tally in truth.of_turns(by_stage=True).items()
    }


def field_rows(truth: Truth) -> Rows:
    names = ("found", "corrected", "rejected", "missing")
    rows = {key: {name: tally.counts[name] for name in names} for key, tally in truth.of_fields().items()}
    return {key: row for key, row in rows.items() if any(row.values())}


def handover_rows(truth: Truth) -> Rows:
    return {
        key: {
            "handovers": tally.counts["handovers"],
            "answered": len(tally.values["waiting"]),
            "waiting_p50_seconds": Percentile(tally.values["waiting"], 50, 1000),
            "waiting_p95_seconds": Percentile(tally.values["waiting"], 95, 1000),
        }
        for key, tally in truth.of_handovers().items()
    }


def latency_rows(truth: Truth) -> Rows:
    rows: Rows = {}
    for (start,), tally in truth.of_turns(by_stage=False).items():
        for measure in ("queueing", "first_token", "answer"):
            rows[start, measure, None] = latencies(tally.values[measure])
    for (start, step), tally in truth.of_calls("step").items():
        rows[start, "model", step] = latencies(tally.values["model"])
    return {key: row for key, row in rows.items() if row["count"]}


def latencies(values: list[float]) -> dict[str, Any]:
    return {"count": len(values), "p50_ms": Percentile(values, 50), "p95_ms": Percentile(values, 95)}


def funnel_rows(stages: list[Stage], expected: dict[Any, list[tuple[int, float]]]) -> Rows:
    rows: Rows = {}
    for group, steps in expected.items():
        entered = steps[0][0]
        for number, (stage, (reached, seconds)) in enumerate(zip(stages, steps, strict=True), 1):
            following = steps[number][0] if number < len(steps) else reached
            if entered:
                rows[group, number] = {
                    "stage_id": str(stage.stage_id),
                    "entered": entered,
                    "reached": reached,
                    "dropped": reached - following,
                    "rate": rate(reached, entered),
                    "seconds": rate(seconds, reached if number > 1 else 0),
                }
    return rows


def call_row(tally: Tally) -> dict[str, Any]:
    names = ("calls", "failed", "unpriced_calls", "prompt_tokens", "completion_tokens")
    return {**{name: tally.counts[name] for name in names}, "cost_usd": Close(float(tally.cost))}
