"""Pages of lists.

A list with filters is one statement with conditions of the form `%(x)s IS NULL OR x = %(x)s`. The driver inserts the
values into the statement, so the planner removes the filters that are not set and uses the index for those that are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db import Connection, Row

FIRST_ID = UUID(int=0)
LAST_ID = UUID(int=2**128 - 1)


@dataclass(frozen=True)
class Page:
    """The page after the row that was created at `after_time` with the ID `after_id` (keyset pagination).

    Rows that are added or deleted between two requests do not shift the pages, and every page costs the same.
    """

    limit: int = 50
    after_time: datetime | str = "-infinity"
    after_id: UUID = FIRST_ID
    is_newest_first: bool = False  # only some lists support it
    is_second_part: bool = False  # of a list with two parts, each with its own order

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of a statement. The limit is one row higher, to tell whether there is a next page."""
        return {
            "after_time": self.after_time,
            "after_id": self.after_id,
            "is_newest_first": self.is_newest_first,
            "limit": self.limit + 1,
        }


# Bytes of the rows' text in PostgreSQL, after which no more rows are read. A response has at most a quarter of that.
_MAX_BYTES = 8 * 1024 * 1024
_START = """
SELECT * FROM (
    SELECT page.*,
           sum(octet_length(page::text)) OVER (ROWS UNBOUNDED PRECEDING) - octet_length(page::text) AS bytes_before
    FROM (
"""
_END = """
    ) AS page
) AS measured
WHERE bytes_before < %(max_bytes)s
"""


def fetch_page(conn: Connection, statement: str, parameters: Mapping[str, Any]) -> list[Row]:
    """The rows of a list's statement, and of a very large page only the first ones, so that no request loads more than
    the process can hold. For lists whose rows may be large."""
    limited = _START + statement + _END
    rows = conn.execute(limited, {**parameters, "max_bytes": _MAX_BYTES}).fetchall()
    for row in rows:
        del row["bytes_before"]
    return rows
