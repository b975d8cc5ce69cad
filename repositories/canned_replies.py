"""The table `canned_replies`: texts that staff insert with a shortcut."""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, Row
from repositories.page import fetch_page


def insert_reply(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Create a canned reply and return its ID. Raises Conflict if the shortcut is taken.

    `values`: shortcut, title, content and perhaps translations.
    """
    row = conn.execute(
        """
        INSERT INTO canned_replies (business_id, shortcut, title, content, translations)
        VALUES (%(business_id)s, %(shortcut)s, %(title)s, %(content)s, %(translations)s)
        RETURNING canned_reply_id
        """,
        {**values, "business_id": business_id, "translations": Jsonb(values.get("translations") or {})},
    ).fetchone()
    assert row is not None
    return UUID(str(row["canned_reply_id"]))


def list_replies(conn: Connection, business_id: UUID, after_shortcut: str, limit: int) -> list[Row]:
    """The business's canned replies with a later shortcut, in the order of their shortcuts."""
    return fetch_page(
        conn,
        """
        SELECT * FROM canned_replies
        WHERE business_id = %(business_id)s AND shortcut > %(after_shortcut)s
        ORDER BY shortcut LIMIT %(limit)s
        """,
        {"business_id": business_id, "after_shortcut": after_shortcut, "limit": limit},
    )


def get_reply(conn: Connection, business_id: UUID, canned_reply_id: UUID) -> Row:
    """One canned reply. Raises NotFound."""
    row = conn.execute(
        """
        SELECT * FROM canned_replies
        WHERE business_id = %(business_id)s AND canned_reply_id = %(canned_reply_id)s
        """,
        {"business_id": business_id, "canned_reply_id": canned_reply_id},
    ).fetchone()
    if row is None:
        raise NotFound("Canned reply not found.")
    return row


def lock_reply(conn: Connection, business_id: UUID, canned_reply_id: UUID) -> Row:
    """Like `get_reply`, and locks the row."""
    conn.execute(
        """
        SELECT FROM canned_replies
        WHERE business_id = %(business_id)s AND canned_reply_id = %(canned_reply_id)s
        FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "canned_reply_id": canned_reply_id},
    )
    return get_reply(conn, business_id, canned_reply_id)


def update_reply(conn: Connection, business_id: UUID, canned_reply_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing canned reply. `values` holds all its columns; returns the changed row."""
    row = conn.execute(
        """
        UPDATE canned_replies SET shortcut = %(shortcut)s, title = %(title)s, content = %(content)s,
            translations = %(translations)s, updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND canned_reply_id = %(canned_reply_id)s
        RETURNING *
        """,
        {
            **values,
            "business_id": business_id,
            "canned_reply_id": canned_reply_id,
            "translations": Jsonb(values["translations"]),
        },
    ).fetchone()
    assert row is not None
    return row


def delete_reply(conn: Connection, business_id: UUID, canned_reply_id: UUID) -> None:
    """Delete a canned reply."""
    conn.execute(
        """
        DELETE FROM canned_replies
        WHERE business_id = %(business_id)s AND canned_reply_id = %(canned_reply_id)s
        """,
        {"business_id": business_id, "canned_reply_id": canned_reply_id},
    )
