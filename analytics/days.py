"""When the days of a time zone start."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo


def zone_of(name: str | None) -> tzinfo:
    """The time zone of this name. UTC for unknown names, which rows of an older database may contain."""
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, LookupError):  # malformed, the name of a directory, or unknown
        return UTC


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """When the day starts, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def days_between(since: datetime, until: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The start and the end of each day that contains some of the time from `since` to before `until`."""
    day = since.astimezone(zone).date()
    while (start := start_of_day(day, zone)) < until:
        day += timedelta(days=1)
        yield start, start_of_day(day, zone)
