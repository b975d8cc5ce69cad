"""The benchmark's figures: each is computed from the values of a round and has a target."""

import math
import operator
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from dev.bench.load import Outcome
from dev.bench.measure import Plan, Round

Compute = Callable[[Round, Plan], float]


@dataclass(frozen=True)
class Figure:
    """`compute` returns the figure of a round, and `is_met` compares it with `target`. `baseline` returns the same
    figure of the baseline, if it has one."""

    name: str
    compute: Compute
    is_met: Callable[[float, float], bool]
    target: float
    baseline: Compute | None = None

    @property
    def target_text(self) -> str:
        return {operator.le: "≤", operator.ge: "≥"}[self.is_met] + f" {self.target:g}"  # type: ignore[index]


def _ratio(value: float, base: float) -> float:
    """Infinite when `base` is 0: the kernel counts CPU time in hundredths of a second, and a very short run may use
    none."""
    return value / base if base else math.inf


def _cpu(outcome: Outcome) -> float:
    """CPU time of server and database per turn."""
    return outcome.each.server_cpu + outcome.each.database_cpu


def shortest_p95(round_: Round, plan: Plan) -> float:
    """The theoretical minimum with `max_in_flight` turns in flight: two calls, or the time in which the machine answers
    that many turns if it is slower than the model."""
    return max(2 * plan.slow_call, plan.max_in_flight / round_.icmp[plan.many].per_second)


FIGURES = (
    Figure(
        "a turn that stays in its stage, one at a time ÷ one model call",
        lambda r, _: _ratio(r.icmp[1].p50, r.call.p50),
        operator.le,
        2.05,
        lambda r, _: _ratio(r.baseline[1].p50, r.call.p50),
    ),
    Figure(
        "the same with full speculation",
        lambda r, _: _ratio(r.full.p50, r.call.p50),
        operator.le,
        1.1,
    ),
    Figure(
        "first streamed token ÷ (one call + the second call's first token)",
        lambda r, p: _ratio(r.streamed.first_token, r.call.p50 + p.first_token),
        operator.le,
        1.05,
    ),
    Figure(
        "{few} in flight, p50 ÷ one model call",
        lambda r, p: _ratio(r.icmp[p.few].p50, r.call.p50),
        operator.le,
        2.2,
        lambda r, p: _ratio(r.baseline[p.few].p50, r.call.p50),
    ),
    Figure(
        "CPU time of server and database per turn ÷ baseline, {few} in flight",
        lambda r, p: _ratio(_cpu(r.icmp[p.few]), _cpu(r.baseline[p.few])),
        operator.le,
        1.1,
    ),
    Figure(
        "CPU time of the database per turn in ms, {some} in flight",
        lambda r, p: r.icmp[p.some].each.database_cpu * 1000,
        operator.le,
        3,
        lambda r, p: r.baseline[p.some].each.database_cpu * 1000,
    ),
    Figure(
        "WAL records per turn, {some} in flight",
        lambda r, p: r.icmp[p.some].each.wal_records,
        operator.le,
        60,
        lambda r, p: r.baseline[p.some].each.wal_records,
    ),
    Figure(
        "KB of WAL per turn, {some} in flight",
        lambda r, p: r.icmp[p.some].each.wal_bytes / 1000,
        operator.le,
        9,
        lambda r, p: r.baseline[p.some].each.wal_bytes / 1000,
    ),
    Figure(
        "{many} in flight, turns per second ÷ baseline",
        lambda r, p: _ratio(r.icmp[p.many].per_second, r.baseline[p.many].per_second),
        operator.ge,
        1.1,
    ),
    Figure(
        "CPU time of the server with {long} messages of history in the prompt ÷ with 2",
        lambda r, p: _ratio(r.long.each.server_cpu, r.icmp[p.some].each.server_cpu),
        operator.le,
        1.1,
        lambda r, p: _ratio(r.baseline_long.each.server_cpu, r.baseline[p.some].each.server_cpu),
    ),
    Figure(
        "errors with {max_in_flight} in flight at {slow_call:g} s per call, 10 connections per process",
        lambda r, _: r.slow.failed,
        operator.le,
        0,
    ),
    Figure(
        "the same, p95 ÷ the theoretical minimum",
        lambda r, p: _ratio(r.slow.p95, shortest_p95(r, p)),
        operator.le,
        1.3,
    ),
)


@dataclass(frozen=True)
class Value:
    """A measured value, computed from a round."""

    name: str
    compute: Compute


VALUES = (
    Value("one model call, ms", lambda r, _: r.call.p50 * 1000),
    Value("CPU time of the model client alone, per turn of three calls, ms", lambda r, _: 3 * r.client_cpu * 1000),
    Value("a turn with full speculation, one at a time, p50, ms", lambda r, _: r.full.p50 * 1000),
    Value("CPU time of the server for it, ms", lambda r, _: r.full.each.server_cpu * 1000),
    Value("first streamed token, one at a time, p50, ms", lambda r, _: r.streamed.first_token * 1000),
    Value(
        "CPU time of the server per turn with {long} messages of history, {some} in flight, ms",
        lambda r, _: r.long.each.server_cpu * 1000,
    ),
    Value(
        "baseline: CPU time of the server per turn with {long} messages of history, {some} in flight, ms",
        lambda r, _: r.baseline_long.each.server_cpu * 1000,
    ),
    Value("turns answered, {max_in_flight} in flight at {slow_call:g} s per call", lambda r, _: r.slow.answered),
    Value("errors, {max_in_flight} in flight at {slow_call:g} s per call", lambda r, _: r.slow.failed),
    Value("p95, {max_in_flight} in flight at {slow_call:g} s per call, ms", lambda r, _: r.slow.p95 * 1000),
    Value("the theoretical minimum of that, ms", lambda r, p: shortest_p95(r, p) * 1000),
    Value("memory of the server's processes after that (PSS), MB", lambda r, _: r.slow.memory / 1_000_000),
    Value("errors in all other runs without faults", lambda r, _: r.errors),
    Value("baseline: errors in all other runs without faults", lambda r, _: r.baseline_errors),
    Value("turns answered, {few} in flight, {faults:.0%} of model calls failing", lambda r, _: r.faulty.answered),
    Value("errors, {few} in flight, {faults:.0%} of model calls failing", lambda r, _: r.faulty.failed),
)

# The columns of the table of loads.
COLUMNS: dict[str, Callable[[Outcome], float]] = {
    "p50, ms": lambda o: o.p50 * 1000,
    "p95, ms": lambda o: o.p95 * 1000,
    "turns/s": lambda o: o.per_second,
    "server CPU, ms": lambda o: o.each.server_cpu * 1000,
    "database CPU, ms": lambda o: o.each.database_cpu * 1000,
    "WAL records": lambda o: o.each.wal_records,
    "WAL, KB": lambda o: o.each.wal_bytes / 1000,
    "memory, MB": lambda o: o.memory / 1_000_000,
}


@dataclass(frozen=True)
class Spread:
    """The median and the range of a value over the rounds."""

    median: float
    minimum: float
    maximum: float

    @staticmethod
    def of(values: list[float]) -> "Spread":
        return Spread(float(statistics.median(values)), float(min(values)), float(max(values)))

    def __str__(self) -> str:
        middle, low, high = rounded(self.median), rounded(self.minimum), rounded(self.maximum)
        return middle if low == high else f"{middle} ({low} to {high})"


def rounded(value: float) -> str:
    """Three digits, or the whole number."""
    return f"{value:.0f}" if value >= 100 or value.is_integer() else f"{value:.3g}"
