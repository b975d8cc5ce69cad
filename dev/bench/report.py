"""Writes RESULTS.md: the figures with their targets, the measured values, and the machine."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from dev.bench.figures import FIGURES, Spread
from dev.bench.measure import Plan, Round, value_names

PATH = Path(__file__).parent / "RESULTS.md"
_PACKAGES = ("gunicorn", "flask", "openai", "psycopg2-binary")


def write_report(
    plan: Plan, rounds: Sequence[Round], postgres: str, loads: tuple[float, float], problems: Sequence[str]
) -> str:
    """The report in Markdown. `loads` are the load averages of the machine before and after."""
    runs = f"{len(rounds)} round{'s' if len(rounds) > 1 else ''}"
    lines = [
        "# Results of `make bench`",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {runs}, median (minimum to maximum). A model call takes"
        f" {plan.call * 1000:.0f} ms, a stream's first token {plan.first_token * 1000:.0f} ms. The baseline is"
        " `dev/bench/baseline.py` with the same gunicorn settings, measured in the same rounds. The database, the model"
        " server and the load generator run on the same machine.",
        "",
        "| figure | ICMP | target | | baseline |",
        "|---|---|---|---|---|",
    ]
    for figure in FIGURES:
        spread = Spread.of([figure.compute(each, plan) for each in rounds])
        verdict = "met" if figure.is_met(spread.median, figure.target) else "**missed**"
        baseline = str(Spread.of([figure.baseline(each, plan) for each in rounds])) if figure.baseline else ""
        name = figure.name.format(**plan.__dict__)
        lines.append(f"| {name} | {spread} | {figure.target_text} | {verdict} | {baseline} |")
    lines += ["", "## Values", "", "| value | median (minimum to maximum) |", "|---|---|"]
    for name in value_names():
        values = [float(getattr(each, name)) for each in rounds]
        lines.append(f"| {_label(name, plan)} | {Spread.of([_in_unit(name, value) for value in values])} |")
    lines += ["", "## Machine", ""]
    lines += [f"- {line}" for line in (*_machine(), f"PostgreSQL {postgres}")]
    lines += [f"- load average before {loads[0]:.1f}, after {loads[1]:.1f}"]
    if problems:
        lines += ["", "## Errors", "", *[f"- {problem}" for problem in sorted(set(problems))[:50]]]
    return "\n".join(lines) + "\n"


_LABELS = {
    "call": "one model call",
    "alone": "a turn, one at a time, p50",
    "few": "a turn, {few} in flight, p50",
    "few_p95": "a turn, {few} in flight, p95",
    "first_token": "first streamed token, one at a time, p50",
    "cpu": "CPU time per turn, {few} in flight",
    "short_cpu": "CPU time per turn, {with_history} in flight, 2 messages of history",
    "long_cpu": "CPU time per turn, {with_history} in flight, {long} messages of history",
    "many": "a turn, {many} in flight, p50",
    "many_per": "turns per second, {many} in flight",
    "max_answered": "turns answered, {max_in_flight} in flight at {slow_call:g} s per call",
    "max_errors": "errors, {max_in_flight} in flight at {slow_call:g} s per call",
    "max_p95": "a turn, {max_in_flight} in flight at {slow_call:g} s per call, p95",
    "max_memory": "memory of the server's processes after that (PSS)",
    "errors": "errors in all other runs without faults",
    "faults_answered": "turns answered, {few} in flight, {faults:.0%} of model calls failing",
    "faults_errors": "errors, {few} in flight, {faults:.0%} of model calls failing",
}


def _label(name: str, plan: Plan) -> str:
    plain = name.removeprefix("baseline_")
    stem = plain.removesuffix("_s").removesuffix("_mb")
    unit = ", MB" if plain.endswith("_mb") else ", ms" if plain.endswith("_s") and not plain.endswith("_per_s") else ""
    return ("baseline: " if plain != name else "") + _LABELS[stem].format(**plan.__dict__) + unit


def _in_unit(name: str, value: float) -> float:
    return value * 1000 if name.endswith("_s") and not name.endswith("_per_s") else value


def _machine() -> list[str]:
    info = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in info if line.startswith("model name")]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    cores = len(os.sched_getaffinity(0))
    return [
        f"{cores} cores of {names[0] if names else platform.machine()}, {memory:.0f} GiB of memory",
        f"Linux {platform.release().partition('-')[0]}, Python {platform.python_version()}",
        ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
    ]
