"""The steady run: the same load for many minutes, in which nothing may grow that should not."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from dev.bench.figures import rounded
from dev.bench.load import drive
from dev.bench.servers import Process
from dev.bench.shops import Shop
from dev.bench.usage import DatabaseMeter, descriptors, memory, threads

T = TypeVar("T")
SAMPLES = 40
# What may grow between the second and the last quarter, as a factor. The first quarter is not compared: caches fill,
# connections open, and PostgreSQL extends its tables in steps.
MAX_GROWTH = 1.1
# How much more a turn may add to a table in the second half than in the first.
MAX_GROWTH_PER_TURN = 1.25
_SMALL = 1_000_000  # bytes; smaller tables are not compared, because they grow in steps


@dataclass(frozen=True)
class Sample:
    """The state of the server and of the database at one moment."""

    seconds: float
    memory: int
    threads: int
    descriptors: int
    tables: dict[str, int]
    turns: int


class SteadyRun:
    """Keeps `in_flight` turns in flight for `seconds` and takes samples meanwhile."""

    def __init__(
        self, icmp: Process, shop: Shop, database: DatabaseMeter, in_flight: int, progress: Callable[[str], None]
    ) -> None:
        self._icmp, self._shop, self._database = icmp, shop, database
        self._in_flight, self._progress = in_flight, progress
        self._started = time.monotonic()

    def measure(self, seconds: float) -> str:
        """Runs the load and returns the report in Markdown."""
        self._started = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            load = pool.submit(drive, self._icmp.port, self._in_flight, self._shop.request, warm_up=0, window=seconds)
            samples: list[Sample] = []
            for _ in range(SAMPLES):
                time.sleep(seconds / SAMPLES)
                samples.append(self._sample())
            outcome = load.result()
        tables = [name for name, size in samples[-1].tables.items() if size > _SMALL]
        rows = self._database.row_counts(tables)
        checks = [
            *(_check_level(name, [getattr(each, name) for each in samples]) for name in _LEVELS),
            *(_check_table(name, samples, rows[name]) for name in tables),
        ]
        lines = [
            f"{seconds / 60:g} minutes with {self._in_flight} turns in flight: {outcome.answered} turns,"
            f" {outcome.failed} errors, p50 {outcome.p50 * 1000:.0f} ms, p95 {outcome.p95 * 1000:.0f} ms.",
            "",
            "| | second quarter | last quarter | growth | |",
            "|---|---|---|---|---|",
            *(f"| {check} |" for check in checks),
        ]
        return "\n".join(lines) + "\n"

    def _sample(self) -> Sample:
        pids = self._icmp.pids()
        sample = Sample(
            self._seconds(),
            memory(pids),
            threads(pids),
            descriptors(pids),
            self._database.table_sizes(),
            self._database.row_counts(["turns"])["turns"],
        )
        self._progress(
            f"{sample.seconds / 60:.1f} minutes: {sample.turns} turns, {sample.memory / 1_000_000:.0f} MB,"
            f" {sample.threads} threads, {sample.descriptors} descriptors"
        )
        return sample

    def _seconds(self) -> float:
        return time.monotonic() - self._started


# Values of the server that must not grow: their names in the report and their units.
_LEVELS = {
    "memory": ("memory of the server's processes (PSS), MB", 1_000_000),
    "threads": ("threads", 1),
    "descriptors": ("open file descriptors", 1),
}


def _check_level(name: str, values: list[int]) -> str:
    """A row of the report about a value that must not grow."""
    label, unit = _LEVELS[name]
    second, last = _quarters([value / unit for value in values])
    return f"{label} | {rounded(second)} | {rounded(last)} | {_judged(last, second, MAX_GROWTH)}"


def _check_table(name: str, samples: list[Sample], rows: int) -> str:
    """A row about a table. One to which turns add rows may grow, but not by more and more bytes per turn."""
    first, middle, end = samples[0], samples[len(samples) // 2], samples[-1]
    if rows < (end.turns - first.turns) / 2:  # turns only update its rows
        second, last = _quarters([each.tables[name] / 1_000_000 for each in samples])
        return f"table `{name}`, MB | {rounded(second)} | {rounded(last)} | {_judged(last, second, MAX_GROWTH)}"
    before = (middle.tables[name] - first.tables[name]) / max(1, middle.turns - first.turns)
    after = (end.tables[name] - middle.tables[name]) / max(1, end.turns - middle.turns)
    verdict = _judged(after, before, MAX_GROWTH_PER_TURN)
    return f"table `{name}`, bytes per turn in each half | {rounded(before)} | {rounded(after)} | {verdict}"


def _judged(now: float, before: float, limit: float) -> str:
    growth = now / before if before else 1.0
    return f"{growth:.2f} | {'flat' if growth <= limit else '**grows**'}"


def _quarters(values: list[float]) -> tuple[float, float]:
    """The means of the second and of the last quarter."""
    return statistics.mean(_quarter(values, 1)), statistics.mean(_quarter(values, 3))


def _quarter(values: list[T], number: int) -> list[T]:
    """The quarter with this number, from 0; at least one value."""
    size = len(values) / 4
    return values[int(number * size) : int((number + 1) * size)] or values[-1:]
