"""The days that a report is about, and their hours, days, weeks or months in the time zone of the business."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from analytics.days import start_of_day

By = Literal["hour", "day", "week", "month"]

DEFAULT_DAYS = 30


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date
    zone: tzinfo

    @property
    def start(self) -> datetime:
        """When the first day starts, in UTC."""
        return start_of_day(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """When the day after the last one starts, in UTC."""
        return start_of_day(self.last + timedelta(days=1), self.zone)

    @property
    def previous(self) -> "Period":
        """The same number of days before the first day."""
        days = (self.last - self.first).days + 1
        return Period(self.first - timedelta(days=days), self.first - timedelta(days=1), self.zone)

    def starts(self, by: By | None) -> list[datetime]:
        """When each hour, day, week or month of the period starts, in UTC; of all days together if `by` is None.

        Weeks start on Monday. The first one starts with the period, also if that is in the middle of a week or month.
        """
        if by is None:
            return [self.start]
        if by == "hour":
            return self._hours()
        days = (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))
        return [start_of_day(day, self.zone) for day in days if day == self.first or _is_first(day, by)]

    def _hours(self) -> list[datetime]:
        starts, hour = [], self.start
        while hour < self.end:
            starts.append(hour)
            hour += timedelta(minutes=60 - hour.astimezone(self.zone).minute)
        return starts or [self.start]  # a day that a time zone skipped has no hours


def _is_first(day: date, by: By) -> bool:
    """Whether a day, week or month starts with this day."""
    return by == "day" or (by == "week" and day.weekday() == 0) or (by == "month" and day.day == 1)
