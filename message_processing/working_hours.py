"""Working hours: weekly intervals in the business's time zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypedDict

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Interval(TypedDict):
    """An interval of each week, from `start` to `end` (HH:MM). It ends on the next day if `end` is not after `start`.

    `end` may be 24:00.
    """

    day: str
    start: str
    end: str


def next_opening(hours: list[Interval] | None, zone: tzinfo, moment: datetime) -> datetime | None:
    """Returns the start of the next interval, in UTC; None within working hours, and if there are no intervals."""
    later = None
    for start, end in _intervals(hours or [], zone, moment):
        if start <= moment < end:
            return None
        if start > moment and (later is None or start < later):
            later = start
    return later


def _intervals(hours: list[Interval], zone: tzinfo, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yields the intervals around the moment, in UTC: local times of one zone compare wrongly if its offset changes."""
    today = moment.astimezone(zone).date()
    for days in range(-1, 15):  # two weeks, because an interval may be in the hour that daylight saving time leaves out
        day = today + timedelta(days=days)
        for each in hours:
            if DAYS.index(each["day"]) == day.weekday():
                last_day = day if each["end"] > each["start"] else day + timedelta(days=1)
                start, end = _instants(day, each["start"], zone)[0], max(_instants(last_day, each["end"], zone))
                if start < end:
                    yield start, end


def _instants(day: date, clock: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """Returns both meanings of a local time, which differ only when the clocks are changed."""
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    local = datetime.combine(day, time.fromisoformat(clock), zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
