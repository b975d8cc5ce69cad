"""What a report is asked: a business, a period, filters, and how to divide the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from analytics.period import By, Period
from repositories.analytics_scope import Scope


@dataclass(frozen=True)
class Question:
    """`filters` may contain channel, language, stage_id and agent_id; `release_ids` of None are all releases.

    `group_by`, `template_id` and `stage_ids` only concern some reports.
    """

    business_id: UUID
    period: Period
    by: By | None = None
    filters: dict[str, Any] = field(default_factory=dict)
    release_ids: Sequence[UUID] | None = None
    group_by: str | None = None
    template_id: UUID | None = None
    stage_ids: Sequence[UUID] = ()

    @property
    def scope(self) -> Scope:
        """What the question counts."""
        return Scope(self.period.starts(self.by), self.period.end, self.by == "hour", self.release_ids, self.filters)

    @property
    def about_previous(self) -> "Question":
        """The same question about the period before, undivided."""
        return replace(self, period=self.period.previous, by=None)


@dataclass(frozen=True)
class Report:
    """The answer: figures of the whole period, and rows, each with the number of its `slot` in the period."""

    totals: dict[str, Any]
    rows: list[dict[str, Any]]
