"""Running the migrations: again, by several processes at once, after a kill, and on a newer schema."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app import create_app
from migrations import FOLDER, SchemaError, migrate
from tests.conftest import make_config
from tests.unit.migrations.older_database import OLDER_SCHEMA
from tests.unit.migrations.support import (
    Connection,
    connect,
    printed,
    query,
    schema_of,
    start_migrations,
    wait_until,
)

FILES = sorted(path.stem for path in FOLDER.glob("[0-9]*.sql"))
INITIAL_SCHEMA = FILES[:6]
CONTRACT_STEPS: set[str] = set()  # files that remove what the previous release had already stopped using
PAUSE = 4242  # the test's advisory lock, which a paused migration waits for


@contextmanager
def pausing_at(database_url: str, table: str) -> Iterator[Connection]:
    """A migration that creates the table pauses in its transaction until PAUSE is unlocked."""
    with connect(database_url) as conn:
        query(conn, f"SELECT pg_advisory_lock({PAUSE})")
        query(
            conn,
            f"""
            CREATE FUNCTION pause() RETURNS event_trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT 1 FROM pg_event_trigger_ddl_commands()
                           WHERE object_identity = 'public.{table}' AND command_tag = 'CREATE TABLE') THEN
                    PERFORM pg_advisory_lock_shared({PAUSE});
                END IF;
            END $$;
            CREATE EVENT TRIGGER pause ON ddl_command_end EXECUTE FUNCTION pause();
            """,
        )
        yield conn
        query(conn, "DROP EVENT TRIGGER IF EXISTS pause")
        query(conn, "DROP FUNCTION IF EXISTS pause")


def wait_until_paused(conn: Connection, process: subprocess.Popen[str]) -> None:
    paused = f"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = {PAUSE} AND NOT granted"
    while not query(conn, paused):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


@pytest.fixture
def complete_schema(database_url: str) -> list[str]:
    """The schema after all migrations."""
    return schema_of(database_url)


def test_second_run_does_nothing(empty_database_url: str, complete_schema: list[str]) -> None:
    assert migrate(empty_database_url) == FILES
    assert schema_of(empty_database_url) == complete_schema
    assert migrate(empty_database_url) == []
    assert schema_of(empty_database_url) == complete_schema


def test_new_database_needs_no_notices(empty_database_url: str) -> None:
    output: list[str] = []
    migrate(empty_database_url, on_notice=output.append)
    assert output == []


def test_command_prints_what_it_did(empty_database_url: str) -> None:
    with start_migrations(empty_database_url) as first:
        assert printed(first)[-1] == f"icmp: {len(FILES)} migrations applied"
    with start_migrations(empty_database_url) as second:
        assert printed(second) == ["icmp: the schema is up to date"]
    assert (first.returncode, second.returncode) == (0, 0)


def test_processes_started_at_once_wait_for_each_other(empty_database_url: str, complete_schema: list[str]) -> None:
    with (
        pausing_at(empty_database_url, "stages") as conn,
        start_migrations(empty_database_url) as first,
    ):
        wait_until_paused(conn, first)
        with start_migrations(empty_database_url) as second, start_migrations(empty_database_url) as third:
            # The first waits for PAUSE, the others wait for the first.
            waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted HAVING count(*) = 3"
            wait_until(conn, waiting)
            query(conn, f"SELECT pg_advisory_unlock({PAUSE})")
            last_lines = [printed(process)[-1] for process in (first, second, third)]
    assert last_lines == [f"icmp: {len(FILES)} migrations applied", *["icmp: the schema is up to date"] * 2]
    assert schema_of(empty_database_url) == complete_schema


@pytest.mark.parametrize("table", ["users", "stages", "turn_steps", "orders"])
def test_run_after_a_kill_completes_the_schema(empty_database_url: str, complete_schema: list[str], table: str) -> None:
    with (
        pausing_at(empty_database_url, table) as conn,
        start_migrations(empty_database_url) as killed,
    ):
        wait_until_paused(conn, killed)
        killed.kill()
        killed.communicate()
        with start_migrations(empty_database_url) as second:  # before the database has noticed
            query(conn, f"SELECT pg_advisory_unlock({PAUSE})")
            last_line = printed(second)[-1]
    assert second.returncode == 0
    assert 0 < int(re.findall(r"icmp: (\d+) migrations applied", last_line)[0]) <= len(FILES)
    assert schema_of(empty_database_url) == complete_schema
    assert migrate(empty_database_url) == []


@pytest.mark.parametrize("unknown_migration", ["99_later", "18_member_invitations"])
def test_unknown_migration_is_refused_in_one_sentence(empty_database_url: str, unknown_migration: str) -> None:
    migrate(empty_database_url)
    with connect(empty_database_url) as conn:
        query(
            conn,
            """INSERT INTO _yoyo_migration (migration_hash, migration_id, applied_at_utc)
               VALUES ('x', %(id)s, now())""",
            {"id": unknown_migration},
        )
    before = schema_of(empty_database_url)
    with start_migrations(empty_database_url) as refused:
        output, errors = refused.communicate()
    assert refused.returncode == 1
    assert output == ""
    assert errors.startswith(f"icmp: The database was created by a newer version ({unknown_migration})")
    assert errors.count("\n") == 1
    with pytest.raises(SchemaError, match="newer version"):
        create_app(make_config(empty_database_url))
    assert schema_of(empty_database_url) == before


def test_database_that_does_not_answer_is_reported_in_one_sentence() -> None:
    with pytest.raises(
        SchemaError, match=r"^The database cannot be used \(.+Connection refused\): check DATABASE_URL and [^.]+\.$"
    ):
        migrate("postgresql://nobody@127.0.0.1:1/nothing", wait=0)


def test_files_are_numbered_without_gaps() -> None:
    # yoyo orders files by their names, so all numbers have two digits.
    assert all(re.fullmatch(r"\d\d_[a-z0-9_]+", stem) for stem in FILES)
    assert [int(stem[:2]) for stem in FILES] == list(range(1, len(FILES) + 1))
    assert FILES[0] == "01_cleanup_template_tables"


def test_later_files_remove_nothing_that_the_previous_version_uses() -> None:
    """A migration runs while the previous version still serves requests."""
    removes = re.compile(
        r"DROP\s+COLUMN|RENAME\s+(?:COLUMN|TO|CONSTRAINT)|ALTER\s+COLUMN\s+\w+\s+(?:TYPE|SET\s+NOT\s+NULL|DROP\s+DEFAULT)"
        r"|ADD\s+COLUMN\s+(?![^,;]*\bDEFAULT\b)[^,;]*\bNOT\s+NULL|DROP\s+TABLE\s+(?!IF\s+EXISTS\s+legacy\.|legacy\.)",
        re.IGNORECASE,
    )
    for stem in sorted({*FILES} - {*INITIAL_SCHEMA} - CONTRACT_STEPS):
        statements = re.sub(r"--.*", "", (FOLDER / f"{stem}.sql").read_text())
        created_here = {*re.findall(r"CREATE\s+(?:TEMP\w*\s+)?TABLE\s+(?:IF NOT EXISTS\s+)?(\w+)", statements)}
        found = [match[0] for match in removes.finditer(statements) if not created_here & {*match[0].split()}]
        assert found == [], f"{stem} removes what the previous version may still use: {found}"


def test_first_file_moves_the_older_tables_with_their_rows(empty_database_url: str) -> None:
    cleanup = (FOLDER / f"{FILES[0]}.sql").read_text()
    with connect(empty_database_url) as conn:
        query(conn, OLDER_SCHEMA)
        tables = [row[0] for row in query(conn, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        counts = {table: query(conn, f"SELECT count(*) FROM public.{table}") for table in tables}
        assert {"prompt_templates", "default_templates", "stages", "messages"} <= counts.keys()
        for _ in range(2):
            query(conn, cleanup)
            assert query(conn, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []
            assert counts == {table: query(conn, f"SELECT count(*) FROM legacy.{table}") for table in tables}


def test_first_file_does_nothing_on_a_new_database(empty_database_url: str) -> None:
    with connect(empty_database_url) as conn:
        query(conn, (FOLDER / f"{FILES[0]}.sql").read_text())
        assert query(conn, "SELECT 1 FROM pg_namespace WHERE nspname = 'legacy'") == []
