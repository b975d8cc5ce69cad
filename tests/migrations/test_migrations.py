"""Migrations: twice, at once, killed half-way, and under a newer schema. (SPEC 4)"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from app import create_app
from migrations import FOLDER, SchemaError, migrate
from tests.conftest import MASTER_KEY, NO_ENV_FILE, make_config

FILES = sorted(path.stem for path in FOLDER.glob("[0-9]*.sql"))
LEGACY = (Path(__file__).parents[1] / "legacy_schema.sql").read_text()
PAUSE = 4242  # an advisory lock of the test's own


started: list[subprocess.Popen[str]] = []


@pytest.fixture(autouse=True)
def none_is_left_behind() -> Iterator[None]:
    yield
    while started:
        with started.pop() as process:
            process.kill()


def start(database_url: str) -> subprocess.Popen[str]:
    """`python -m migrations`, as a host runs it before a release."""
    process = subprocess.Popen(
        [sys.executable, "-m", "migrations"],
        cwd=FOLDER.parent,
        env={**NO_ENV_FILE, "PATH": os.environ["PATH"], "DATABASE_URL": database_url, "ICMP_API_KEY": MASTER_KEY},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    started.append(process)
    return process


def schema_of(database_url: str) -> list[str]:
    """Every column, constraint and index of ours, as text."""
    with psycopg.connect(database_url) as conn:
        rows = conn.execute(
            """
            SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
                   || coalesce(column_default, '')
            FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL
            SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
            ORDER BY 1
            """
        ).fetchall()
    return [row[0] for row in rows]


@contextmanager
def pausing_at(database_url: str, table: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Whoever creates the table stands still, in the middle of its transaction, for as long as this lasts."""
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%(lock)s)", {"lock": PAUSE})
        conn.execute(
            f"""
            CREATE FUNCTION pause() RETURNS event_trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT 1 FROM pg_event_trigger_ddl_commands()
                           WHERE object_identity = 'public.{table}' AND command_tag = 'CREATE TABLE') THEN
                    PERFORM pg_advisory_lock_shared({PAUSE});
                END IF;
            END $$;
            CREATE EVENT TRIGGER pause ON ddl_command_end EXECUTE FUNCTION pause();
            """.encode()
        )
        yield conn
        conn.execute("DROP EVENT TRIGGER IF EXISTS pause")
        conn.execute("DROP FUNCTION IF EXISTS pause")


def wait_until_paused(conn: psycopg.Connection[tuple[object, ...]], process: subprocess.Popen[str]) -> None:
    query = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %(lock)s AND NOT granted"
    while not conn.execute(query, {"lock": PAUSE}).fetchall():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)  # there is no event to wait for


@pytest.fixture
def whole(database_url: str) -> list[str]:
    """The schema as it should be."""
    return schema_of(database_url)


def test_a_second_run_does_nothing(empty_database_url: str, whole: list[str]) -> None:
    assert migrate(empty_database_url) == FILES
    assert schema_of(empty_database_url) == whole
    assert migrate(empty_database_url) == []
    assert schema_of(empty_database_url) == whole


def test_the_command_says_what_it_did(empty_database_url: str) -> None:
    first = start(empty_database_url)
    assert first.communicate()[0].splitlines()[-1] == f"icmp: {len(FILES)} migrations applied"
    second = start(empty_database_url)
    assert second.communicate()[0] == "icmp: the schema is up to date\n"
    assert (first.returncode, second.returncode) == (0, 0)


def test_processes_that_start_at_once_take_turns(empty_database_url: str, whole: list[str]) -> None:
    with pausing_at(empty_database_url, "stages") as conn:
        first = start(empty_database_url)
        wait_until_paused(conn, first)
        others = [start(empty_database_url) for _ in range(2)]
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while conn.execute(waiting).fetchone() != (3,):  # the first at our lock, the others at the migrations' own
            time.sleep(0.02)
        conn.execute("SELECT pg_advisory_unlock(%(lock)s)", {"lock": PAUSE})
        told = [process.communicate()[0].splitlines()[-1] for process in (first, *others)]
    assert told == [f"icmp: {len(FILES)} migrations applied", *["icmp: the schema is up to date"] * 2]
    assert schema_of(empty_database_url) == whole


@pytest.mark.parametrize("table", ["users", "stages", "turn_steps", "orders"])
def test_a_kill_in_the_middle_leaves_nothing_half_done(empty_database_url: str, whole: list[str], table: str) -> None:
    with pausing_at(empty_database_url, table) as conn:
        killed = start(empty_database_url)
        wait_until_paused(conn, killed)
        killed.kill()
        killed.communicate()
        again = start(empty_database_url)  # before the database has noticed
        conn.execute("SELECT pg_advisory_unlock(%(lock)s)", {"lock": PAUSE})
        told, complaint = again.communicate()
    assert again.returncode == 0, complaint
    assert 0 < int(re.findall(r"icmp: (\d+) migrations applied", told)[0]) <= len(FILES)
    assert schema_of(empty_database_url) == whole
    assert migrate(empty_database_url) == []


def test_a_newer_schema_is_refused_in_one_sentence(empty_database_url: str) -> None:
    migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as conn:
        conn.execute(
            "INSERT INTO _yoyo_migration (migration_hash, migration_id, applied_at_utc) VALUES ('x', '99_later', now())"
        )
    before = schema_of(empty_database_url)
    refused = start(empty_database_url)
    told, complaint = refused.communicate()
    assert refused.returncode == 1
    assert told == ""
    assert complaint == "icmp: The database is of a newer version (99_later): start that one.\n"
    with pytest.raises(SchemaError, match="newer version"):
        create_app(make_config(empty_database_url))
    assert schema_of(empty_database_url) == before


def test_a_database_that_does_not_answer_is_one_sentence() -> None:
    with pytest.raises(
        SchemaError, match=r"^The database does not answer \(.+\): check DATABASE_URL and that it runs\.$"
    ):
        migrate("postgresql://nobody@127.0.0.1:1/nothing", wait=0)


def test_files_are_numbered_and_none_is_missing() -> None:
    numbers = [int(stem.split("_", 1)[0]) for stem in FILES]
    assert len(set(numbers)) == len(numbers)
    assert FILES[0] == "01_cleanup_template_tables"
    assert numbers == sorted(numbers)
    # yoyo orders by text: with a hundred the names need a third digit.
    assert all(re.fullmatch(r"\d\d_[a-z0-9_]+", stem) for stem in FILES)


def test_a_file_takes_nothing_away_that_the_previous_code_uses() -> None:
    """Each is applied while the version before still serves: it may add, and what it adds must not be needed."""
    takes_away = re.compile(
        r"DROP\s+COLUMN|RENAME\s+(?:COLUMN|TO|CONSTRAINT)|ALTER\s+COLUMN\s+\w+\s+(?:TYPE|SET\s+NOT\s+NULL|DROP\s+DEFAULT)"
        r"|ADD\s+COLUMN\s+(?![^,;]*\bDEFAULT\b)[^,;]*\bNOT\s+NULL|DROP\s+TABLE\s+(?!IF\s+EXISTS\s+legacy\.|legacy\.)",
        re.IGNORECASE,
    )
    for stem in FILES[6:]:  # 01 to 06 are the initial schema
        text = (FOLDER / f"{stem}.sql").read_text()
        statements = re.sub(r"--.*", "", text)
        made_here = {*re.findall(r"CREATE\s+(?:TEMP\w*\s+)?TABLE\s+(?:IF NOT EXISTS\s+)?(\w+)", statements)}
        found = [match[0] for match in takes_away.finditer(statements) if not made_here & {*match[0].split()}]
        assert found == [], f"{stem} takes away what the previous version may still use: {found}"


def test_the_older_systems_tables_are_moved_aside_with_their_rows(empty_database_url: str) -> None:
    cleanup = (FOLDER / f"{FILES[0]}.sql").read_text().encode()
    count = "SELECT count(*) FROM {}.{}"
    with psycopg.connect(empty_database_url, autocommit=True) as conn:
        conn.execute(LEGACY.encode())
        tables = [row[0] for row in conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        rows = {table: conn.execute(count.format("public", table).encode()).fetchone() for table in tables}
        assert {"prompt_templates", "default_templates", "stages", "messages"} <= rows.keys()
        for _ in range(2):
            conn.execute(cleanup)
            assert conn.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchall() == []
            assert rows == {table: conn.execute(count.format("legacy", table).encode()).fetchone() for table in tables}


def test_on_a_new_database_there_is_nothing_to_move(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as conn:
        conn.execute((FOLDER / f"{FILES[0]}.sql").read_text().encode())
        assert conn.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'legacy'").fetchall() == []
