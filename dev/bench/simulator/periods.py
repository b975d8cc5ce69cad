"""The days, hours, weeks and months of a report, computed from the calendar alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Days:
    """The days from `first` to `last` in a time zone."""

    first: date
    last: date
    zone: ZoneInfo

    def contains(self, time: datetime) -> bool:
        """Whether a time is on one of the days."""
        return self.first <= time.astimezone(self.zone).date() <= self.last

    def start_of(self, time: datetime, by: str | None) -> datetime | None:
        """When the hour, day, week or month of a time starts, in UTC; None without `by`."""
        local = time.astimezone(self.zone)
        if by is None:
            return None
        if by == "hour":
            return time - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        day = local.date()
        if by == "week":
            day -= timedelta(days=day.weekday())
        elif by == "month":
            day = day.replace(day=1)
        return self.midnight(max(day, self.first))

    def midnight(self, day: date) -> datetime:
        """When a day starts, in UTC."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def previous(self) -> "Days":
        """As many days before the first one."""
        count = (self.last - self.first).days + 1
        return Days(self.first - timedelta(days=count), self.first - timedelta(days=1), self.zone)


def percentile(values: Iterable[float], percent: int) -> float | None:
    """The smallest value that is not less than `percent` of the values; None without values."""
    ordered = sorted(values)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)] if ordered else None
