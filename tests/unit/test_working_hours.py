"""Working hours are weekly intervals of local time, also when the clocks are changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from message_processing.working_hours import DAYS, Interval, next_opening

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE: list[Interval] = [
    {"day": day, "start": start, "end": end}
    for day in DAYS[:5]
    for start, end in (("09:00", "12:00"), ("13:00", "17:30"))
]


def opening(hours: list[Interval] | None, moment: str, zone: ZoneInfo = BERLIN) -> str | None:
    """The next opening in the zone, for a local time with offset."""
    found = next_opening(hours, zone, datetime.fromisoformat(moment).astimezone(UTC))
    return found.astimezone(zone).isoformat(timespec="minutes") if found else None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-05-04T08:59:59+02:00", "2026-05-04T09:00+02:00"),  # Monday
        ("2026-05-04T09:00+02:00", None),
        ("2026-05-04T11:59:59+02:00", None),
        ("2026-05-04T12:00+02:00", "2026-05-04T13:00+02:00"),
        ("2026-05-04T17:30+02:00", "2026-05-05T09:00+02:00"),
        ("2026-05-08T18:00+02:00", "2026-05-11T09:00+02:00"),  # Friday evening
        ("2026-05-10T23:59+02:00", "2026-05-11T09:00+02:00"),
        # Over the weekends on which the clocks are changed.
        ("2026-03-27T18:00+01:00", "2026-03-30T09:00+02:00"),
        ("2026-10-23T18:00+02:00", "2026-10-26T09:00+01:00"),
    ],
)
def test_next_opening_of_an_office(moment: str, expected: str | None) -> None:
    assert opening(OFFICE, moment) == expected


def test_agent_without_working_hours_is_always_available() -> None:
    assert opening(None, "2026-05-04T03:00+02:00") is None


def test_hours_are_those_of_the_zone() -> None:
    moment = "2026-05-04T08:00+02:00"
    assert opening(OFFICE, moment, ZoneInfo("Asia/Tokyo")) is None
    assert opening(OFFICE, moment, ZoneInfo("America/New_York")) == "2026-05-04T09:00-04:00"


def test_whole_days_and_nights() -> None:
    always: list[Interval] = [{"day": day, "start": "00:00", "end": "24:00"} for day in DAYS]
    for moment in ("2026-05-04T00:00+02:00", "2026-05-04T23:59:59.9+02:00", "2026-10-25T02:30+01:00"):
        assert opening(always, moment) is None
    night: list[Interval] = [{"day": "sunday", "start": "22:00", "end": "06:00"}]
    assert opening(night, "2026-05-03T21:59+02:00") == "2026-05-03T22:00+02:00"
    assert opening(night, "2026-05-04T05:59+02:00") is None
    assert opening(night, "2026-05-04T06:00+02:00") == "2026-05-10T22:00+02:00"
    until_midnight: list[Interval] = [{"day": "sunday", "start": "22:00", "end": "00:00"}]
    assert opening(until_midnight, "2026-05-03T23:59+02:00") is None
    assert opening(until_midnight, "2026-05-04T00:00+02:00") == "2026-05-10T22:00+02:00"


def test_hour_that_occurs_twice_belongs_to_the_interval_both_times() -> None:
    early: list[Interval] = [{"day": "sunday", "start": "02:00", "end": "03:00"}]
    assert opening(early, "2026-10-25T01:59+02:00") == "2026-10-25T02:00+02:00"
    assert opening(early, "2026-10-25T02:30+02:00") is None
    assert opening(early, "2026-10-25T02:30+01:00") is None
    assert opening(early, "2026-10-25T03:00+01:00") == "2026-11-01T02:00+01:00"


def test_hour_that_does_not_occur_is_left_out() -> None:
    early: list[Interval] = [{"day": "sunday", "start": "02:00", "end": "03:00"}]
    assert opening(early, "2026-03-29T01:30+01:00") == "2026-04-05T02:00+02:00"
    partly: list[Interval] = [{"day": "sunday", "start": "01:00", "end": "02:30"}]
    assert opening(partly, "2026-03-29T01:59+01:00") is None
    late: list[Interval] = [{"day": "sunday", "start": "02:30", "end": "05:00"}]
    assert opening(late, "2026-03-29T01:30+01:00") == "2026-03-29T03:30+02:00"
