"""The table `analytics_views`: filters of the analytics, saved under a name."""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, Row


def insert_view(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Save a view and return its ID. `values`: name, page and query. Raises Conflict if the name is taken."""
    row = conn.execute(
        """
        INSERT INTO analytics_views (business_id, name, page, query)
        VALUES (%(business_id)s, %(name)s, %(page)s, %(query)s)
        RETURNING view_id
        """,
        {**values, "business_id": business_id, "query": Jsonb(values["query"])},
    ).fetchone()
    assert row is not None
    return UUID(str(row["view_id"]))


def list_views(conn: Connection, business_id: UUID, after_name: str, limit: int) -> list[Row]:
    """The business's views with a later name, in the order of their names."""
    return conn.execute(
        """
        SELECT * FROM analytics_views
        WHERE business_id = %(business_id)s AND name > %(after_name)s
        ORDER BY name LIMIT %(limit)s
        """,
        {"business_id": business_id, "after_name": after_name, "limit": limit},
    ).fetchall()


def get_view(conn: Connection, business_id: UUID, view_id: UUID) -> Row:
    """One view. Raises NotFound."""
    row = conn.execute(
        "SELECT * FROM analytics_views WHERE business_id = %(business_id)s AND view_id = %(view_id)s",
        {"business_id": business_id, "view_id": view_id},
    ).fetchone()
    if row is None:
        raise NotFound("View not found.")
    return row


def lock_view(conn: Connection, business_id: UUID, view_id: UUID) -> Row:
    """Like `get_view`, and locks the row."""
    conn.execute(
        "SELECT FROM analytics_views WHERE business_id = %(business_id)s AND view_id = %(view_id)s FOR NO KEY UPDATE",
        {"business_id": business_id, "view_id": view_id},
    )
    return get_view(conn, business_id, view_id)


def update_view(conn: Connection, business_id: UUID, view_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing view. `values`: name, page and query. Returns the changed row."""
    row = conn.execute(
        """
        UPDATE analytics_views SET name = %(name)s, page = %(page)s, query = %(query)s, updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND view_id = %(view_id)s
        RETURNING *
        """,
        {**values, "business_id": business_id, "view_id": view_id, "query": Jsonb(values["query"])},
    ).fetchone()
    assert row is not None
    return row


def delete_view(conn: Connection, business_id: UUID, view_id: UUID) -> None:
    """Delete a view."""
    conn.execute(
        "DELETE FROM analytics_views WHERE business_id = %(business_id)s AND view_id = %(view_id)s",
        {"business_id": business_id, "view_id": view_id},
    )
