"""The traces of turns are partitioned by month, and IDs by the time at which they were created."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from migrations import FOLDER
from tests.conftest import own_database
from tests.unit.migrations.support import Connection, connect, query


@pytest.fixture
def migrated(server_url: str, template_database: str) -> Iterator[Connection]:
    with own_database(server_url, template_database) as url, connect(url) as conn:
        # Only the partitions matter here, not what the rows refer to.
        query(conn, "ALTER TABLE turn_steps DROP CONSTRAINT turn_steps_turn_fkey")
        query(conn, "ALTER TABLE llm_calls DROP CONSTRAINT llm_calls_turn_fkey")
        # A new month may have begun since the template was made.
        query(conn, "SELECT create_partitions()")
        yield conn


def insert_step(conn: Connection, turn_id: str, attempt: int = 1, status: str = "completed") -> str:
    """Insert a step of the business with the ID of the turn, and return the partition that stores it."""
    statement = """
        INSERT INTO turn_steps (business_id, turn_id, step, attempt, status, started_at, finished_at)
        VALUES (%(turn_id)s, %(turn_id)s, 'selection', %(attempt)s, %(status)s, now(), now())
        RETURNING tableoid::regclass::text
    """
    rows = query(conn, statement, {"turn_id": turn_id, "attempt": attempt, "status": status})
    return str(rows[0][0])


def value(conn: Connection, expression: str) -> Any:
    return query(conn, f"SELECT {expression}")[0][0]


def month(conn: Connection, months: int = 0) -> str:
    return str(value(conn, f"to_char(now() AT TIME ZONE 'UTC' + interval '{months} months', 'YYYY_MM')"))


@pytest.mark.parametrize("function", ["uuidv7", "own_uuidv7"])
def test_ids_start_with_their_time_and_are_in_order(migrated: Connection, function: str) -> None:
    """PostgreSQL 18 has the function; for earlier versions the migration creates one."""
    text = (FOLDER / "02_businesses_and_people.sql").read_text()
    own = text[text.index("CREATE FUNCTION uuidv7()") : text.index("$function$;") + len("$function$;")]
    query(migrated, own.replace("uuidv7", "own_uuidv7"))
    before = time.time_ns() // 1_000_000
    ids = [UUID(value(migrated, f"{function}()")) for _ in range(50)]
    after = time.time_ns() // 1_000_000
    assert all(each.version == 7 and each.variant == "specified in RFC 4122" for each in ids)
    assert [each.int >> 80 for each in ids] == sorted(each.int >> 80 for each in ids)
    assert before - 1 <= ids[0].int >> 80 <= ids[-1].int >> 80 <= after + 1
    assert len(set(ids)) == 50


def test_rows_are_stored_in_the_partition_of_their_month(migrated: Connection) -> None:
    assert insert_step(migrated, value(migrated, "uuidv7()")) == f"turn_steps_{month(migrated)}"
    following = value(migrated, "lowest_uuidv7(date_trunc('month', now(), 'UTC') + interval '1 month 1 day')")
    assert insert_step(migrated, following) == f"turn_steps_{month(migrated, 1)}"
    assert insert_step(migrated, value(migrated, "gen_random_uuid()")) == "turn_steps_default"


def test_partitions_are_created_once(migrated: Connection) -> None:
    assert query(migrated, "SELECT create_partitions()") == []
    following = month(migrated, 3)
    created = [row[0] for row in query(migrated, "SELECT create_partitions(4)")]
    assert created == [f"turn_steps_{following}", f"llm_calls_{following}"]
    assert query(migrated, "SELECT create_partitions(4)") == []


def test_month_with_rows_in_the_default_partition_gets_no_partition(migrated: Connection) -> None:
    later = value(migrated, "lowest_uuidv7(date_trunc('month', now(), 'UTC') + interval '3 months 1 day')")
    assert insert_step(migrated, later) == "turn_steps_default"
    assert [row[0] for row in query(migrated, "SELECT create_partitions(4)")] == [f"llm_calls_{month(migrated, 3)}"]
    assert insert_step(migrated, later, 2, "failed") == "turn_steps_default"


def test_a_step_has_one_result_that_counts(migrated: Connection) -> None:
    turn_id = value(migrated, "uuidv7()")
    insert_step(migrated, turn_id, 1, "failed")
    insert_step(migrated, turn_id, 2)
    with pytest.raises(psycopg2.errors.UniqueViolation):
        insert_step(migrated, turn_id, 3)
    insert_step(migrated, turn_id, 4, "failed")


def test_old_month_can_be_dropped(migrated: Connection) -> None:
    turn_id = value(migrated, "uuidv7()")
    partition = insert_step(migrated, turn_id)
    query(migrated, f"DROP TABLE {partition}")
    assert query(migrated, "SELECT 1 FROM turn_steps") == []
    assert query(migrated, "SELECT create_partitions()") == [(partition,)]
