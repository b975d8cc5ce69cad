"""Places on the staff of a business that are offered to an address, one an address. Taken or revoked, they are gone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from repositories.page import Page


def save_invitation(
    conn: Connection, business_id: UUID, values: dict[str, Any], token_hash: str, time: timedelta
) -> Row:
    """The address's one invitation (invitation_id, expires_at). `values`: email, first_name, last_name, role."""
    row = conn.execute(
        """
        INSERT INTO member_invitations (business_id, email, first_name, last_name, role, token_hash, expires_at)
        VALUES (%(business_id)s, %(email)s, %(first_name)s, %(last_name)s, %(role)s, %(token_hash)s, now() + %(time)s)
        ON CONFLICT (business_id, lower(email)) DO UPDATE
            SET email = EXCLUDED.email, first_name = EXCLUDED.first_name, last_name = EXCLUDED.last_name,
                role = EXCLUDED.role, token_hash = EXCLUDED.token_hash, expires_at = EXCLUDED.expires_at
        RETURNING invitation_id, expires_at
        """,
        {**values, "business_id": business_id, "token_hash": token_hash, "time": time},
    ).fetchone()
    assert row is not None
    return row


def list_invitations(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """Those that have expired too, until they are revoked or renewed. Never the hash."""
    return conn.execute(
        """
        SELECT invitation_id, email, first_name, last_name, role, expires_at, created_at FROM member_invitations
        WHERE business_id = %(business_id)s AND (created_at, invitation_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, invitation_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def delete_invitation(conn: Connection, business_id: UUID, invitation_id: UUID) -> None:
    row = conn.execute(
        """
        DELETE FROM member_invitations WHERE business_id = %(business_id)s AND invitation_id = %(invitation_id)s
        RETURNING invitation_id
        """,
        {"business_id": business_id, "invitation_id": invitation_id},
    ).fetchone()
    if row is None:
        raise NotFound("Invitation not found.")


def delete_invitation_for_email(conn: Connection, business_id: UUID, email: str | None) -> None:
    """Whoever has the address needs none any more."""
    conn.execute(
        "DELETE FROM member_invitations WHERE business_id = %(business_id)s AND lower(email) = lower(%(email)s)",
        {"business_id": business_id, "email": email},
    )


def delete_all_invitations(conn: Connection, business_id: UUID) -> None:
    """All that are open: one of the owners, who may hold their links, is none any more."""
    conn.execute("DELETE FROM member_invitations WHERE business_id = %(business_id)s", {"business_id": business_id})


def find_invitation(conn: Connection, token_hash: str) -> Row | None:
    """A good invitation, held: of two who use it at once the second waits, and then finds it gone. With the `user_id`
    and `password_hash` of the account that has the address, where there is one. Its secret is all that is known of it,
    so there is no `business_id` to take."""
    return conn.execute(
        """
        SELECT i.invitation_id, i.business_id, i.email, i.first_name, i.last_name, i.role, u.user_id, u.password_hash
        FROM member_invitations i
        LEFT JOIN users u ON lower(u.email) = lower(i.email) AND u.business_id IS NULL
        WHERE i.token_hash = %(token_hash)s AND i.expires_at > now()
        FOR UPDATE OF i
        """,
        {"token_hash": token_hash},
    ).fetchone()
