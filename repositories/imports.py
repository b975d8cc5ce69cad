"""The tables `imports`, `import_chunks`, `import_problems` and `import_names`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, Row
from repositories.page import Page

MAX_LISTED_PROBLEMS = 500  # invalid lines per import that are stored; all are counted


def insert_import(conn: Connection, business_id: UUID, import_id: UUID, values: dict[str, Any]) -> None:
    """Create an import whose file is being uploaded. `values`: resource, format, dry_run, ignore_unknown, notify,
    columns and decimal_comma."""
    conn.execute(
        """
        INSERT INTO imports (business_id, import_id, resource, format, dry_run, ignore_unknown, notify, columns,
            decimal_comma)
        VALUES (%(business_id)s, %(import_id)s, %(resource)s, %(format)s, %(dry_run)s, %(ignore_unknown)s, %(notify)s,
            %(columns)s, %(decimal_comma)s)
        """,
        {
            **values,
            "business_id": business_id,
            "import_id": import_id,
            "notify": Jsonb(values["notify"]) if values["notify"] else None,
        },
    )


def append_chunk(conn: Connection, business_id: UUID, import_id: UUID, number: int, data: bytes) -> None:
    """Store a chunk of the file. Raises NotFound if the upload is no longer expected."""
    appended = conn.execute(
        """
        UPDATE imports SET bytes = bytes + %(size)s
        WHERE business_id = %(business_id)s AND import_id = %(import_id)s AND status = 'uploading'
        """,
        {"business_id": business_id, "import_id": import_id, "size": len(data)},
    )
    if appended.rowcount == 0:
        raise NotFound("Import not found.")
    conn.execute(
        """
        INSERT INTO import_chunks (business_id, import_id, number, data)
        VALUES (%(business_id)s, %(import_id)s, %(number)s, %(data)s)
        """,
        {"business_id": business_id, "import_id": import_id, "number": number, "data": data},
    )


def read_chunk(conn: Connection, business_id: UUID, import_id: UUID, number: int) -> bytes:
    """A chunk of the file; empty after the last one."""
    row = conn.execute(
        """
        SELECT data FROM import_chunks
        WHERE business_id = %(business_id)s AND import_id = %(import_id)s AND number = %(number)s
        """,
        {"business_id": business_id, "import_id": import_id, "number": number},
    ).fetchone()
    return bytes(row["data"]) if row else b""


def count_unfinished(conn: Connection, business_id: UUID) -> int:
    """How many imports of the business have not ended."""
    row = conn.execute(
        """
        SELECT count(*) AS imports FROM imports
        WHERE business_id = %(business_id)s AND status IN ('uploading', 'waiting', 'running')
        """,
        {"business_id": business_id},
    ).fetchone()
    assert row is not None
    return int(row["imports"])


def set_status(conn: Connection, business_id: UUID, import_id: UUID, before: str, status: str) -> bool:
    """Change the status if it is `before`. Returns whether it was."""
    changed = conn.execute(
        """
        UPDATE imports SET status = %(status)s,
            started_at = CASE %(status)s WHEN 'running' THEN clock_timestamp() ELSE started_at END
        WHERE business_id = %(business_id)s AND import_id = %(import_id)s AND status = %(before)s
        """,
        {"business_id": business_id, "import_id": import_id, "before": before, "status": status},
    )
    return changed.rowcount == 1


def end_import(conn: Connection, business_id: UUID, import_id: UUID, failure: str | None) -> None:
    """Finish the import, or let it fail, unless it has ended. Deletes its file."""
    parameters = {"business_id": business_id, "import_id": import_id, "failure": failure}
    conn.execute(
        """
        UPDATE imports SET status = CASE WHEN %(failure)s::text IS NULL THEN 'finished' ELSE 'failed' END,
            failure = %(failure)s, finished_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND import_id = %(import_id)s
          AND status IN ('uploading', 'waiting', 'running')
        """,
        parameters,
    )
    conn.execute(
        "DELETE FROM import_chunks WHERE business_id = %(business_id)s AND import_id = %(import_id)s", parameters
    )
    conn.execute(
        "DELETE FROM import_names WHERE business_id = %(business_id)s AND import_id = %(import_id)s", parameters
    )


def set_undo_status(conn: Connection, business_id: UUID, import_id: UUID, status: str) -> None:
    """Record how far the undo of an import is: waiting, running, finished or failed."""
    conn.execute(
        """
        UPDATE imports SET undo_status = %(status)s
        WHERE business_id = %(business_id)s AND import_id = %(import_id)s
        """,
        {"business_id": business_id, "import_id": import_id, "status": status},
    )


def list_imports(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's imports, newest first."""
    return conn.execute(
        """
        SELECT import_id, business_id, resource, format, dry_run, ignore_unknown, notify, columns, decimal_comma,
               status, failure, bytes, bytes_done, created, updated, unchanged, invalid, undo_status, undone, kept,
               can_undo_import_v2(business_id, import_id) AS can_undo, created_at, started_at, finished_at
        FROM imports
        WHERE business_id = %(business_id)s AND (created_at, import_id) < (%(after_time)s, %(after_id)s)
        ORDER BY created_at DESC, import_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def get_import(conn: Connection, business_id: UUID, import_id: UUID) -> Row:
    """One import, with the columns of `list_imports`. Raises NotFound."""
    row = conn.execute(
        """
        SELECT import_id, business_id, resource, format, dry_run, ignore_unknown, notify, columns, decimal_comma,
               status, failure, bytes, bytes_done, created, updated, unchanged, invalid, undo_status, undone, kept,
               can_undo_import_v2(business_id, import_id) AS can_undo, created_at, started_at, finished_at
        FROM imports WHERE business_id = %(business_id)s AND import_id = %(import_id)s
        """,
        {"business_id": business_id, "import_id": import_id},
    ).fetchone()
    if row is None:
        raise NotFound("Import not found.")
    return row


def get_checkpoint(conn: Connection, business_id: UUID, import_id: UUID) -> Row:
    """What the import needs to continue: resource, format, dry_run, ignore_unknown, notify, columns, decimal_comma,
    status, layout, bytes, bytes_done and next_line."""
    row = conn.execute(
        """
        SELECT resource, format, dry_run, ignore_unknown, notify, columns, decimal_comma, status, layout, bytes,
               bytes_done, next_line
        FROM imports WHERE business_id = %(business_id)s AND import_id = %(import_id)s
        """,
        {"business_id": business_id, "import_id": import_id},
    ).fetchone()
    if row is None:
        raise NotFound("Import not found.")
    return row


def save_checkpoint(conn: Connection, business_id: UUID, import_id: UUID, values: dict[str, Any]) -> None:
    """Record that everything before `bytes_done` and `next_line` is done. `layout` is that of the file; `created`,
    `updated`, `unchanged` and `invalid` are added to the counts."""
    conn.execute(
        """
        UPDATE imports SET bytes_done = %(bytes_done)s, next_line = %(next_line)s, layout = %(layout)s,
            created = created + %(created)s, updated = updated + %(updated)s, unchanged = unchanged + %(unchanged)s,
            invalid = invalid + %(invalid)s
        WHERE business_id = %(business_id)s AND import_id = %(import_id)s
        """,
        {**values, "business_id": business_id, "import_id": import_id, "layout": Jsonb(values["layout"])},
    )


def add_problems(
    conn: Connection, business_id: UUID, import_id: UUID, problems: Iterable[tuple[int, list[dict[str, str]]]]
) -> None:
    """Store invalid lines, as long as there are less than MAX_LISTED_PROBLEMS."""
    rows = [{"line": line, "problems": found} for line, found in problems]
    conn.execute(
        """
        INSERT INTO import_problems (business_id, import_id, line, problems)
        SELECT %(business_id)s, %(import_id)s, given.line, given.problems
        FROM jsonb_to_recordset(%(rows)s) AS given (line BIGINT, problems JSONB)
        ORDER BY given.line
        LIMIT GREATEST(0, %(max_problems)s - (SELECT count(*) FROM import_problems
                                              WHERE business_id = %(business_id)s AND import_id = %(import_id)s))
        """,
        {"business_id": business_id, "import_id": import_id, "rows": Jsonb(rows), "max_problems": MAX_LISTED_PROBLEMS},
    )


def list_problems(conn: Connection, business_id: UUID, import_id: UUID) -> list[Row]:
    """The invalid lines of an import that are stored, in order: line and problems."""
    return conn.execute(
        """
        SELECT line, problems FROM import_problems
        WHERE business_id = %(business_id)s AND import_id = %(import_id)s ORDER BY line
        """,
        {"business_id": business_id, "import_id": import_id},
    ).fetchall()


def claim_names(conn: Connection, business_id: UUID, import_id: UUID, names: dict[str, int]) -> dict[str, int]:
    """Record the names of rows with their lines. Returns those that the import has found before, with their lines."""
    rows = conn.execute(
        """
        WITH given AS (
            SELECT name, line FROM unnest(%(names)s::text[], %(lines)s::bigint[]) AS given (name, line)),
        added AS (
            INSERT INTO import_names (business_id, import_id, name, line)
            SELECT %(business_id)s, %(import_id)s, name, line FROM given
            ON CONFLICT (business_id, import_id, name) DO NOTHING)
        SELECT known.name, known.line FROM import_names known JOIN given ON given.name = known.name
        WHERE known.business_id = %(business_id)s AND known.import_id = %(import_id)s
        """,
        {
            "business_id": business_id,
            "import_id": import_id,
            "names": list(names),
            "lines": list(names.values()),
        },
    ).fetchall()
    return {row["name"]: row["line"] for row in rows}
