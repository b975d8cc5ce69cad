"""The benchmark's figures: each is a ratio computed from the values of a round, with a target."""

import math
import operator
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from dev.bench.measure import Plan, Round


@dataclass(frozen=True)
class Figure:
    """`compute` returns the figure of a round, and `is_met` compares it with `target`. `baseline` returns the same
    figure of the baseline, if it has one."""

    name: str
    compute: Callable[[Round, Plan], float]
    is_met: Callable[[float, float], bool]
    target: float
    baseline: Callable[[Round, Plan], float] | None = None

    @property
    def target_text(self) -> str:
        return {operator.le: "≤", operator.ge: "≥"}[self.is_met] + f" {self.target:g}"  # type: ignore[index]


def _ratio(value: float, base: float) -> float:
    """Infinite when `base` is 0: the kernel counts CPU time in hundredths of a second, and a very short run may use
    none."""
    return value / base if base else math.inf


FIGURES = (
    Figure(
        "a turn that stays in its stage, one at a time ÷ one model call",
        lambda r, _: _ratio(r.alone_s, r.call_s),
        operator.le,
        2.06,
        lambda r, _: _ratio(r.baseline_alone_s, r.call_s),
    ),
    Figure(
        "the same with {few} in flight, p50",
        lambda r, _: _ratio(r.few_s, r.call_s),
        operator.le,
        2.3,
        lambda r, _: _ratio(r.baseline_few_s, r.call_s),
    ),
    Figure(
        "first streamed token ÷ (one call + the second call's first token)",
        lambda r, p: _ratio(r.first_token_s, r.call_s + p.first_token),
        operator.le,
        1.05,
    ),
    Figure(
        "CPU time per turn ÷ baseline, {few} in flight",
        lambda r, _: _ratio(r.cpu_s, r.baseline_cpu_s),
        operator.le,
        0.8,
    ),
    Figure(
        "CPU time with {long} messages of history in the prompt ÷ with 2",
        lambda r, _: _ratio(r.long_cpu_s, r.short_cpu_s),
        operator.le,
        1.1,
        lambda r, _: _ratio(r.baseline_long_cpu_s, r.baseline_short_cpu_s),
    ),
    Figure(
        "turns per second with {many} in flight ÷ baseline",
        lambda r, _: _ratio(r.many_per_s, r.baseline_many_per_s),
        operator.ge,
        1.5,
    ),
    Figure(
        "errors with {max_in_flight} in flight at {slow_call:g} s per call, 10 connections per process",
        lambda r, _: r.max_errors,
        operator.le,
        0,
    ),
)


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
        return f"{_rounded(self.median)} ({_rounded(self.minimum)} to {_rounded(self.maximum)})"


def _rounded(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value.is_integer() else f"{value:.3g}"
