"""Budgets: reserves the cost of a turn before its first call, and counts what it has cost afterwards.

The database admits the turns of a business one after the other (`migrations/43_budgets.sql`), so the turns of all
processes exceed a limit by at most the last one that was admitted, and what each costs more than was reserved for it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Literal, cast
from uuid import UUID

from core.errors import IcmpError
from core.ids import lowest_id
from db import Database
from llm.prices import cost_usd
from llm.usage import Usage
from message_processing.live.turn_frames import Publish
from message_processing.local_time import business_timezone, current_time
from message_processing.turn import StepFailed, Turn
from repositories import budgets

logger = logging.getLogger(__name__)

Level = Literal["normal", "cheaper_model", "fixed_reply", "person"]
"""What answers a turn."""

_FIRST_TURN = Usage(prompt_tokens=6_000, completion_tokens=600)  # reserved until the average is known


def periods_of(time: datetime) -> budgets.Periods:
    """Returns the day and the month of a time in its time zone."""
    day = time.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    month = day.replace(day=1)
    return budgets.Periods(day.date(), lowest_id(day), month.date(), lowest_id(month))


class Budgets:
    """The budgets of all businesses."""

    def __init__(self, database: Database, publish: Publish) -> None:
        """`publish` sends live updates."""
        self._database, self._publish = database, publish

    def reserve(self, turn: Turn, model: str) -> Level:
        """Reserves the cost of a turn that would ask `model`, and returns what answers it.

        A turn that runs again because its process has died gets the same level. Raises DatabaseUnavailable.
        """
        settings = turn.release.settings
        if "budget" not in settings:
            return "normal"
        periods = periods_of(current_time().astimezone(business_timezone(turn.release)))
        estimate = cost_usd(model, _FIRST_TURN, settings.get("prices")) or Decimal(0)
        with self._database.statement() as conn:
            level = budgets.reserve(conn, turn.business_id, turn.turn_id, turn.user_id, periods, estimate)
        return cast(Level, level)

    @contextmanager
    def settling(self, turn: Turn, *, is_end: bool = True) -> Iterator[None]:
        """When the context ends, counts what the recorded calls of the turn have cost. With `is_end`, nothing is
        reserved for it any more.

        After other errors than StepFailed the turn may run again, with its reservation. A background job settles those
        that do not.
        """
        try:
            yield
        except StepFailed:
            self._settle(turn, is_end)
            raise
        self._settle(turn, is_end)

    def _settle(self, turn: Turn, is_end: bool) -> None:
        if "budget" not in turn.release.settings:
            return
        try:
            with self._database.statement() as conn:
                reached = budgets.settle(conn, turn.business_id, turn.turn_id, is_end)
        except IcmpError:
            logger.warning("budget not settled", extra=_fields(turn.business_id), exc_info=True)
            return
        for period in reached:
            fields = {"period": period["period"], "percent": period["percent"]}
            logger.warning("budget reached", extra={**_fields(turn.business_id), **fields})
            self._publish(turn.business_id, {"type": "budget.reached", **fields})


def _fields(business_id: UUID) -> dict[str, str]:
    return {"business_id": str(business_id)}
