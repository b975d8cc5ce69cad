"""`python -m dev.bench`: measures, prints the results and stores them in dev/bench/RESULTS.md.

`--quick` runs one short round and only prints the results. `--steady` runs the same load for many minutes instead.
"""

import argparse
import dataclasses
import os
import secrets
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from dev.bench.measure import QUICK, SHORT_HISTORY, Bench, Plan, Round
from dev.bench.report import machine, store_report, write_report
from dev.bench.servers import gunicorn, model_server, postgres_server
from dev.bench.shops import open_shop
from dev.bench.steady import SteadyRun
from dev.bench.usage import DatabaseMeter

STEADY_MINUTES = 20.0
# No checkpoint happens during a run: the first change of a page after one writes the whole page to the WAL, so that the
# figures would depend on when it happens.
_NO_CHECKPOINTS = """
ALTER SYSTEM SET checkpoint_timeout = '1d';
ALTER SYSTEM SET max_wal_size = '20GB';
SELECT pg_reload_conf();
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round; the results are only printed")
    parser.add_argument("--rounds", type=int, help="number of rounds (default: 3)")
    parser.add_argument(
        "--steady",
        type=float,
        nargs="?",
        const=STEADY_MINUTES,
        metavar="MINUTES",
        help=f"the steady run instead of the loads (default: {STEADY_MINUTES:g} minutes)",
    )
    arguments = parser.parse_args()
    plan = QUICK if arguments.quick else Plan()
    if arguments.rounds:
        plan = dataclasses.replace(plan, rounds=arguments.rounds)
    with postgres_server() as (url, folder):
        if arguments.steady:
            report = run_steady(plan, arguments.steady * 60, url, folder, _print_progress)
        else:
            _execute(url, *filter(None, _NO_CHECKPOINTS.strip().split("\n")))
            report = run(plan, url, folder, _print_progress)
    print(report)
    if not arguments.quick:
        store_report(report, "steady run" if arguments.steady else "loads")


def run(plan: Plan, server_url: str, folder: Path, progress: Callable[[str], None]) -> str:
    """Measures according to `plan` in a new database of the PostgreSQL server and returns the report. Logs are written
    to `folder`."""
    before = os.getloadavg()[0]
    rounds: list[Round] = []
    url, postgres = _new_database(server_url)
    with (
        DatabaseMeter(url) as database,
        model_server(folder) as model,
        gunicorn("app:app", url, model, folder / "icmp.log", plan.processes) as icmp,
        gunicorn("dev.bench.baseline:create_app()", url, model, folder / "baseline.log", plan.processes) as baseline,
    ):
        bench = Bench(plan, model, icmp, baseline, database, progress)
        bench.prepare()
        for number in range(plan.rounds):
            progress(f"round {number + 1} of {plan.rounds}")
            rounds.append(bench.measure(baseline_first=bool(number % 2)))
    return write_report(plan, rounds, postgres, (before, os.getloadavg()[0]), bench.problems)


def run_steady(plan: Plan, seconds: float, server_url: str, folder: Path, progress: Callable[[str], None]) -> str:
    """Measures the steady run in a new database and returns the report."""
    before = os.getloadavg()[0]
    url, postgres = _new_database(server_url)
    with (
        DatabaseMeter(url) as database,
        model_server(folder) as model,
        gunicorn("app:app", url, model, folder / "icmp.log", plan.processes) as icmp,
    ):
        model.post("/settings", {"seconds": plan.call, "first_token": plan.first_token})
        shop = open_shop(icmp.port, "Bench shop", SHORT_HISTORY, plan.some)
        report = SteadyRun(icmp, shop, database, plan.some, progress).measure(seconds)
    return "\n".join([report, *machine(postgres, (before, os.getloadavg()[0])), ""])


def _new_database(server_url: str) -> tuple[str, str]:
    """The URL of a new database with the baseline's tables, and the version of PostgreSQL."""
    name = f"bench_{secrets.token_hex(4)}"
    _execute(server_url, f"CREATE DATABASE {name}")
    url = urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    return url, _execute(url, (Path(__file__).parent / "baseline.sql").read_text())


def _execute(url: str, *statements: str) -> str:
    """Runs statements outside a transaction and returns the version of PostgreSQL."""
    with closing(psycopg2.connect(url)) as conn:
        conn.autocommit = True
        with conn.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        return str(conn.get_parameter_status("server_version"))


def _print_progress(line: str) -> None:
    print(f"bench: {line}", flush=True)


if __name__ == "__main__":
    main()
