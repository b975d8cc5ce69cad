"""Who of the staff may do what in a business: owner, agent or viewer."""

from typing import Any
from uuid import UUID

from core.errors import Conflict, NotFound
from db import Connection, Row
from repositories.page import Page


def list_members(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
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


def get_member(conn: Connection, business_id: UUID, user_id: UUID) -> Row:
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


def list_memberships(conn: Connection, user_id: UUID) -> list[Row]:
    """The businesses that somebody is a member of, the longest-standing first."""
    return conn.execute(
        """
        SELECT m.business_id, b.business_name, m.role
        FROM business_members m JOIN businesses b ON b.business_id = m.business_id
        WHERE m.user_id = %(user_id)s ORDER BY m.created_at, m.business_id
        """,
        {"user_id": user_id},
    ).fetchall()


def list_for_non_member(conn: Connection, business_id: UUID) -> list[Row]:
    """The business as `list_memberships` shows one, to who acts for it without being a member; none once it is gone."""
    return conn.execute(
        "SELECT business_id, business_name, NULL AS role FROM businesses WHERE business_id = %(business_id)s",
        {"business_id": business_id},
    ).fetchall()


def insert_member(conn: Connection, business_id: UUID, user_id: UUID, role: str) -> None:
    """Raises Conflict for somebody who is a member already."""
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
    """Another role. Raises Conflict for the last owner. Call it with the business locked, so that of two owners who
    step down at once one is refused."""
    if role != "owner":
        _keep_an_owner(conn, business_id, user_id)
    conn.execute(
        "UPDATE business_members SET role = %(role)s WHERE business_id = %(business_id)s AND user_id = %(user_id)s",
        {"business_id": business_id, "user_id": user_id, "role": role},
    )


def delete_member(conn: Connection, business_id: UUID, user_id: UUID) -> None:
    """As `update_role`. Somebody who never set a password, and is nothing to anybody else, goes altogether, so that
    their address is free again."""
    _keep_an_owner(conn, business_id, user_id)
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
    """Somebody who is no business's customer, by id or address, held: user_id, email, whether they have a
    password, are an operator, are a member of this business, and are a member of any other."""
    return conn.execute(
        """
        SELECT u.user_id, u.email, u.password_hash IS NOT NULL AS has_password, u.is_admin,
               EXISTS (SELECT 1 FROM business_members m
                       WHERE m.user_id = u.user_id AND m.business_id = %(business_id)s) AS is_member,
               EXISTS (SELECT 1 FROM business_members m
                       WHERE m.user_id = u.user_id AND m.business_id <> %(business_id)s) AS is_member_elsewhere
        FROM users u
        WHERE u.business_id IS NULL AND (u.user_id = %(user_id)s OR lower(u.email) = lower(%(email)s))
        FOR NO KEY UPDATE OF u
        """,
        {"business_id": business_id, "user_id": user_id, "email": email},
    ).fetchone()


def _keep_an_owner(conn: Connection, business_id: UUID, user_id: UUID) -> None:
    """Raises Conflict where nobody else owns the business; where it was theirs by name, it becomes the next owner's."""
    member = get_member(conn, business_id, user_id)
    if member["role"] != "owner":
        return
    heir = conn.execute(
        """
        SELECT user_id FROM business_members
        WHERE business_id = %(business_id)s AND role = 'owner' AND user_id <> %(user_id)s
        ORDER BY created_at, user_id LIMIT 1
        """,
        {"business_id": business_id, "user_id": user_id},
    ).fetchone()
    if heir is None:
        raise Conflict("This is the last owner of the business.", remediation="Make another member an owner first.")
    conn.execute(
        """
        UPDATE businesses SET owner_id = %(heir)s
        WHERE business_id = %(business_id)s AND owner_id = %(user_id)s
        """,
        {"business_id": business_id, "user_id": user_id, "heir": heir["user_id"]},
    )
