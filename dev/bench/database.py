"""`python -m dev.bench.database [--seconds N] [--in-flight N]`: what a turn costs PostgreSQL.

Prints CPU time, transactions, and the records and bytes of the write-ahead log (WAL) per turn, and which relations the
records are for. `make bench` measures the server; this is for work on statements and indexes.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2.extras import RealDictCursor

from dev.bench.load import drive, send
from dev.bench.servers import gunicorn, model_server, postgres_server
from dev.bench.shops import open_shop
from dev.bench.usage import DatabaseMeter

HISTORY = 2  # messages in the prompts, as in the benchmark
CALL_SECONDS = 0.3

# A full copy of a page follows each checkpoint, so their number depends on when that was. They are counted apart.
_RECORDS = """
SELECT COALESCE(c.relname, split_part(description, ' ', 1)) AS relation, resource_manager || ' ' || record_type AS kind,
       count(*) AS records, sum(record_length - fpi_length) AS bytes, sum(fpi_length) AS page_bytes
FROM pg_get_wal_records_info(%(start)s, %(end)s)
LEFT JOIN LATERAL (SELECT pg_filenode_relation(split_part(path, '/', 1)::oid, split_part(path, '/', 3)::oid) AS oid
                   FROM (SELECT substring(block_ref FROM 'rel ([0-9/]+)') AS path) AS block
                   WHERE split_part(path, '/', 2)::oid
                         = (SELECT oid FROM pg_database WHERE datname = current_database())
) AS relation ON true
LEFT JOIN pg_class c ON c.oid = relation.oid
GROUP BY 1, 2 ORDER BY records DESC
"""


@dataclass(frozen=True)
class Snapshot:
    """The counters of a server at one moment."""

    wal_position: str
    transactions: int
    cpu_seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.database", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="duration of the measurement")
    parser.add_argument("--in-flight", type=int, default=20, help="messages in flight")
    arguments = parser.parse_args()
    with postgres_server() as (url, folder):
        measure(url, folder, arguments.seconds, arguments.in_flight)


def measure(server_url: str, folder: Path, seconds: float, in_flight: int) -> None:
    """Send messages to a new database of the server and print what a turn costs."""
    name = f"bench_{os.getpid()}"
    with _connect(server_url) as server:
        server.execute(f"CREATE DATABASE {name}")
    url = urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    with _connect(url) as sql, DatabaseMeter(url) as database, model_server(folder) as model:
        sql.execute("CREATE EXTENSION pg_walinspect")
        with gunicorn("app:app", url, model, folder / "icmp.log", 2) as icmp:
            shop = open_shop(icmp.port, "Bench shop", HISTORY, in_flight)
            model.post("/settings", {"seconds": 0.0, "first_token": 0.0})
            for _ in range(5):
                send(icmp.port, [shop.request(number) for number in range(in_flight)], in_flight)
            sql.execute("VACUUM ANALYZE")
            sql.execute("CHECKPOINT")
            model.post("/settings", {"seconds": CALL_SECONDS, "first_token": CALL_SECONDS / 3})
            drive(icmp.port, in_flight, shop.request, warm_up=2.0, window=1.0)  # pages are copied to the WAL now
            before = _snapshot(sql, database)
            outcome = drive(icmp.port, in_flight, shop.request, warm_up=0.0, window=seconds)
            after = _snapshot(sql, database)
        records = _rows(sql, _RECORDS, {"start": before.wal_position, "end": after.wal_position})
        _report(records, before, after, outcome.answered)


def _report(records: list[dict[str, Any]], before: Snapshot, after: Snapshot, turns: int) -> None:
    print(f"{turns} turns; per turn:")
    print(f"  CPU time      {(after.cpu_seconds - before.cpu_seconds) / turns * 1000:8.2f} ms")
    print(f"  transactions  {(after.transactions - before.transactions) / turns:8.2f}")
    print(f"  WAL records   {sum(row['records'] for row in records) / turns:8.1f}")
    print(f"  WAL bytes     {sum(row['bytes'] for row in records) / turns:8.0f}")
    print(f"  copied pages  {sum(row['page_bytes'] for row in records) / turns:8.0f} bytes")
    for row in records:
        if row["records"] / turns >= 0.05:
            each = f"{row['records'] / turns:6.2f} {row['bytes'] / turns:7.0f} bytes"
            print(f"  {each}  {row['kind']:32} {row['relation']}")


def _snapshot(sql: Any, database: DatabaseMeter) -> Snapshot:
    sql.execute(
        """
        SELECT pg_current_wal_insert_lsn()::text AS position, pg_stat_get_db_xact_commit(oid) AS transactions
        FROM pg_database WHERE datname = current_database()
        """
    )
    row = sql.fetchone()
    return Snapshot(row["position"], row["transactions"], database.cpu_seconds())


def _rows(sql: Any, statement: str, parameters: dict[str, str]) -> list[dict[str, Any]]:
    sql.execute(statement, parameters)
    return [{**row, **{name: int(row[name]) for name in ("records", "bytes", "page_bytes")}} for row in sql.fetchall()]


@contextmanager
def _connect(url: str) -> Iterator[Any]:
    """A cursor outside transactions."""
    with closing(psycopg2.connect(url, cursor_factory=RealDictCursor)) as conn:
        conn.autocommit = True
        with conn.cursor() as cursor:
            yield cursor


if __name__ == "__main__":
    main()
