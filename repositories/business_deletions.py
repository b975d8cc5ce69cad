"""The table `business_deletions`: businesses that will be deleted at a set time, unless that is cancelled."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row


def find_deletion(conn: Connection, business_id: UUID) -> Row | None:
    """The planned deletion of a business: delete_at, actor_type, actor_id and created_at."""
    return conn.execute(
        """
        SELECT delete_at, actor_type, actor_id, created_at FROM business_deletions
        WHERE business_id = %(business_id)s
        """,
        {"business_id": business_id},
    ).fetchone()


def insert_deletion(conn: Connection, business_id: UUID, actor: dict[str, Any], time: timedelta) -> tuple[Row, bool]:
    """Plan the deletion of a business after `time`. One that is planned already keeps its time. Returns it with the
    columns of `find_deletion`, and whether it is new. `actor`: actor_type and actor_id, as in the audit log."""
    inserted = conn.execute(
        """
        INSERT INTO business_deletions (business_id, actor_type, actor_id, delete_at)
        VALUES (%(business_id)s, %(actor_type)s, %(actor_id)s, clock_timestamp() + %(time)s)
        ON CONFLICT (business_id) DO NOTHING
        """,
        {**actor, "business_id": business_id, "time": time},
    )
    row = find_deletion(conn, business_id)
    assert row is not None
    return row, inserted.rowcount == 1


def delete_deletion(conn: Connection, business_id: UUID) -> None:
    """Cancel the planned deletion of a business. Raises NotFound if there is none, or if its time has come."""
    deleted = conn.execute(
        """
        DELETE FROM business_deletions
        WHERE business_id = %(business_id)s AND delete_at > clock_timestamp()
        """,
        {"business_id": business_id},
    )
    if deleted.rowcount == 0:
        raise NotFound("No deletion of this business is planned, or it has begun.")


def find_due(conn: Connection, business_id: UUID) -> Row | None:
    """The planned deletion of a business if its time has come, with the columns of `find_deletion`."""
    return conn.execute(
        """
        SELECT delete_at, actor_type, actor_id, created_at FROM business_deletions
        WHERE business_id = %(business_id)s AND delete_at <= clock_timestamp()
        """,
        {"business_id": business_id},
    ).fetchone()
