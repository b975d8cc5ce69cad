"""`python -m dev.bench [--quick]`: measure, print, and write dev/bench/RESULTS.md.

`--quick` runs one short round and only prints the results.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from dev.bench.measure import QUICK, Bench, Plan, Round
from dev.bench.report import PATH, write_report
from dev.bench.servers import gunicorn, model_server
from dev.postgres import EmbeddedPostgres


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round, printed and not written")
    parser.add_argument("--rounds", type=int, help="how many rounds (3)")
    arguments = parser.parse_args()
    plan = QUICK if arguments.quick else Plan()
    if arguments.rounds:
        plan = Plan(**{**plan.__dict__, "rounds": arguments.rounds})
    if sys.platform != "linux":
        sys.exit("bench: processor time is read from /proc, which only Linux has.")
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


def run(plan: Plan, server_url: str, folder: Path, tell: Callable[[str], None]) -> str:
    """The report of `plan`, on a database of its own in a PostgreSQL server; logs and the like go into `folder`."""
    before, name = os.getloadavg()[0], f"bench_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name}")
    url = urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute((Path(__file__).parent / "floor.sql").read_bytes())
        postgres = conn.info.parameter_status("server_version") or ""
    rounds: list[Round] = []
    with (
        model_server(folder) as model,
        gunicorn("app:app", url, model, folder / "icmp.log", plan.processes) as icmp,
        gunicorn("dev.bench.floor:create_app()", url, model, folder / "floor.log", plan.processes) as floor,
    ):
        bench = Bench(plan, model, icmp, floor, tell)
        bench.prepare()
        for number in range(plan.rounds):
            tell(f"round {number + 1} of {plan.rounds}")
            rounds.append(bench.measure(floor_first=bool(number % 2)))
    return write_report(plan, rounds, postgres, (before, os.getloadavg()[0]), bench.problems)


if __name__ == "__main__":
    main()
