"""Trials: a release answers a share of the new conversations, and keeps those that it has.

A trigger assigns new conversations (`migrations/49_pinned_conversations.sql`).
"""

from uuid import UUID

from db import Connection, Row


def get_trial(conn: Connection, business_id: UUID) -> Row | None:
    """The trial of the business, if there is one: release_id, number and percent."""
    return conn.execute(
        """
        SELECT r.release_id, r.number, b.trial_percent AS percent FROM businesses b
        JOIN releases r ON r.business_id = b.business_id AND r.release_id = b.trial_release_id
        WHERE b.business_id = %(business_id)s
        """,
        {"business_id": business_id},
    ).fetchone()


def set_trial(conn: Connection, business_id: UUID, release_id: UUID, percent: int) -> None:
    """Start a trial, or change its share, or replace it. From now on the release is never deleted. The caller has
    locked the business."""
    parameters = {"business_id": business_id, "release_id": release_id, "percent": percent}
    conn.execute(
        "UPDATE releases SET is_used = true WHERE business_id = %(business_id)s AND release_id = %(release_id)s",
        parameters,
    )
    conn.execute(
        """
        UPDATE businesses SET trial_release_id = %(release_id)s, trial_percent = %(percent)s
        WHERE business_id = %(business_id)s
        """,
        parameters,
    )


def end_trial(conn: Connection, business_id: UUID) -> None:
    """End the trial, if there is one. The caller has locked the business."""
    conn.execute(
        """
        UPDATE businesses SET trial_release_id = NULL, trial_percent = NULL
        WHERE business_id = %(business_id)s AND trial_release_id IS NOT NULL
        """,
        {"business_id": business_id},
    )
