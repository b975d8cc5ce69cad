"""The table `invitations`: one-time links with which staff set a password. A user has at most one.

Staff accounts belong to no business, so these functions take a user where others take `business_id`.
"""

from datetime import datetime, timedelta
from uuid import UUID

from db import Connection, Row


def save_invitation(conn: Connection, user_id: UUID, token_hash: str, time: timedelta, verifies: bool) -> datetime:
    """Create the user's invitation, replacing a previous one; returns when it expires. `verifies`: its use verifies
    the account."""
    row = conn.execute(
        """
        INSERT INTO invitations (user_id, token_hash, expires_at, verifies)
        VALUES (%(user_id)s, %(token_hash)s, now() + %(time)s, %(verifies)s)
        ON CONFLICT (user_id) DO UPDATE
            SET token_hash = EXCLUDED.token_hash, expires_at = EXCLUDED.expires_at, verifies = EXCLUDED.verifies,
                created_at = clock_timestamp()
        RETURNING expires_at
        """,
        {"user_id": user_id, "token_hash": token_hash, "time": time, "verifies": verifies},
    ).fetchone()
    assert row is not None
    expires_at: datetime = row["expires_at"]
    return expires_at


def find_invitation(conn: Connection, token_hash: str) -> Row | None:
    """The user_id, email and password_hash of the user that a valid invitation belongs to, whether it `verifies` them,
    and `is_proof`: whether it verifies them for the first time.

    Locks the invitation. If two requests use it at the same time, the second one waits and then finds nothing.
    """
    return conn.execute(
        """
        SELECT u.user_id, u.email, u.password_hash, i.verifies, NOT u.is_verified AND i.verifies AS is_proof
        FROM invitations i JOIN users u ON u.user_id = i.user_id
        WHERE i.token_hash = %(token_hash)s AND i.expires_at > now() AND u.business_id IS NULL
        FOR UPDATE OF i
        """,
        {"token_hash": token_hash},
    ).fetchone()


def describe_invitation(conn: Connection, token_hash: str) -> Row | None:
    """The email of the user that a valid invitation belongs to, and expires_at, with the columns of
    `member_invitations.describe_invitation`."""
    return conn.execute(
        """
        SELECT u.email, NULL AS role, i.expires_at, NULL AS business_name, NULL AS invited_by
        FROM invitations i JOIN users u ON u.user_id = i.user_id
        WHERE i.token_hash = %(token_hash)s AND i.expires_at > now() AND u.business_id IS NULL
        """,
        {"token_hash": token_hash},
    ).fetchone()


def delete_invitation(conn: Connection, user_id: UUID) -> None:
    """Delete the user's invitation, so that its link no longer works."""
    conn.execute("DELETE FROM invitations WHERE user_id = %(user_id)s", {"user_id": user_id})
