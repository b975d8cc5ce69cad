"""Writes RESULTS.md. Each version has a section for the loads and one for the steady run; the others are kept."""

import os
import platform
import re
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from dev.bench.figures import COLUMNS, FIGURES, VALUES, Spread
from dev.bench.measure import Plan, Round
from dev.bench.servers import ROOT

PATH = Path(__file__).parent / "RESULTS.md"
_PACKAGES = ("gunicorn", "flask", "openai", "psycopg2-binary")


def write_report(
    plan: Plan, rounds: Sequence[Round], postgres: str, loads: tuple[float, float], problems: Sequence[str]
) -> str:
    """The section about the loads, in Markdown. `loads` are the load averages of the machine before and after."""
    runs = f"{len(rounds)} round{'s' if len(rounds) > 1 else ''}"
    lines = [
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
    for title, of_server in (
        ("ICMP", [each.icmp for each in rounds]),
        ("Baseline", [each.baseline for each in rounds]),
    ):
        lines += [
            "",
            f"### {title}, by requests in flight",
            "",
            "CPU time and WAL are per turn, memory is that of the server's processes (PSS).",
            "",
            f"| in flight | {' | '.join(COLUMNS)} |",
            "|---" * (len(COLUMNS) + 1) + "|",
        ]
        for in_flight in plan.loads:
            cells = [Spread.of([column(each[in_flight]) for each in of_server]) for column in COLUMNS.values()]
            lines.append(f"| {in_flight} | {' | '.join(map(str, cells))} |")
    lines += ["", "### Other values", "", "| value | median (minimum to maximum) |", "|---|---|"]
    for value in VALUES:
        spread = Spread.of([value.compute(each, plan) for each in rounds])
        lines.append(f"| {value.name.format(**plan.__dict__)} | {spread} |")
    lines += ["", "### Machine", "", *machine(postgres, loads)]
    if problems:
        lines += ["", "### Errors", "", *[f"- {problem}" for problem in sorted(set(problems))[:50]]]
    return "\n".join(lines) + "\n"


def store_report(report: str, title: str, path: Path = PATH) -> None:
    """Replaces the section of this version with this title in the file of results, or adds it before the others."""
    heading = f"## {_version()}: {title}\n"
    text = path.read_text()
    section = f"{heading}\n{report}"
    start = text.find(heading)
    if start >= 0:
        following = re.compile(r"^## ", re.MULTILINE).search(text, start + len(heading))
        end = following.start() if following else len(text)
        text = text[:start] + section + ("\n" + text[end:] if following else "")
    else:
        first = re.compile(r"^## ", re.MULTILINE).search(text)
        end = first.start() if first else len(text)
        text = text[:end] + section + "\n" + text[end:]
    path.write_text(text.rstrip("\n") + "\n")


def machine(postgres: str, loads: tuple[float, float]) -> list[str]:
    """A list of what the results depend on, in Markdown."""
    info = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in info if line.startswith("model name")]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    cores = len(os.sched_getaffinity(0))
    return [
        f"- {cores} cores of {names[0] if names else platform.machine()}, {memory:.0f} GiB of memory",
        f"- Linux {platform.release().partition('-')[0]}, Python {platform.python_version()}",
        "- " + ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        f"- PostgreSQL {postgres}",
        f"- load average before {loads[0]:.1f}, after {loads[1]:.1f}",
    ]


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
