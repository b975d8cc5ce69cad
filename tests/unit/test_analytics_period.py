"""Days, weeks and months of reports, in time zones whose clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analytics.period import By, Period

BERLIN = ZoneInfo("Europe/Berlin")
# Clocks change at midnight in Beirut (to 1:00, and back to 23:00) and in Havana, and in Lord Howe by half an hour.
ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "Asia/Beirut", "America/Havana", "Australia/Lord_Howe")


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES], ids=ZONES)
@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_every_quarter_of_an_hour_counts_on_its_local_date(zone: ZoneInfo, by: By) -> None:
    period = Period(date(2026, 2, 20), date(2026, 11, 20), zone)
    starts = [*period.starts(by), period.end]
    keys = {
        "day": lambda day: day,
        "week": lambda day: day - timedelta(days=day.weekday()),
        "month": lambda day: day.replace(day=1),
    }
    time, index = period.start, 0
    while time < period.end:
        index += time >= starts[index + 1]
        assert starts[index] <= time < starts[index + 1]
        local = time.astimezone(zone).date()
        assert keys[by](local) == keys[by](starts[index].astimezone(zone).date())
        time += timedelta(minutes=15)
    assert index == len(starts) - 2


def test_days_have_as_many_hours_as_their_clocks_show() -> None:
    spring, autumn = (Period(day, day, BERLIN).starts("hour") for day in (date(2026, 3, 29), date(2026, 10, 25)))
    assert (len(spring), len(autumn)) == (23, 25)
    assert [start.astimezone(BERLIN).isoformat() for start in autumn[2:4]] == [
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
    ]
    assert Period(date(2026, 3, 29), date(2026, 3, 29), BERLIN).start == datetime(2026, 3, 28, 23, tzinfo=UTC)


def test_hours_start_with_the_local_hour() -> None:
    starts = Period(date(2026, 5, 1), date(2026, 5, 1), ZoneInfo("Asia/Kathmandu")).starts("hour")
    assert len(starts) == 24
    assert {start.minute for start in starts} == {15}  # 5:45 hours before UTC


def test_first_week_and_month_start_with_the_period() -> None:
    period = Period(date(2026, 7, 30), date(2026, 8, 4), UTC)
    assert [start.day for start in period.starts("week")] == [30, 3]
    assert [start.day for start in period.starts("month")] == [30, 1]
    assert period.starts(None) == [period.start]


def test_previous_period_has_the_same_number_of_days() -> None:
    previous = Period(date(2026, 3, 1), date(2026, 3, 30), BERLIN).previous
    assert (previous.first, previous.last) == (date(2026, 1, 30), date(2026, 2, 28))
    assert previous.end == Period(date(2026, 3, 1), date(2026, 3, 30), BERLIN).start


def test_day_that_a_time_zone_skipped_is_empty() -> None:
    period = Period(date(2011, 12, 30), date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
    assert period.starts("hour") == period.starts("day") == [period.end]
