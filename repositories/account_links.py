"""The table `account_links`: one-time links that are mailed to the owner of a staff account.

Staff accounts belong to no business, so these functions take a user, an address or a token where others take
`business_id`.
"""

from datetime import timedelta
from uuid import UUID

from db import Connection, Row


def lock_account(conn: Connection, user_id: UUID | None = None, email: str | None = None) -> Row | None:
    """Find and lock the staff account with this ID or email, ignoring case: user_id, email, language, is_verified."""
    return conn.execute(
        """
        SELECT user_id, email, language, is_verified FROM users
        WHERE (user_id = %(user_id)s OR lower(email) = lower(%(email)s)) AND business_id IS NULL
        FOR NO KEY UPDATE
        """,
        {"user_id": user_id, "email": email and email.strip()},
    ).fetchone()


def has_recent_link(conn: Connection, user_id: UUID, purpose: str, time: timedelta) -> bool:
    """Whether the user's link for this purpose was created less than `time` ago."""
    row = conn.execute(
        """
        SELECT FROM account_links
        WHERE user_id = %(user_id)s AND purpose = %(purpose)s AND created_at > now() - %(time)s
        """,
        {"user_id": user_id, "purpose": purpose, "time": time},
    ).fetchone()
    return row is not None


def save_link(conn: Connection, user_id: UUID, purpose: str, token_hash: str, email: str, time: timedelta) -> None:
    """Store the user's link for this purpose, replacing a previous one. `email` is where it is sent."""
    conn.execute(
        """
        INSERT INTO account_links (user_id, purpose, token_hash, email, expires_at)
        VALUES (%(user_id)s, %(purpose)s, %(token_hash)s, %(email)s, now() + %(time)s)
        ON CONFLICT (user_id, purpose) DO UPDATE
            SET token_hash = EXCLUDED.token_hash, email = EXCLUDED.email, expires_at = EXCLUDED.expires_at,
                created_at = clock_timestamp()
        """,
        {"user_id": user_id, "purpose": purpose, "token_hash": token_hash, "email": email, "time": time},
    )


def find_link(conn: Connection, token_hash: str, purpose: str) -> Row | None:
    """The user_id, email and password_hash of the user that a valid link belongs to. Their address is still the one to
    which it was sent.

    Locks the link. If two requests use it at the same time, the second one waits and then finds nothing.
    """
    return conn.execute(
        """
        SELECT u.user_id, u.email, u.password_hash FROM account_links l JOIN users u ON u.user_id = l.user_id
        WHERE l.token_hash = %(token_hash)s AND l.purpose = %(purpose)s AND l.expires_at > now()
          AND lower(l.email) = lower(u.email) AND u.business_id IS NULL
        FOR UPDATE OF l
        """,
        {"token_hash": token_hash, "purpose": purpose},
    ).fetchone()


def verify_account(conn: Connection, user_id: UUID) -> None:
    """Mark the account as verified, and delete its link for that."""
    conn.execute("UPDATE users SET is_verified = true WHERE user_id = %(user_id)s", {"user_id": user_id})
    conn.execute(
        "DELETE FROM account_links WHERE user_id = %(user_id)s AND purpose = 'verification'", {"user_id": user_id}
    )


def get_member_without_password(conn: Connection, business_id: UUID, user_id: UUID) -> Row | None:
    """The email and language of a member who has no password yet, and the business_name. None if it is no such
    member."""
    return conn.execute(
        """
        SELECT u.email, u.language, b.business_name
        FROM business_members m
        JOIN users u ON u.user_id = m.user_id
        JOIN businesses b ON b.business_id = m.business_id
        WHERE m.business_id = %(business_id)s AND m.user_id = %(user_id)s AND u.password_hash IS NULL
          AND u.email IS NOT NULL
        """,
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()
