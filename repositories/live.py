"""Notifications of live updates between processes, and the credentials of connected clients. A process serves all
businesses, so these statements are not limited to one."""

from uuid import UUID

from db import Connection


def listen(conn: Connection) -> None:
    """Receive the notifications of `notify` on this connection."""
    conn.execute("LISTEN icmp_live")


def notify(conn: Connection, payloads: list[str]) -> None:
    """Send the payloads to all processes, in one transaction, which does not wait for the disk: NOTIFY makes commits
    wait for each other."""
    conn.execute(
        """
        SELECT set_config('synchronous_commit', 'off', true), pg_notify('icmp_live', payload)
        FROM unnest(%(payloads)s::text[]) AS payload
        """,
        {"payloads": payloads},
    )


def login_roles(conn: Connection, logins: list[tuple[UUID, UUID, UUID]]) -> list[str | None]:
    """For each login (session_id, user_id, business_id) the user's role in the business, `operator` for operators, and
    None if the login or the membership has ended."""
    rows = conn.execute(
        """
        SELECT CASE WHEN u.is_admin THEN 'operator' ELSE m.role END AS role
        FROM unnest(%(session_ids)s::uuid[], %(user_ids)s::uuid[], %(business_ids)s::uuid[])
            WITH ORDINALITY AS l (session_id, user_id, business_id, position)
        LEFT JOIN sessions s ON s.session_id = l.session_id AND s.user_id = l.user_id AND s.expires_at > now()
        LEFT JOIN users u ON u.user_id = s.user_id AND u.business_id IS NULL
        LEFT JOIN business_members m ON m.user_id = u.user_id AND m.business_id = l.business_id
        ORDER BY l.position
        """,
        {
            "session_ids": [session_id for session_id, _, _ in logins],
            "user_ids": [user_id for _, user_id, _ in logins],
            "business_ids": [business_id for _, _, business_id in logins],
        },
    ).fetchall()
    return [row["role"] for row in rows]


def valid_keys(conn: Connection, keys: list[tuple[UUID, UUID, UUID | None]]) -> list[bool]:
    """For each business key (business_id, key_id, session_id) whether it is valid, and the session too, unless it is
    None."""
    rows = conn.execute(
        """
        SELECT k.key_id IS NOT NULL AND (l.session_id IS NULL OR s.session_id IS NOT NULL) AS is_valid
        FROM unnest(%(business_ids)s::uuid[], %(key_ids)s::uuid[], %(session_ids)s::uuid[])
            WITH ORDINALITY AS l (business_id, key_id, session_id, position)
        LEFT JOIN api_keys k ON k.business_id = l.business_id AND k.key_id = l.key_id
            AND (k.expires_at IS NULL OR k.expires_at > now())
        LEFT JOIN sessions s ON s.session_id = l.session_id AND s.key_id = k.key_id AND s.expires_at > now()
        ORDER BY l.position
        """,
        {
            "business_ids": [business_id for business_id, _, _ in keys],
            "key_ids": [key_id for _, key_id, _ in keys],
            "session_ids": [session_id for _, _, session_id in keys],
        },
    ).fetchall()
    return [row["is_valid"] for row in rows]
