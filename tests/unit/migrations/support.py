"""Helpers of the migration tests: query a database, run the migrations in a process, wait for a state."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.extensions

from migrations import migrate
from tests.conftest import MASTER_KEY, NO_ENV_FILE

Connection = psycopg2.extensions.connection

ROOT = Path(__file__).parents[3]
OF_MONTH = re.compile(r"\b(turn_steps|llm_calls)_\d{4}_\d\d")


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    """A connection on which each statement is its own transaction."""
    with closing(psycopg2.connect(url)) as conn:
        conn.autocommit = True
        yield conn


def query(conn: Connection, statement: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """The rows of a statement, with UUIDs as text; none for a statement that returns no rows."""
    with conn.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall() if cursor.description else []
    return [tuple(str(value) if isinstance(value, UUID) else value for value in row) for row in rows]


def schema_of(database_url: str) -> list[str]:
    """Every column, constraint and index of the schema, as text. Without the partitions of months: which ones there are
    depends on the day on which the database was created."""
    statement = """
        SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
               || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL
        SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
        ORDER BY 1
    """
    with connect(database_url) as conn:
        return [row[0] for row in query(conn, statement) if not OF_MONTH.search(row[0])]


def everything(conn: Connection) -> dict[str, list[str]]:
    """Every row as text, by table; without the heartbeats of running applications."""
    statement = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'processes'"
    tables = query(conn, statement)
    return {table: sorted(row[0] for row in query(conn, f"SELECT t::text FROM {table} t")) for (table,) in tables}


def adopt(url: str) -> list[str]:
    """Run the migrations; returns the sentences they print."""
    output: list[str] = []
    migrate(url, on_notice=output.append)
    return output


@contextmanager
def start_migrations(url: str) -> Iterator[subprocess.Popen[str]]:
    """`python -m migrations`, as a host runs it before a release; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "migrations"],
        cwd=ROOT,
        env={**NO_ENV_FILE, "PATH": os.environ["PATH"], "DATABASE_URL": url, "ICMP_API_KEY": MASTER_KEY},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def printed(process: subprocess.Popen[str]) -> list[str]:
    """The sentences that the process printed until its end, which are JSON lines when stdout is not a terminal."""
    return [json.loads(line)["message"] for line in process.communicate(timeout=60)[0].splitlines()]


def wait_until(conn: Connection, statement: str) -> None:
    """Poll until the statement returns a row."""
    deadline = time.monotonic() + 30
    while not query(conn, statement):
        assert time.monotonic() < deadline, statement
        time.sleep(0.02)


def wait_until_idle(conn: Connection) -> None:
    """Wait until the server has noticed that a killed client is gone."""
    wait_until(
        conn,
        """SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend')""",
    )
