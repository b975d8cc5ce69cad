"""Links that set a password, one a person: used once, they are gone, and a new one ends the one before.

Staff belong to no one business, so these functions take a person where others take `business_id`.
"""

from datetime import datetime, timedelta
from uuid import UUID

from db import Connection, Row


def save_invitation(conn: Connection, user_id: UUID, token_hash: str, time: timedelta) -> datetime:
    """The person's one invitation; returns the moment at which it expires."""
    row = conn.execute(
        """
        INSERT INTO invitations (user_id, token_hash, expires_at) VALUES (%(user_id)s, %(token_hash)s, now() + %(time)s)
        ON CONFLICT (user_id) DO UPDATE
            SET token_hash = EXCLUDED.token_hash, expires_at = EXCLUDED.expires_at, created_at = clock_timestamp()
        RETURNING expires_at
        """,
        {"user_id": user_id, "token_hash": token_hash, "time": time},
    ).fetchone()
    assert row is not None
    expires_at: datetime = row["expires_at"]
    return expires_at


def find_invitation(conn: Connection, token_hash: str) -> Row | None:
    """The (user_id, password_hash) of whom a good invitation is for, held: of two who use it at once the second waits,
    and then finds it gone."""
    return conn.execute(
        """
        SELECT u.user_id, u.password_hash FROM invitations i JOIN users u ON u.user_id = i.user_id
        WHERE i.token_hash = %(token_hash)s AND i.expires_at > now() AND u.business_id IS NULL
        FOR UPDATE OF i
        """,
        {"token_hash": token_hash},
    ).fetchone()


def delete_invitation(conn: Connection, user_id: UUID) -> None:
    """Whoever holds the person's link can no longer use it."""
    conn.execute("DELETE FROM invitations WHERE user_id = %(user_id)s", {"user_id": user_id})
