"""The figures of SPEC 11: each a ratio out of a round's values, with its goal."""

import math
import operator
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from dev.bench.measure import Plan, Round


@dataclass(frozen=True)
class Figure:
    """`of` makes the figure out of a round; `is_met` compares it with `goal`. `floor` is the same figure of the plain
    floor, where there is one."""

    name: str
    of: Callable[[Round, Plan], float]
    is_met: Callable[[float, float], bool]
    goal: float
    floor: Callable[[Round, Plan], float] | None = None

    @property
    def goal_text(self) -> str:
        return {operator.le: "≤", operator.ge: "≥"}[self.is_met] + f" {self.goal:g}"  # type: ignore[index]


def _ratio(value: float, base: float) -> float:
    """Infinite over nothing: the kernel counts processor time in hundredths of a second, of which a run that is only
    tried may use none."""
    return value / base if base else math.inf


FIGURES = (
    Figure(
        "a turn whose stage stays, one at a time ÷ one model call",
        lambda r, _: _ratio(r.alone_s, r.call_s),
        operator.le,
        2.06,
        lambda r, _: _ratio(r.floor_alone_s, r.call_s),
    ),
    Figure(
        "the same with {few} in flight, p50",
        lambda r, _: _ratio(r.few_s, r.call_s),
        operator.le,
        2.3,
        lambda r, _: _ratio(r.floor_few_s, r.call_s),
    ),
    Figure(
        "first streamed token ÷ (one call + the second call's first token)",
        lambda r, p: _ratio(r.first_token_s, r.call_s + p.first_token),
        operator.le,
        1.05,
    ),
    Figure(
        "processor time a turn ÷ plain floor, {few} in flight",
        lambda r, _: _ratio(r.cpu_s, r.floor_cpu_s),
        operator.le,
        0.8,
    ),
    Figure(
        "processor time with {long} messages of history in the prompt ÷ with 2",
        lambda r, _: _ratio(r.long_cpu_s, r.short_cpu_s),
        operator.le,
        1.1,
        lambda r, _: _ratio(r.floor_long_cpu_s, r.floor_short_cpu_s),
    ),
    Figure(
        "turns a second with {many} in flight ÷ plain floor",
        lambda r, _: _ratio(r.many_per_s, r.floor_many_per_s),
        operator.ge,
        1.5,
    ),
    Figure(
        "errors with {most} in flight at {slow_call:g} s a call, 10 connections a process",
        lambda r, _: r.most_errors,
        operator.le,
        0,
    ),
)


@dataclass(frozen=True)
class Spread:
    """A value over the rounds."""

    median: float
    least: float
    most: float

    @staticmethod
    def of(values: list[float]) -> "Spread":
        return Spread(float(statistics.median(values)), float(min(values)), float(max(values)))

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(self.least)} to {_short(self.most)})"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value.is_integer() else f"{value:.3g}"
