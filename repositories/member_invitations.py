"""The table `member_invitations`: invitations to join a business's staff, at most one per email address.

An invitation is deleted when it is accepted or revoked.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from repositories.page import Page


def save_invitation(
    conn: Connection, business_id: UUID, values: dict[str, Any], token_hash: str, time: timedelta, verifies: bool
) -> Row:
    """Create the invitation for an address, replacing a previous one; returns invitation_id and expires_at.

    `values`: email, first_name, last_name, role, invited_by (None for an operator's key). `verifies`: its use verifies
    the account.
    """
    row = conn.execute(
        """
        INSERT INTO member_invitations (business_id, email, first_name, last_name, role, token_hash, expires_at,
                                        verifies, invited_by)
        VALUES (%(business_id)s, %(email)s, %(first_name)s, %(last_name)s, %(role)s, %(token_hash)s, now() + %(time)s,
                %(verifies)s, %(invited_by)s)
        ON CONFLICT (business_id, lower(email)) DO UPDATE
            SET email = EXCLUDED.email, first_name = EXCLUDED.first_name, last_name = EXCLUDED.last_name,
                role = EXCLUDED.role, token_hash = EXCLUDED.token_hash, expires_at = EXCLUDED.expires_at,
                verifies = EXCLUDED.verifies, invited_by = EXCLUDED.invited_by
        RETURNING invitation_id, expires_at
        """,
        {
            **values,
            "email": values["email"].strip(),
            "business_id": business_id,
            "token_hash": token_hash,
            "time": time,
            "verifies": verifies,
        },
    ).fetchone()
    assert row is not None
    return row


def replace_token(
    conn: Connection, business_id: UUID, invitation_id: UUID, token_hash: str, inviter_id: UUID
) -> Row | None:
    """Give an invitation the token that is mailed to its address; returns email, business_name, inviter_name and
    language, or None if it was revoked.

    Only the owner of the address gets the link, so its use verifies the account.
    """
    return conn.execute(
        """
        UPDATE member_invitations i SET token_hash = %(token_hash)s, verifies = true
        FROM businesses b, users inviter
        WHERE i.business_id = %(business_id)s AND i.invitation_id = %(invitation_id)s AND i.expires_at > now()
          AND b.business_id = i.business_id AND inviter.user_id = %(inviter_id)s
        RETURNING i.email, b.business_name,
            display_name(inviter.first_name, inviter.last_name, inviter.email, NULL) AS inviter_name,
            COALESCE(
                (SELECT u.language FROM users u WHERE lower(u.email) = lower(i.email) AND u.business_id IS NULL),
                inviter.language) AS language
        """,
        {
            "business_id": business_id,
            "invitation_id": invitation_id,
            "token_hash": token_hash,
            "inviter_id": inviter_id,
        },
    ).fetchone()


def list_invitations(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's invitations without their hashes, including expired ones."""
    return conn.execute(
        """
        SELECT invitation_id, email, first_name, last_name, role, expires_at, created_at FROM member_invitations
        WHERE business_id = %(business_id)s AND (created_at, invitation_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, invitation_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def delete_invitation(conn: Connection, business_id: UUID, invitation_id: UUID) -> None:
    """Delete an invitation. Raises NotFound."""
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
    """Delete the invitation for an address, whose owner has become a member or was removed."""
    conn.execute(
        "DELETE FROM member_invitations WHERE business_id = %(business_id)s AND lower(email) = lower(%(email)s)",
        {"business_id": business_id, "email": email and email.strip()},
    )


def describe_invitation(conn: Connection, token_hash: str) -> Row | None:
    """What the valid invitation with this token invites to: email, role, expires_at, business_name, and the name of the
    person who invites, if it is known."""
    return conn.execute(
        """
        SELECT i.email, i.role, i.expires_at, b.business_name,
               CASE WHEN u.user_id IS NOT NULL
                    THEN display_name(u.first_name, u.last_name, u.email, NULL) END AS invited_by
        FROM member_invitations i
        JOIN businesses b ON b.business_id = i.business_id
        LEFT JOIN users u ON u.user_id = i.invited_by AND u.business_id IS NULL
        WHERE i.token_hash = %(token_hash)s AND i.expires_at > now()
        """,
        {"token_hash": token_hash},
    ).fetchone()


def delete_all_invitations(conn: Connection, business_id: UUID) -> None:
    """Delete all invitations of the business. Called when an owner loses the role, because they may know the links."""
    conn.execute("DELETE FROM member_invitations WHERE business_id = %(business_id)s", {"business_id": business_id})


def find_invitation(conn: Connection, token_hash: str) -> Row | None:
    """The valid invitation with this token, and the user_id, password_hash and is_verified of the account with its
    address, if any.

    Locks the invitation. If two requests use it at the same time, the second one waits and then finds nothing.
    """
    return conn.execute(
        """
        SELECT i.invitation_id, i.business_id, i.email, i.first_name, i.last_name, i.role, i.verifies,
               u.user_id, u.password_hash, u.is_verified
        FROM member_invitations i
        LEFT JOIN users u ON lower(u.email) = lower(i.email) AND u.business_id IS NULL
        WHERE i.token_hash = %(token_hash)s AND i.expires_at > now()
        FOR UPDATE OF i
        """,
        {"token_hash": token_hash},
    ).fetchone()
