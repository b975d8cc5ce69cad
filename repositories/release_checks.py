"""Checks of releases: a draft is stored as a release, and published if its test cases allow it.

The caller of each function that writes has locked the business.
"""

from typing import Any
from uuid import UUID

from db import Connection, Jsonb, Row


def mark_checking(conn: Connection, business_id: UUID, release_id: UUID) -> None:
    """Start the check of a release. No other one of the business is being checked."""
    conn.execute(
        """
        UPDATE releases SET check_status = 'checking'
        WHERE business_id = %(business_id)s AND release_id = %(release_id)s
        """,
        {"business_id": business_id, "release_id": release_id},
    )


def find_checking(conn: Connection, business_id: UUID, release_id: UUID | None = None) -> Row | None:
    """The release that is being checked, if there is one, or only if it is this one: release_id, number, author_type,
    author_id, and its test cases as `test_cases.list_definitions` returns them."""
    return conn.execute(
        """
        SELECT release_id, number, author_type, author_id, snapshot -> 'test_cases' AS test_cases
        FROM releases WHERE business_id = %(business_id)s AND check_status = 'checking'
          AND (%(release_id)s::uuid IS NULL OR release_id = %(release_id)s)
        """,
        {"business_id": business_id, "release_id": release_id},
    ).fetchone()


def stop_check(conn: Connection, business_id: UUID) -> None:
    """Stop the check of a release, if there is one, with its test runs. The release is kept as a draft."""
    row = conn.execute(
        """
        UPDATE releases SET check_status = NULL
        WHERE business_id = %(business_id)s AND check_status = 'checking'
        RETURNING release_id
        """,
        {"business_id": business_id},
    ).fetchone()
    if row is not None:
        end_runs(conn, business_id, row["release_id"], "cancelled")


def end_runs(conn: Connection, business_id: UUID, release_id: UUID, status: str) -> None:
    """End the test runs of the check of a release."""
    conn.execute(
        """
        UPDATE test_runs SET status = %(status)s, finished_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND checked_release_id = %(release_id)s
          AND status IN ('waiting', 'running')
        """,
        {"business_id": business_id, "release_id": release_id, "status": status},
    )


def end_check(
    conn: Connection, business_id: UUID, release_id: UUID, result: dict[str, Any], *, is_refused: bool
) -> None:
    """Store the result of a check, as in schemas/release_check.json."""
    conn.execute(
        """
        UPDATE releases SET check_result = %(result)s, check_status = CASE WHEN %(is_refused)s THEN 'refused' END
        WHERE business_id = %(business_id)s AND release_id = %(release_id)s
        """,
        {"business_id": business_id, "release_id": release_id, "result": Jsonb(result), "is_refused": is_refused},
    )


def publish_checked(conn: Connection, business_id: UUID, release_id: UUID) -> None:
    """Make a stored draft the live release. Settings, profile and default templates take effect at once, so it gets
    those of now, and if their change was another release, a number after that."""
    parameters = {"business_id": business_id, "release_id": release_id}
    conn.execute(
        """
        UPDATE releases r SET is_draft = false, created_at = clock_timestamp(),
            number = CASE WHEN r.number < live.number THEN next_release_number_v1(r.business_id) ELSE r.number END,
            snapshot = r.snapshot || jsonb_build_object('business', draft -> 'business',
                'settings', draft -> 'settings', 'defaults', draft -> 'defaults')
        FROM businesses b
        JOIN releases live ON live.business_id = b.business_id AND live.release_id = b.live_release_id
        CROSS JOIN design_snapshot_v1(b.business_id) AS draft
        WHERE b.business_id = %(business_id)s AND r.business_id = b.business_id AND r.release_id = %(release_id)s
        """,
        parameters,
    )
    conn.execute(
        "UPDATE businesses SET live_release_id = %(release_id)s WHERE business_id = %(business_id)s", parameters
    )
