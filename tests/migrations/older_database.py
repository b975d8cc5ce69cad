"""The older system's database for tests: `tests/legacy_schema.sql`, the IDs in it, and helpers to query and migrate."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.extensions
from flask import Flask

from migrations import migrate
from tests.conftest import MASTER_KEY
from tests.support.fake_model import FakeModel

Connection = psycopg2.extensions.connection

ROOT = Path(__file__).parent.parent.parent
OLDER_SCHEMA = (ROOT / "tests" / "legacy_schema.sql").read_text()
ADOPTION = "07_adopt_older_database"

OLGA, CARL, DORA = (f"10000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
MISSING_OWNER, MISSING_CUSTOMER = "10000000-0000-4000-8000-00000000dead", "10000000-0000-4000-8000-0000000000ff"
FIRST, SECOND = (f"20000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
FIRST_KEY, SECOND_KEY = "legacy-key-of-the-first", "legacy-key-of-the-second"
AGENT = "30000000-0000-4000-8000-000000000001"
GREET, ASSIST, ASSIST_OF_SECOND = (f"50000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
CONVERSATIONS = [f"60000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3, 4)]


@dataclass
class Adopted:
    """The older system's database after the migration, with the application running on it."""

    url: str
    conn: Connection
    output: list[str]  # the sentences of the migration
    app: Flask
    model: FakeModel


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


def adopt(url: str) -> list[str]:
    """Run the migrations; returns the sentences they print."""
    output: list[str] = []
    migrate(url, tell=output.append)
    return output


def everything(conn: Connection) -> dict[str, list[str]]:
    """Every row of every table as text, by table."""
    tables = query(conn, "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
    return {table: sorted(row[0] for row in query(conn, f"SELECT t::text FROM {table} t")) for (table,) in tables}


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def start_migrations(url: str) -> "subprocess.Popen[str]":
    """`python -m migrations`, as a host runs it before a release."""
    return subprocess.Popen(
        [sys.executable, "-m", "migrations"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": url, "ICMP_API_KEY": MASTER_KEY},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


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
