"""The table `test_cases`: conversations with what is expected of each answer."""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, JsonRows, Row
from repositories.page import Page, fetch_page

_JSON = ("customer", "data", "lookups", "turns")


def insert_case(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Create a test case and return its ID. `values`: name, turns and perhaps the other columns."""
    row = conn.execute(
        """
        INSERT INTO test_cases (business_id, stage_id, name, customer, data, lookups, turns)
        VALUES (%(business_id)s, %(stage_id)s, %(name)s, %(customer)s, %(data)s, %(lookups)s, %(turns)s)
        RETURNING test_case_id
        """,
        _parameters(business_id, {"stage_id": None, "customer": {}, "data": {}, "lookups": {}, **values}),
    ).fetchone()
    assert row is not None
    return UUID(str(row["test_case_id"]))


def measure_cases(conn: Connection, business_id: UUID) -> tuple[int, int]:
    """How many test cases the business has, and how many bytes they have together as text."""
    row = conn.execute(
        """
        SELECT count(*) AS number, coalesce(sum(octet_length(
            name || customer::text || data::text || lookups::text || turns::text)), 0)::bigint AS size
        FROM test_cases WHERE business_id = %(business_id)s
        """,
        {"business_id": business_id},
    ).fetchone()
    assert row is not None
    return row["number"], row["size"]


def has_cases(conn: Connection, business_id: UUID) -> bool:
    """Whether the business has test cases."""
    row = conn.execute(
        "SELECT EXISTS (SELECT FROM test_cases WHERE business_id = %(business_id)s) AS has_cases",
        {"business_id": business_id},
    ).fetchone()
    return row is not None and bool(row["has_cases"])


def list_cases(conn: Connection, business_id: UUID, page: Page, stage_id: UUID | None = None) -> list[Row]:
    """The business's test cases with their latest results, or only those of one stage."""
    return fetch_page(
        conn,
        """
        SELECT c.*, (
            SELECT jsonb_build_object('test_run_id', r.test_run_id, 'status', r.status, 'finished_at', r.finished_at)
            FROM test_results r
            WHERE r.business_id = c.business_id AND r.test_case_id = c.test_case_id AND r.finished_at IS NOT NULL
            ORDER BY r.finished_at DESC LIMIT 1) AS last_result
        FROM test_cases c
        WHERE c.business_id = %(business_id)s
          AND (%(stage_id)s::uuid IS NULL OR c.stage_id = %(stage_id)s)
          AND (c.created_at, c.test_case_id) > (%(after_time)s, %(after_id)s)
        ORDER BY c.created_at, c.test_case_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id, "stage_id": stage_id},
    )


def list_definitions(
    conn: Connection, business_id: UUID, test_case_ids: list[str] | None = None, stage_id: str | None = None
) -> list[Row]:
    """What runs of the business's test cases need, perhaps only of those with these IDs and of one stage: test_case_id,
    name, stage_id, customer, data, lookups and turns."""
    return conn.execute(
        """
        SELECT test_case_id, name, stage_id, customer, data, lookups, turns FROM test_cases
        WHERE business_id = %(business_id)s
          AND (%(test_case_ids)s::uuid[] IS NULL OR test_case_id = ANY(%(test_case_ids)s::uuid[]))
          AND (%(stage_id)s::uuid IS NULL OR stage_id = %(stage_id)s)
        ORDER BY created_at, test_case_id
        """,
        {"business_id": business_id, "test_case_ids": test_case_ids, "stage_id": stage_id},
    ).fetchall()


def get_case(conn: Connection, business_id: UUID, test_case_id: UUID) -> Row:
    """One test case with its latest result. Raises NotFound."""
    row = conn.execute(
        """
        SELECT c.*, (
            SELECT jsonb_build_object('test_run_id', r.test_run_id, 'status', r.status, 'finished_at', r.finished_at)
            FROM test_results r
            WHERE r.business_id = c.business_id AND r.test_case_id = c.test_case_id AND r.finished_at IS NOT NULL
            ORDER BY r.finished_at DESC LIMIT 1) AS last_result
        FROM test_cases c
        WHERE c.business_id = %(business_id)s AND c.test_case_id = %(test_case_id)s
        """,
        {"business_id": business_id, "test_case_id": test_case_id},
    ).fetchone()
    if row is None:
        raise NotFound("Test case not found.")
    return row


def update_case(conn: Connection, business_id: UUID, test_case_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing test case. `values` holds all its columns; returns the changed row."""
    conn.execute(
        """
        UPDATE test_cases SET stage_id = %(stage_id)s, name = %(name)s, customer = %(customer)s, data = %(data)s,
            lookups = %(lookups)s, turns = %(turns)s, version = version + 1, updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND test_case_id = %(test_case_id)s
        """,
        {**_parameters(business_id, values), "test_case_id": test_case_id},
    )
    return get_case(conn, business_id, test_case_id)


def delete_case(conn: Connection, business_id: UUID, test_case_id: UUID) -> None:
    """Delete a test case. Its results are kept."""
    conn.execute(
        "DELETE FROM test_cases WHERE business_id = %(business_id)s AND test_case_id = %(test_case_id)s",
        {"business_id": business_id, "test_case_id": test_case_id},
    )


def replace_cases(conn: Connection, business_id: UUID, cases: list[dict[str, Any]]) -> None:
    """Make the business have exactly these test cases: those of a release, with the columns of `list_definitions`."""
    parameters = {"business_id": business_id, "rows": JsonRows(cases)}
    conn.execute(
        """
        DELETE FROM test_cases WHERE business_id = %(business_id)s AND test_case_id <> ALL (
            SELECT test_case_id FROM jsonb_to_recordset(%(rows)s) AS r (test_case_id UUID))
        """,
        parameters,
    )
    conn.execute(
        """
        INSERT INTO test_cases AS c (business_id, test_case_id, stage_id, name, customer, data, lookups, turns)
        SELECT %(business_id)s, test_case_id, stage_id, name, customer, data, lookups, turns
        FROM jsonb_to_recordset(%(rows)s) AS r (
            test_case_id UUID, stage_id UUID, name TEXT, customer JSONB, data JSONB, lookups JSONB, turns JSONB)
        ON CONFLICT (business_id, test_case_id) DO UPDATE SET
            stage_id = EXCLUDED.stage_id, name = EXCLUDED.name, customer = EXCLUDED.customer, data = EXCLUDED.data,
            lookups = EXCLUDED.lookups, turns = EXCLUDED.turns, version = c.version + 1,
            updated_at = clock_timestamp()
        WHERE (c.stage_id, c.name, c.customer, c.data, c.lookups, c.turns) IS DISTINCT FROM
            (EXCLUDED.stage_id, EXCLUDED.name, EXCLUDED.customer, EXCLUDED.data, EXCLUDED.lookups, EXCLUDED.turns)
        """,
        parameters,
    )


def _parameters(business_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "business_id": business_id, **{name: Jsonb(values[name]) for name in _JSON}}
