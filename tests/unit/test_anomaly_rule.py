"""Which hours are unusual, compared with the same hour of the weeks before."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from background.anomalies import Anomaly, Hour, find_unusual, start_of_hour, weeks_before

USUAL = Hour(turns=100, errors=0.04, handovers=0.1, cost=2.0, latency=1500.0)
WEEKS = [USUAL, replace(USUAL, errors=0.02), replace(USUAL, errors=0.05), replace(USUAL, errors=0.03)]


def test_hour_like_those_before_is_not_unusual() -> None:
    assert find_unusual(USUAL, WEEKS) == []


@pytest.mark.parametrize(
    ("figure", "value", "usual"),
    [("errors", 0.1, 0.035), ("handovers", 0.25, 0.1), ("cost", 4.5, 2.0), ("latency", 3200.0, 1500.0)],
)
def test_figure_of_twice_the_median_is_unusual(figure: str, value: float, usual: float) -> None:
    [found] = find_unusual(replace(USUAL, **{figure: value}), WEEKS)
    assert found == Anomaly(figure, value, pytest.approx(usual))


def test_small_difference_is_not_unusual() -> None:
    quiet = [replace(USUAL, errors=0.0, cost=0.01)] * 4
    assert find_unusual(replace(USUAL, errors=0.04, cost=0.05), quiet) == []


def test_value_that_was_exceeded_before_is_not_unusual() -> None:
    before = [*WEEKS[:3], replace(USUAL, errors=0.2)]
    assert find_unusual(replace(USUAL, errors=0.15), before) == []


def test_hours_with_few_turns_are_not_compared() -> None:
    bad = replace(USUAL, errors=0.5)
    assert find_unusual(replace(bad, turns=19), WEEKS) == []
    few = replace(USUAL, turns=19)
    assert find_unusual(bad, [few, few, *WEEKS[:2]]) == []
    assert find_unusual(bad, [few, *WEEKS[:3]]) != []


def test_weeks_before_have_the_same_time_on_the_clock() -> None:
    zone = ZoneInfo("Europe/Berlin")
    hour = start_of_hour(datetime(2025, 11, 5, 9, 42, 7, 5, tzinfo=UTC), zone)
    assert hour == datetime(2025, 11, 5, 9, tzinfo=UTC)
    # Until 26 October, clocks showed the same time one hour earlier.
    days_and_hours = [(10, 29, 9), (10, 22, 8), (10, 15, 8), (10, 8, 8)]
    assert weeks_before(hour, zone) == [datetime(2025, *each, tzinfo=UTC) for each in days_and_hours]


def test_hours_start_at_full_hours_of_the_time_zone() -> None:
    hour = start_of_hour(datetime(2025, 11, 5, 9, 42, tzinfo=UTC), ZoneInfo("Asia/Kathmandu"))
    assert hour == datetime(2025, 11, 5, 9, 15, tzinfo=UTC)
