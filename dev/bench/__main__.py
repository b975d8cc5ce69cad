"""`python -m dev.bench [--quick]`: measures, prints the results and writes dev/bench/RESULTS.md.

`--quick` runs one short round and only prints the results.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from dev.bench.measure import QUICK, Bench, Plan, Round
from dev.bench.report import PATH, write_report
from dev.bench.servers import gunicorn, model_server
from dev.postgres import EmbeddedPostgres


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round; the results are only printed")
    parser.add_argument("--rounds", type=int, help="number of rounds (default: 3)")
    arguments = parser.parse_args()
    plan = QUICK if arguments.quick else Plan()
    if arguments.rounds:
        plan = Plan(**{**plan.__dict__, "rounds": arguments.rounds})
    if sys.platform != "linux":
        sys.exit("bench: this needs Linux: CPU time is read from /proc.")
    with tempfile.TemporaryDirectory(prefix="icmp-bench-") as folder:
        Path(folder).chmod(0o755)  # the embedded database may run as another user
        server = EmbeddedPostgres(Path(folder) / "database")
        try:
            report = run(plan, server.start(), Path(folder), lambda line: print(f"bench: {line}", flush=True))
        finally:
            server.stop()
    print(report)
    if not arguments.quick:
        PATH.write_text(report)


def run(plan: Plan, server_url: str, folder: Path, progress: Callable[[str], None]) -> str:
    """Measures according to `plan` in a new database of the PostgreSQL server and returns the report. Logs are written
    to `folder`."""
    before, name = os.getloadavg()[0], f"bench_{os.getpid()}"
    _execute(server_url, f"CREATE DATABASE {name}")
    url = urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    postgres = _execute(url, (Path(__file__).parent / "baseline.sql").read_text())
    rounds: list[Round] = []
    with (
        model_server(folder) as model,
        gunicorn("app:app", url, model, folder / "icmp.log", plan.processes) as icmp,
        gunicorn("dev.bench.baseline:create_app()", url, model, folder / "baseline.log", plan.processes) as baseline,
    ):
        bench = Bench(plan, model, icmp, baseline, progress)
        bench.prepare()
        for number in range(plan.rounds):
            progress(f"round {number + 1} of {plan.rounds}")
            rounds.append(bench.measure(baseline_first=bool(number % 2)))
    return write_report(plan, rounds, postgres, (before, os.getloadavg()[0]), bench.problems)


def _execute(url: str, statements: str) -> str:
    """Runs statements outside a transaction and returns the version of PostgreSQL."""
    with closing(psycopg2.connect(url)) as conn:
        conn.autocommit = True
        with conn.cursor() as cursor:
            cursor.execute(statements)
        return str(conn.get_parameter_status("server_version"))


if __name__ == "__main__":
    main()
