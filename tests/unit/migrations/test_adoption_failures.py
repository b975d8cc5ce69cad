"""An adoption that fails or is killed leaves the old rows unchanged, and can be repeated."""

from contextlib import closing

import psycopg2
import pytest

from migrations import SchemaError, migrate
from tests.unit.migrations.older_database import ADOPTION, ASSIST_OF_SECOND
from tests.unit.migrations.support import (
    Connection,
    everything,
    printed,
    query,
    start_migrations,
    wait_until,
    wait_until_idle,
)

pytestmark = pytest.mark.slow


def test_row_without_a_place_stops_the_adoption_until_it_is_repaired(
    older: Connection, empty_database_url: str
) -> None:
    query(older, "ALTER TABLE messages DROP CONSTRAINT messages_conversation_id_fkey")
    query(older, "UPDATE messages SET conversation_id = gen_random_uuid() WHERE message_content = 'Hello'")
    with pytest.raises(SchemaError, match="1 of 4 rows of the older table messages could not be adopted"):
        migrate(empty_database_url)
    assert query(older, "SELECT count(*) FROM legacy.messages") == [(4,)]
    assert query(older, "SELECT count(*) FROM users") == [(0,)]
    query(older, "DELETE FROM legacy.messages WHERE message_content = 'Hello'")
    assert migrate(empty_database_url)[0] == ADOPTION
    assert query(older, "SELECT count(*) FROM messages") == [(3,)]


def test_kill_before_the_commit_leaves_the_old_rows_unchanged(older: Connection, empty_database_url: str) -> None:
    """The process is killed when all rows are copied and only the record of the migration is missing."""
    query(older, "ALTER SCHEMA public RENAME TO aside; CREATE SCHEMA public")
    migrate(empty_database_url)
    query(older, f"DELETE FROM _yoyo_migration WHERE migration_id = '{ADOPTION}'; DROP TABLE adoption_notes")
    query(older, "ALTER SCHEMA aside RENAME TO legacy")
    with closing(psycopg2.connect(empty_database_url)) as blocker:
        query(blocker, "LOCK TABLE _yoyo_migration IN SHARE MODE")
        with start_migrations(empty_database_url) as run:
            wait_until(older, "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '_yoyo_migration'::regclass")
            run.kill()
            run.communicate()
    wait_until_idle(older)
    assert query(older, "SELECT count(*) FROM legacy.messages") == [(4,)]
    assert query(older, "SELECT count(*) FROM messages") == [(0,)]
    assert query(older, "SELECT to_regclass('adoption_notes')") == [(None,)]
    assert migrate(empty_database_url)[0] == ADOPTION
    assert query(older, "SELECT count(*) FROM messages") == [(4,)]


def test_kill_between_the_steps_is_resumed(older: Connection, empty_database_url: str) -> None:
    """The old tables have been moved, the new ones exist, and the adoption has not started."""
    with closing(psycopg2.connect(empty_database_url)) as blocker:
        query(blocker, "LOCK TABLE stages IN ACCESS SHARE MODE")
        with start_migrations(empty_database_url) as run:
            wait_until(older, "SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'")
            run.kill()
            run.communicate()
    wait_until_idle(older)
    assert ADOPTION in migrate(empty_database_url)
    assert query(older, "SELECT count(*) FROM stages") == [(3,)]


def test_two_processes_start_at_once(older: Connection, empty_database_url: str) -> None:
    with start_migrations(empty_database_url) as first, start_migrations(empty_database_url) as second:
        outputs = sorted((printed(process) for process in (first, second)), key=len)
    assert (first.returncode, second.returncode) == (0, 0)
    assert outputs[0] == ["icmp: the schema is up to date"]
    repair = f"stages {ASSIST_OF_SECOND}: its response_generation template points-nowhere did not exist"
    assert f"icmp: {repair}: the default is used" in outputs[1]
    assert query(older, "SELECT count(*) FROM messages") == [(4,)]


def test_output_of_many_repairs_is_complete(older: Connection, empty_database_url: str) -> None:
    """A driver may keep only the last notices of a connection."""
    query(
        older,
        """INSERT INTO stages (stage_id, business_id, stage_name, stage_description, stage_type,
                               response_generation_template_id)
           SELECT gen_random_uuid(), business_id, 'Stage ' || n, '', '', 'missing-' || n
           FROM businesses, generate_series(1, 200) AS n""",
    )
    output: list[str] = []
    migrate(empty_database_url, on_notice=output.append)
    assert len([sentence for sentence in output if "template missing-" in sentence]) == 400


def test_rows_are_the_same_however_often_the_migrations_run(older: Connection, empty_database_url: str) -> None:
    migrate(empty_database_url)
    before = everything(older)
    for _ in range(2):
        assert migrate(empty_database_url) == []
    assert everything(older) == before
