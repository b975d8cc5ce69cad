"""The tables `test_runs` and `test_results`: runs of test cases, and what became of each test case."""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, JsonRows, Row
from repositories.page import Page

KEPT_RUNS = 100  # the latest ones of a business


def insert_run(
    conn: Connection,
    business_id: UUID,
    release_id: UUID | None,
    draft: dict[str, Any] | None,
    cases: list[dict[str, Any]],
    *,
    repeat: int = 1,
    checked_release_id: UUID | None = None,
) -> UUID:
    """Store a run that waits, and return its ID. Older runs are deleted.

    `release_id` or `draft`, a snapshot, is what answers. `cases` are the definitions of the test cases, each with its
    test_case_id, in the order in which they are shown. Whether `checked_release_id` is published depends on the run.
    """
    row = conn.execute(
        """
        WITH run AS (
            INSERT INTO test_runs (business_id, release_id, draft, checked_release_id, repeat)
            VALUES (%(business_id)s, %(release_id)s, %(draft)s, %(checked_release_id)s, %(repeat)s)
            RETURNING test_run_id),
        waiting AS (
            INSERT INTO test_results (business_id, test_run_id, test_case_id, position, definition)
            SELECT %(business_id)s, run.test_run_id, c.test_case_id, c.position, c.definition
            FROM run, jsonb_to_recordset(%(cases)s)
                AS c (test_case_id UUID, position INTEGER, definition JSONB))
        SELECT test_run_id FROM run
        """,
        {
            "business_id": business_id,
            "release_id": release_id,
            "draft": None if draft is None else Jsonb(draft),
            "checked_release_id": checked_release_id,
            "repeat": repeat,
            "cases": JsonRows(
                {
                    "test_case_id": case["test_case_id"],
                    "position": position,
                    "definition": {name: value for name, value in case.items() if name != "test_case_id"},
                }
                for position, case in enumerate(cases)
            ),
        },
    ).fetchone()
    assert row is not None
    conn.execute(
        """
        DELETE FROM test_runs WHERE business_id = %(business_id)s AND status NOT IN ('waiting', 'running')
          AND created_at < (SELECT created_at FROM test_runs WHERE business_id = %(business_id)s
                            ORDER BY created_at DESC OFFSET %(kept)s LIMIT 1)
        """,
        {"business_id": business_id, "kept": KEPT_RUNS - 1},
    )
    return UUID(str(row["test_run_id"]))


def list_runs(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's runs without their results, newest first."""
    return conn.execute(
        """
        SELECT t.business_id, t.test_run_id, t.release_id, r.number AS release_number, t.checked_release_id, t.status,
               t.repeat, t.created_at, t.started_at, t.finished_at, counts.*
        FROM test_runs t
        CROSS JOIN LATERAL test_run_counts_v1(t.business_id, t.test_run_id) AS counts
        LEFT JOIN releases r ON r.business_id = t.business_id AND r.release_id = t.release_id
        WHERE t.business_id = %(business_id)s AND (t.created_at, t.test_run_id) < (%(after_time)s, %(after_id)s)
        ORDER BY t.created_at DESC, t.test_run_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def get_run(conn: Connection, business_id: UUID, test_run_id: UUID) -> Row:
    """One run without its results. Raises NotFound."""
    row = conn.execute(
        """
        SELECT t.business_id, t.test_run_id, t.release_id, r.number AS release_number, t.checked_release_id, t.status,
               t.repeat, t.created_at, t.started_at, t.finished_at, counts.*
        FROM test_runs t
        CROSS JOIN LATERAL test_run_counts_v1(t.business_id, t.test_run_id) AS counts
        LEFT JOIN releases r ON r.business_id = t.business_id AND r.release_id = t.release_id
        WHERE t.business_id = %(business_id)s AND t.test_run_id = %(test_run_id)s
        """,
        {"business_id": business_id, "test_run_id": test_run_id},
    ).fetchone()
    if row is None:
        raise NotFound("Test run not found.")
    return row


def count_unfinished(conn: Connection, business_id: UUID) -> int:
    """How many runs of the business wait or run."""
    row = conn.execute(
        """
        SELECT count(*) AS number FROM test_runs
        WHERE business_id = %(business_id)s AND status IN ('waiting', 'running')
        """,
        {"business_id": business_id},
    ).fetchone()
    return row["number"] if row else 0


def get_draft(conn: Connection, business_id: UUID, test_run_id: UUID) -> dict[str, Any] | None:
    """The snapshot with which a run of a draft answers; None if it answers with a release."""
    row = conn.execute(
        "SELECT draft FROM test_runs WHERE business_id = %(business_id)s AND test_run_id = %(test_run_id)s",
        {"business_id": business_id, "test_run_id": test_run_id},
    ).fetchone()
    return row["draft"] if row else None


def get_status(conn: Connection, business_id: UUID, test_run_id: UUID) -> str | None:
    """The status of a run; None if it has been deleted."""
    row = conn.execute(
        "SELECT status FROM test_runs WHERE business_id = %(business_id)s AND test_run_id = %(test_run_id)s",
        {"business_id": business_id, "test_run_id": test_run_id},
    ).fetchone()
    return row["status"] if row else None


def lock_run(conn: Connection, business_id: UUID, test_run_id: UUID) -> str | None:
    """The status of a run, whose row is locked; None if it has been deleted."""
    row = conn.execute(
        """
        SELECT status FROM test_runs WHERE business_id = %(business_id)s AND test_run_id = %(test_run_id)s
        FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "test_run_id": test_run_id},
    ).fetchone()
    return row["status"] if row else None


def set_status(conn: Connection, business_id: UUID, test_run_id: UUID, status: str) -> None:
    """Start a run that waits, or end one. A draft is only stored until then."""
    conn.execute(
        """
        UPDATE test_runs SET status = %(status)s,
            started_at = coalesce(started_at, clock_timestamp()),
            finished_at = CASE WHEN %(status)s <> 'running' THEN clock_timestamp() END,
            draft = CASE WHEN %(status)s = 'running' THEN draft END
        WHERE business_id = %(business_id)s AND test_run_id = %(test_run_id)s
        """,
        {"business_id": business_id, "test_run_id": test_run_id, "status": status},
    )


def find_check(conn: Connection, business_id: UUID, checked_release_id: UUID, release_id: UUID) -> UUID | None:
    """The run of a release's test cases, with itself or with the live release, on which its publication depends."""
    row = conn.execute(
        """
        SELECT test_run_id FROM test_runs
        WHERE business_id = %(business_id)s AND checked_release_id = %(checked_release_id)s
          AND release_id = %(release_id)s
        """,
        {"business_id": business_id, "checked_release_id": checked_release_id, "release_id": release_id},
    ).fetchone()
    return row["test_run_id"] if row else None


def list_waiting(conn: Connection, business_id: UUID, test_run_id: UUID, limit: int) -> list[Row]:
    """Test cases of a run that have no result yet: test_case_id and definition."""
    return conn.execute(
        """
        SELECT test_case_id, definition FROM test_results
        WHERE business_id = %(business_id)s AND test_run_id = %(test_run_id)s AND status = 'waiting'
        ORDER BY position LIMIT %(limit)s
        """,
        {"business_id": business_id, "test_run_id": test_run_id, "limit": limit},
    ).fetchall()


def store_result(
    conn: Connection, business_id: UUID, test_run_id: UUID, test_case_id: UUID, result: dict[str, Any]
) -> None:
    """Store what became of a test case: status, error, turns, tokens, cost_usd and duration_ms."""
    conn.execute(
        """
        UPDATE test_results SET status = %(status)s, error = %(error)s, turns = %(turns)s, tokens = %(tokens)s,
            cost_usd = %(cost_usd)s, duration_ms = %(duration_ms)s, finished_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND test_run_id = %(test_run_id)s AND test_case_id = %(test_case_id)s
        """,
        {
            **result,
            "business_id": business_id,
            "test_run_id": test_run_id,
            "test_case_id": test_case_id,
            "turns": Jsonb(result["turns"]),
        },
    )


def list_results(conn: Connection, business_id: UUID, test_run_id: UUID) -> list[Row]:
    """What became of the test cases of a run, in their order."""
    return conn.execute(
        """
        SELECT test_case_id, definition ->> 'name' AS name, status, error, turns, tokens, cost_usd, duration_ms
        FROM test_results
        WHERE business_id = %(business_id)s AND test_run_id = %(test_run_id)s
        ORDER BY position
        """,
        {"business_id": business_id, "test_run_id": test_run_id},
    ).fetchall()
