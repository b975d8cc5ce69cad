"""The table `sessions`: logins of staff, and their passwords. Signing out deletes the row.

Staff accounts belong to no business, so these functions take a user or a session where others take `business_id`.
"""

from datetime import timedelta
from uuid import UUID

from db import Connection, Row


def find_staff_by_email(conn: Connection, email: str) -> Row | None:
    """The staff account with this email, ignoring case: user_id, password_hash and is_admin."""
    return conn.execute(
        """
        SELECT user_id, password_hash, is_admin FROM users
        WHERE lower(email) = lower(%(email)s) AND business_id IS NULL
        """,
        {"email": email},
    ).fetchone()


def insert_session(conn: Connection, user_id: UUID, password_hash: str, time: timedelta) -> Row | None:
    """Create a session and delete the user's expired ones; returns session_id and expires_at.

    Returns None if the password has changed since it was checked.
    """
    conn.execute(
        "DELETE FROM sessions WHERE user_id = %(user_id)s AND expires_at <= now()",
        {"user_id": user_id},
    )
    return conn.execute(
        """
        INSERT INTO sessions (user_id, expires_at)
        SELECT user_id, now() + %(time)s FROM users
        WHERE user_id = %(user_id)s AND password_hash = %(password_hash)s AND business_id IS NULL
        FOR SHARE
        RETURNING session_id, expires_at
        """,
        {"user_id": user_id, "password_hash": password_hash, "time": time},
    ).fetchone()


def find_login(conn: Connection, session_id: UUID, user_id: UUID, business_id: UUID | None) -> Row | None:
    """The is_admin and expires_at of a valid session, and the user's `role` in the business (None if not a member)."""
    return conn.execute(
        """
        SELECT u.is_admin, s.expires_at, m.role
        FROM sessions s
        JOIN users u ON u.user_id = s.user_id
        LEFT JOIN business_members m ON m.user_id = u.user_id AND m.business_id = %(business_id)s
        WHERE s.session_id = %(session_id)s AND s.user_id = %(user_id)s AND s.expires_at > now()
          AND u.business_id IS NULL
        """,
        {"session_id": session_id, "user_id": user_id, "business_id": business_id},
    ).fetchone()


def delete_session(conn: Connection, session_id: UUID) -> None:
    """Delete a session."""
    conn.execute("DELETE FROM sessions WHERE session_id = %(session_id)s", {"session_id": session_id})


def get_password_hash(conn: Connection, user_id: UUID) -> str | None:
    """The user's password hash. None if the user does not exist or has no password."""
    row = conn.execute("SELECT password_hash FROM users WHERE user_id = %(user_id)s", {"user_id": user_id}).fetchone()
    return row["password_hash"] if row else None


def change_password(conn: Connection, user_id: UUID, old_hash: str | None, new_hash: str, keep: UUID | None) -> bool:
    """Replace the password, and delete the user's invitation and all sessions except `keep`.

    Returns False and changes nothing if `old_hash` is no longer the current hash.
    """
    row = conn.execute(
        """
        UPDATE users SET password_hash = %(new_hash)s, updated_at = clock_timestamp()
        WHERE user_id = %(user_id)s AND business_id IS NULL AND password_hash IS NOT DISTINCT FROM %(old_hash)s
        RETURNING user_id
        """,
        {"user_id": user_id, "old_hash": old_hash, "new_hash": new_hash},
    ).fetchone()
    if row is None:
        return False
    conn.execute(
        "DELETE FROM sessions WHERE user_id = %(user_id)s AND session_id IS DISTINCT FROM %(keep)s",
        {"user_id": user_id, "keep": keep},
    )
    conn.execute("DELETE FROM invitations WHERE user_id = %(user_id)s", {"user_id": user_id})
    return True


def replace_password_hash(conn: Connection, user_id: UUID, old_hash: str, new_hash: str) -> None:
    """Store a new hash of the same password, made with the current parameters."""
    conn.execute(
        """
        UPDATE users SET password_hash = %(new_hash)s
        WHERE user_id = %(user_id)s AND password_hash = %(old_hash)s
        """,
        {"user_id": user_id, "old_hash": old_hash, "new_hash": new_hash},
    )
