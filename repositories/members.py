"""The table `business_members`: a business's staff and their roles."""

from typing import Any
from uuid import UUID

from core.errors import Conflict, NotFound
from db import Connection, Row
from repositories.page import Page


def list_members(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's members: user_id, first_name, last_name, email, role, has_password and created_at."""
    return conn.execute(
        """
        SELECT m.user_id, u.first_name, u.last_name, u.email, m.role, u.password_hash IS NOT NULL AS has_password,
               m.created_at
        FROM business_members m JOIN users u ON u.user_id = m.user_id
        WHERE m.business_id = %(business_id)s AND (m.created_at, m.user_id) > (%(after_time)s, %(after_id)s)
        ORDER BY m.created_at, m.user_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def list_assignable(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The members who can handle conversations, so no viewers: user_id, name and created_at."""
    return conn.execute(
        """
        SELECT m.user_id, display_name(u.first_name, u.last_name, u.email, NULL) AS name, m.created_at
        FROM business_members m
        JOIN users u ON u.user_id = m.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        WHERE m.business_id = %(business_id)s AND m.role IN ('owner', 'agent')
          AND (m.created_at, m.user_id) > (%(after_time)s, %(after_id)s)
        ORDER BY m.created_at, m.user_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def get_member(conn: Connection, business_id: UUID, user_id: UUID) -> Row:
    """One member, with the columns of `list_members`. Raises NotFound."""
    row = conn.execute(
        """
        SELECT m.user_id, u.first_name, u.last_name, u.email, m.role, u.password_hash IS NOT NULL AS has_password,
               m.created_at
        FROM business_members m JOIN users u ON u.user_id = m.user_id
        WHERE m.business_id = %(business_id)s AND m.user_id = %(user_id)s
        """,
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()
    if row is None:
        raise NotFound("Member not found.")
    return row


def get_name(conn: Connection, business_id: UUID, user_id: UUID) -> str:
    """The name of a member. Raises NotFound."""
    row = conn.execute(
        """
        SELECT display_name(u.first_name, u.last_name, u.email, NULL) AS name
        FROM business_members m
        JOIN users u ON u.user_id = m.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        WHERE m.business_id = %(business_id)s AND m.user_id = %(user_id)s
        """,
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()
    if row is None:
        raise NotFound("Member not found.")
    return str(row["name"])


def is_member(conn: Connection, business_id: UUID, user_id: UUID) -> bool:
    """Whether the user works for the business."""
    row = conn.execute(
        "SELECT FROM business_members WHERE business_id = %(business_id)s AND user_id = %(user_id)s",
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()
    return row is not None


def list_memberships(conn: Connection, user_id: UUID) -> list[Row]:
    """The businesses that a user is a member of, oldest membership first: business_id, business_name and role."""
    return conn.execute(
        """
        SELECT m.business_id, b.business_name, m.role
        FROM business_members m JOIN businesses b ON b.business_id = m.business_id
        WHERE m.user_id = %(user_id)s ORDER BY m.created_at, m.business_id
        """,
        {"user_id": user_id},
    ).fetchall()


def list_for_non_member(conn: Connection, business_id: UUID) -> list[Row]:
    """The business in the form of `list_memberships`, for an operator who is not a member. The list is empty if the
    business does not exist."""
    return conn.execute(
        "SELECT business_id, business_name, NULL AS role FROM businesses WHERE business_id = %(business_id)s",
        {"business_id": business_id},
    ).fetchall()


def insert_member(conn: Connection, business_id: UUID, user_id: UUID, role: str) -> None:
    """Add a member. Raises Conflict if the user is a member already."""
    row = conn.execute(
        """
        INSERT INTO business_members (business_id, user_id, role) VALUES (%(business_id)s, %(user_id)s, %(role)s)
        ON CONFLICT DO NOTHING RETURNING user_id
        """,
        {"business_id": business_id, "user_id": user_id, "role": role},
    ).fetchone()
    if row is None:
        raise Conflict("This user is already a member.", remediation="Change their role with PUT.")


def update_role(conn: Connection, business_id: UUID, user_id: UUID, role: str) -> None:
    """Change a member's role. Raises Conflict for the last owner. Conversations are no longer assigned to a viewer.

    The caller has locked the business. Otherwise two owners could give up the role at the same time.
    """
    if role != "owner":
        _ensure_another_owner(conn, business_id, user_id)
    conn.execute(
        "UPDATE business_members SET role = %(role)s WHERE business_id = %(business_id)s AND user_id = %(user_id)s",
        {"business_id": business_id, "user_id": user_id, "role": role},
    )
    if role == "viewer":
        _end_assignments(conn, business_id, user_id)


def delete_member(conn: Connection, business_id: UUID, user_id: UUID) -> None:
    """Remove a member. Raises Conflict for the last owner. The caller has locked the business.

    Deletes the account as well if it never had a password and is not used elsewhere, so that its email is free again.
    """
    _ensure_another_owner(conn, business_id, user_id)
    conn.execute(
        "DELETE FROM business_members WHERE business_id = %(business_id)s AND user_id = %(user_id)s",
        {"business_id": business_id, "user_id": user_id},
    )
    conn.execute(
        """
        DELETE FROM users u
        WHERE u.user_id = %(user_id)s AND u.business_id IS NULL AND u.password_hash IS NULL AND NOT u.is_admin
          AND NOT EXISTS (SELECT 1 FROM business_members m WHERE m.user_id = u.user_id)
          AND NOT EXISTS (SELECT 1 FROM businesses b WHERE b.owner_id = u.user_id)
          AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.user_id = u.user_id)
        """,
        {"user_id": user_id},
    )


def find_staff(conn: Connection, business_id: UUID, user_id: Any, email: str | None) -> Row | None:
    """Find and lock the staff account with this ID or email.

    Returns user_id, first_name, last_name, email, has_password, is_verified, is_admin, is_member (of this business) and
    is_member_elsewhere.
    """
    return conn.execute(
        """
        SELECT u.user_id, u.first_name, u.last_name, u.email, u.password_hash IS NOT NULL AS has_password,
               u.is_verified, u.is_admin,
               EXISTS (SELECT 1 FROM business_members m
                       WHERE m.user_id = u.user_id AND m.business_id = %(business_id)s) AS is_member,
               EXISTS (SELECT 1 FROM business_members m
                       WHERE m.user_id = u.user_id AND m.business_id <> %(business_id)s) AS is_member_elsewhere
        FROM users u
        WHERE u.business_id IS NULL AND (u.user_id = %(user_id)s OR lower(u.email) = lower(%(email)s))
        FOR NO KEY UPDATE OF u
        """,
        {"business_id": business_id, "user_id": user_id, "email": email and email.strip()},
    ).fetchone()


def _ensure_another_owner(conn: Connection, business_id: UUID, user_id: UUID) -> None:
    """Raise Conflict for the last owner. If the member is the business's `owner_id`, set that to another owner."""
    member = get_member(conn, business_id, user_id)
    if member["role"] != "owner":
        return
    successor = conn.execute(
        """
        SELECT user_id FROM business_members
        WHERE business_id = %(business_id)s AND role = 'owner' AND user_id <> %(user_id)s
        ORDER BY created_at, user_id LIMIT 1
        """,
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()
    if successor is None:
        raise Conflict("This is the last owner of the business.", remediation="Make another member an owner first.")
    conn.execute(
        """
        UPDATE businesses SET owner_id = %(successor)s
        WHERE business_id = %(business_id)s AND owner_id = %(user_id)s
        """,
        {"business_id": business_id, "user_id": user_id, "successor": successor["user_id"]},
    )


def _end_assignments(conn: Connection, business_id: UUID, user_id: UUID) -> None:
    """Assign the member's conversations to nobody, and take them out of human agents, as when the member is removed."""
    parameters = {"business_id": business_id, "user_id": user_id}
    conn.execute(
        "DELETE FROM agent_members WHERE business_id = %(business_id)s AND user_id = %(user_id)s",
        parameters,
    )
    conn.execute(
        """
        UPDATE conversations SET assignee_id = NULL
        WHERE business_id = %(business_id)s AND assignee_id = %(user_id)s
        """,
        parameters,
    )
