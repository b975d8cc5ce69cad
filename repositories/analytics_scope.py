"""What a report counts: some periods, and filters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Scope:
    """The periods that begin at `starts`, in order; the last one ends at `end`.

    `is_by_hour` decides whether the rows of quarters of an hour are read, or those of days. `release_ids` of None are
    all releases. `filters` may contain channel, language, stage_id and agent_id.
    """

    starts: Sequence[datetime]
    end: datetime
    is_by_hour: bool = False
    release_ids: Sequence[UUID] | None = None
    filters: dict[str, Any] = field(default_factory=dict)

    @property
    def totals(self) -> dict[str, Any]:
        """`parameters` for a statement that needs no dimension except the step of calls."""
        has_filters = self.release_ids is not None or any(each is not None for each in self.filters.values())
        return self.parameters if self.is_by_hour or has_filters else {**self.parameters, "period": "day_total"}

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of a statement. `slot`, the number of a period, starts with 1."""
        return {
            "period": "quarter_hour" if self.is_by_hour else "day",
            "starts": list(self.starts),
            "start": self.starts[0],
            "end": self.end,
            "release_ids": None if self.release_ids is None else list(self.release_ids),
            **{name: self.filters.get(name) for name in ("channel", "language", "stage_id", "agent_id")},
        }
