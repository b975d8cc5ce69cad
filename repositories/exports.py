"""The tables `exports` and `export_chunks`: files with all data of a business."""

from datetime import datetime, timedelta
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from repositories.page import Page


def insert_export(conn: Connection, business_id: UUID) -> Row:
    """Create an export, and delete those that have ended. Returns it with the columns of `list_exports`."""
    conn.execute(
        "DELETE FROM exports WHERE business_id = %(business_id)s AND status IN ('finished', 'failed')",
        {"business_id": business_id},
    )
    row = conn.execute(
        """
        INSERT INTO exports (business_id) VALUES (%(business_id)s)
        RETURNING export_id, status, rows, bytes, created_at, finished_at, expires_at
        """,
        {"business_id": business_id},
    ).fetchone()
    assert row is not None
    return row


def list_exports(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's exports, newest first."""
    return conn.execute(
        """
        SELECT export_id, status, rows, bytes, created_at, finished_at, expires_at
        FROM exports
        WHERE business_id = %(business_id)s AND (created_at, export_id) < (%(after_time)s, %(after_id)s)
        ORDER BY created_at DESC, export_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def get_export(conn: Connection, business_id: UUID, export_id: UUID) -> Row:
    """One export, with the columns of `list_exports`. Raises NotFound."""
    row = conn.execute(
        """
        SELECT export_id, status, rows, bytes, created_at, finished_at, expires_at
        FROM exports WHERE business_id = %(business_id)s AND export_id = %(export_id)s
        """,
        {"business_id": business_id, "export_id": export_id},
    ).fetchone()
    if row is None:
        raise NotFound("Export not found.")
    return row


def has_unfinished(conn: Connection, business_id: UUID) -> bool:
    """Whether an export of the business has not ended."""
    row = conn.execute(
        "SELECT FROM exports WHERE business_id = %(business_id)s AND status IN ('waiting', 'running')",
        {"business_id": business_id},
    ).fetchone()
    return row is not None


def start_export(conn: Connection, business_id: UUID, export_id: UUID) -> bool:
    """Begin the file, also again after a process has died with it. Returns False if the export was deleted."""
    parameters = {"business_id": business_id, "export_id": export_id}
    conn.execute(
        "DELETE FROM export_chunks WHERE business_id = %(business_id)s AND export_id = %(export_id)s", parameters
    )
    started = conn.execute(
        """
        UPDATE exports SET status = 'running', rows = 0, bytes = 0
        WHERE business_id = %(business_id)s AND export_id = %(export_id)s
        """,
        parameters,
    )
    return started.rowcount == 1


def append_chunk(conn: Connection, business_id: UUID, export_id: UUID, number: int, data: bytes, rows: int) -> None:
    """Add a chunk to the file, which contains `rows` rows so far. Raises NotFound if the export was deleted."""
    appended = conn.execute(
        """
        UPDATE exports SET bytes = bytes + %(size)s, rows = %(rows)s
        WHERE business_id = %(business_id)s AND export_id = %(export_id)s
        """,
        {"business_id": business_id, "export_id": export_id, "size": len(data), "rows": rows},
    )
    if appended.rowcount == 0:
        raise NotFound("Export not found.")
    conn.execute(
        """
        INSERT INTO export_chunks (business_id, export_id, number, data)
        VALUES (%(business_id)s, %(export_id)s, %(number)s, %(data)s)
        """,
        {"business_id": business_id, "export_id": export_id, "number": number, "data": data},
    )


def read_chunk(conn: Connection, business_id: UUID, export_id: UUID, number: int) -> bytes:
    """A chunk of the file; empty after the last one."""
    row = conn.execute(
        """
        SELECT data FROM export_chunks
        WHERE business_id = %(business_id)s AND export_id = %(export_id)s AND number = %(number)s
        """,
        {"business_id": business_id, "export_id": export_id, "number": number},
    ).fetchone()
    return bytes(row["data"]) if row else b""


def end_export(
    conn: Connection, business_id: UUID, export_id: UUID, status: str, time: timedelta | None
) -> datetime | None:
    """Set the status of an export that has ended. Returns when it expires, or None if it does not or was deleted."""
    row = conn.execute(
        """
        UPDATE exports SET status = %(status)s, finished_at = clock_timestamp(),
            expires_at = clock_timestamp() + %(time)s
        WHERE business_id = %(business_id)s AND export_id = %(export_id)s
        RETURNING expires_at
        """,
        {"business_id": business_id, "export_id": export_id, "status": status, "time": time},
    ).fetchone()
    expires_at: datetime | None = row["expires_at"] if row else None
    return expires_at


def delete_export(conn: Connection, business_id: UUID, export_id: UUID) -> bool:
    """Delete an export with its file. Returns whether it existed."""
    deleted = conn.execute(
        "DELETE FROM exports WHERE business_id = %(business_id)s AND export_id = %(export_id)s",
        {"business_id": business_id, "export_id": export_id},
    )
    return deleted.rowcount == 1
