"""A page of a list: where it begins, and how long it is.

A list with filters is one statement, whose filters read `%(x)s IS NULL OR x = %(x)s`. The driver puts the values into
the statement, so the planner drops the filters that are not set and finds the index for the one that is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

FIRST_ID = UUID(int=0)
LAST_ID = UUID(int=2**128 - 1)


@dataclass(frozen=True)
class Page:
    """Keyset pagination: the page after the row that was created at `after_time` with `after_id`. Rows that come or go
    meanwhile neither repeat nor hide others, and the millionth page costs what the first does."""

    limit: int = 50
    after_time: datetime | str = "-infinity"
    after_id: UUID = FIRST_ID
    is_newest_first: bool = False  # for the lists that can be read from their end

    @property
    def parameters(self) -> dict[str, Any]:
        """One row more than asked for, which tells whether there is a next page."""
        return {"after_time": self.after_time, "after_id": self.after_id, "limit": self.limit + 1}
