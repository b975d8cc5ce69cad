"""Accounts that people create themselves: rows of `users` that belong to no business, and links for signing up.

These functions take a user or a token where others take `business_id`.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from db import Connection, Row

MAX_OWNED_BUSINESSES = 20  # that a user can create


def insert_account(conn: Connection, values: dict[str, Any], password_hash: str) -> UUID:
    """Create a staff account with a password; returns its ID. `values`: email, and optionally first_name, last_name,
    language and timezone. Raises Conflict if the email is taken."""
    row = conn.execute(
        """
        INSERT INTO users (email, password_hash, first_name, last_name, language, timezone)
        VALUES (%(email)s, %(password_hash)s, %(first_name)s, %(last_name)s, %(language)s, %(timezone)s)
        RETURNING user_id
        """,
        {
            **{name: values.get(name) for name in ("first_name", "last_name", "language", "timezone")},
            "email": values["email"].strip(),
            "password_hash": password_hash,
        },
    ).fetchone()
    assert row is not None
    return UUID(str(row["user_id"]))


def owns_too_many(conn: Connection, user_id: UUID) -> bool:
    """Whether the user owns as many businesses as a user can create. Locks the user, so that simultaneous requests do
    not exceed the limit."""
    conn.execute("SELECT FROM users WHERE user_id = %(user_id)s FOR NO KEY UPDATE", {"user_id": user_id})
    row = conn.execute(
        "SELECT count(*) AS count FROM businesses WHERE owner_id = %(user_id)s", {"user_id": user_id}
    ).fetchone()
    assert row is not None
    return bool(row["count"] >= MAX_OWNED_BUSINESSES)


def insert_signup_invitation(conn: Connection, token_hash: str, time: timedelta) -> Row:
    """Store a link for signing up; returns invitation_id and expires_at. Deletes expired ones."""
    conn.execute("DELETE FROM signup_invitations WHERE expires_at <= now()")
    row = conn.execute(
        """
        INSERT INTO signup_invitations (token_hash, expires_at) VALUES (%(token_hash)s, now() + %(time)s)
        RETURNING invitation_id, expires_at
        """,
        {"token_hash": token_hash, "time": time},
    ).fetchone()
    assert row is not None
    return row


def use_signup_invitation(conn: Connection, token_hash: str) -> bool:
    """Delete a valid link for signing up; returns whether there was one. Of two requests with the same link, the second
    waits for the transaction of the first."""
    row = conn.execute(
        "DELETE FROM signup_invitations WHERE token_hash = %(token_hash)s AND expires_at > now() RETURNING expires_at",
        {"token_hash": token_hash},
    ).fetchone()
    return row is not None


def delete_signup_invitation(conn: Connection, invitation_id: UUID) -> datetime | None:
    """Delete a link for signing up; returns when it would have expired, None if it does not exist."""
    row = conn.execute(
        "DELETE FROM signup_invitations WHERE invitation_id = %(invitation_id)s RETURNING expires_at",
        {"invitation_id": invitation_id},
    ).fetchone()
    return row["expires_at"] if row else None
