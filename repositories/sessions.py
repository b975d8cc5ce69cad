"""The table `sessions`: logins of staff, and pages connected with a business key. Also the passwords of staff.

Staff accounts belong to no business, so these functions take a user or a session where others take `business_id`.
"""

from datetime import timedelta
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from repositories.page import Page

_USER_AGENT_LENGTH = 200  # stored characters


def find_staff_by_email(conn: Connection, email: str) -> Row | None:
    """The staff account with this email, ignoring case: user_id, password_hash and is_admin."""
    return conn.execute(
        """
        SELECT user_id, password_hash, is_admin FROM users
        WHERE lower(email) = lower(%(email)s) AND business_id IS NULL
        """,
        {"email": email},
    ).fetchone()


def insert_session(
    conn: Connection, user_id: UUID, password_hash: str, time: timedelta, user_agent: str | None
) -> Row | None:
    """Create a login and delete the user's expired ones; returns session_id and expires_at.

    Returns None if the password has changed since it was checked.
    """
    conn.execute(
        "DELETE FROM sessions WHERE user_id = %(user_id)s AND expires_at <= now()",
        {"user_id": user_id},
    )
    return conn.execute(
        """
        INSERT INTO sessions (user_id, expires_at, user_agent)
        SELECT user_id, now() + %(time)s, %(user_agent)s FROM users
        WHERE user_id = %(user_id)s AND password_hash = %(password_hash)s AND business_id IS NULL
        FOR SHARE
        RETURNING session_id, expires_at
        """,
        {
            "user_id": user_id,
            "password_hash": password_hash,
            "time": time,
            "user_agent": user_agent and user_agent[:_USER_AGENT_LENGTH],
        },
    ).fetchone()


def insert_key_session(
    conn: Connection, business_id: UUID, key_id: UUID, time: timedelta, user_agent: str | None
) -> UUID:
    """Create the session of a page connected with a key, and delete the key's expired ones; returns its ID."""
    conn.execute(
        """
        DELETE FROM sessions WHERE business_id = %(business_id)s AND key_id = %(key_id)s AND expires_at <= now()
        """,
        {"business_id": business_id, "key_id": key_id},
    )
    row = conn.execute(
        """
        INSERT INTO sessions (business_id, key_id, expires_at, user_agent)
        VALUES (%(business_id)s, %(key_id)s, now() + %(time)s, %(user_agent)s)
        RETURNING session_id
        """,
        {
            "business_id": business_id,
            "key_id": key_id,
            "time": time,
            "user_agent": user_agent and user_agent[:_USER_AGENT_LENGTH],
        },
    ).fetchone()
    assert row is not None
    return UUID(str(row["session_id"]))


def find_key_session(conn: Connection, session_id: UUID) -> Row | None:
    """The business_id, key_id and scope of a valid session whose key is valid too."""
    return conn.execute(
        """
        SELECT k.business_id, k.key_id, k.scope
        FROM sessions s JOIN api_keys k ON k.business_id = s.business_id AND k.key_id = s.key_id
        WHERE s.session_id = %(session_id)s AND s.expires_at > now() AND (k.expires_at IS NULL OR k.expires_at > now())
        """,
        {"session_id": session_id},
    ).fetchone()


def list_sessions(
    conn: Connection, user_id: UUID | None, business_id: UUID | None, key_id: UUID | None, page: Page
) -> list[Row]:
    """The valid sessions of the user or of the key: session_id, user_agent, created_at and expires_at."""
    return conn.execute(
        """
        SELECT session_id, user_agent, created_at, expires_at FROM sessions
        WHERE (user_id = %(user_id)s OR business_id = %(business_id)s AND key_id = %(key_id)s) AND expires_at > now()
          AND (created_at, session_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, session_id LIMIT %(limit)s
        """,
        {**page.parameters, "user_id": user_id, "business_id": business_id, "key_id": key_id},
    ).fetchall()


def revoke_session(
    conn: Connection, user_id: UUID | None, business_id: UUID | None, key_id: UUID | None, session_id: UUID
) -> None:
    """Delete a session of the user or of the key. Raises NotFound."""
    row = conn.execute(
        """
        DELETE FROM sessions
        WHERE session_id = %(session_id)s
          AND (user_id = %(user_id)s OR business_id = %(business_id)s AND key_id = %(key_id)s)
        RETURNING session_id
        """,
        {"session_id": session_id, "user_id": user_id, "business_id": business_id, "key_id": key_id},
    ).fetchone()
    if row is None:
        raise NotFound("Session not found.")


def renew_session(conn: Connection, session_id: UUID) -> Row | None:
    """Give a valid login another ID, which ends the tokens with the current one; returns session_id and expires_at, or
    None if it has ended."""
    return conn.execute(
        """
        UPDATE sessions SET session_id = uuidv7()
        WHERE session_id = %(session_id)s AND user_id IS NOT NULL AND expires_at > now()
        RETURNING session_id, expires_at
        """,
        {"session_id": session_id},
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


def get_account(conn: Connection, user_id: UUID) -> Row:
    """The email, password_hash and is_verified of a staff account. Raises NotFound."""
    row = conn.execute(
        "SELECT email, password_hash, is_verified FROM users WHERE user_id = %(user_id)s AND business_id IS NULL",
        {"user_id": user_id},
    ).fetchone()
    if row is None:
        raise NotFound("User not found.")
    return row


def change_password(
    conn: Connection,
    user_id: UUID,
    old_hash: str | None,
    new_hash: str,
    keep: UUID | None = None,
    verifies: bool = False,
) -> bool:
    """Replace the password, and delete the user's links and all sessions except `keep`. `verifies` marks the account as
    verified.

    Returns False if `old_hash` is no longer the current hash; then the caller rolls back.
    """
    if verifies:  # another person may have set up the second factor of an unverified account
        conn.execute(
            """
            DELETE FROM totp
            WHERE user_id = %(user_id)s AND EXISTS (
                SELECT 1 FROM users u WHERE u.user_id = totp.user_id AND NOT u.is_verified)
            """,
            {"user_id": user_id},
        )
    row = conn.execute(
        """
        UPDATE users SET password_hash = %(new_hash)s, is_verified = is_verified OR %(verifies)s,
            updated_at = clock_timestamp()
        WHERE user_id = %(user_id)s AND business_id IS NULL AND password_hash IS NOT DISTINCT FROM %(old_hash)s
        RETURNING user_id
        """,
        {"user_id": user_id, "old_hash": old_hash, "new_hash": new_hash, "verifies": verifies},
    ).fetchone()
    if row is None:
        return False
    conn.execute(
        "DELETE FROM sessions WHERE user_id = %(user_id)s AND session_id IS DISTINCT FROM %(keep)s",
        {"user_id": user_id, "keep": keep},
    )
    conn.execute("DELETE FROM invitations WHERE user_id = %(user_id)s", {"user_id": user_id})
    conn.execute("DELETE FROM account_links WHERE user_id = %(user_id)s", {"user_id": user_id})
    return True


def end_other_sessions(conn: Connection, user_id: UUID, keep: UUID) -> None:
    """Delete all sessions of the user except one."""
    conn.execute(
        "DELETE FROM sessions WHERE user_id = %(user_id)s AND session_id <> %(keep)s",
        {"user_id": user_id, "keep": keep},
    )


def replace_password_hash(conn: Connection, user_id: UUID, old_hash: str, new_hash: str) -> None:
    """Store a new hash of the same password, made with the current parameters."""
    conn.execute(
        """
        UPDATE users SET password_hash = %(new_hash)s
        WHERE user_id = %(user_id)s AND password_hash = %(old_hash)s
        """,
        {"user_id": user_id, "old_hash": old_hash, "new_hash": new_hash},
    )
