"""Percentiles of histograms, and the same bins in the database."""

import math
import random

from analytics.histogram import ERROR, bin_of, merge, percentile
from tests.support.database import connect


def durations(seed: int) -> list[float]:
    chance = random.Random(seed)
    return [chance.lognormvariate(7, 1.5) + 1 for _ in range(1 + seed**3)]


def histogram_of(values: list[float]) -> dict[int, int]:
    return merge({bin_of(value): 1} for value in values)


def test_percentiles_differ_by_at_most_the_documented_error() -> None:
    for seed in range(12):
        values = sorted(durations(seed))
        for fraction in (0.01, 0.5, 0.9, 0.95, 1.0):
            exact = values[math.ceil(fraction * len(values)) - 1]
            found = percentile(histogram_of(values), fraction)
            assert found is not None
            assert abs(found - exact) <= ERROR * exact * 1.000001, (seed, fraction)


def test_merged_histogram_is_that_of_all_durations() -> None:
    assert merge([histogram_of(durations(3)), histogram_of(durations(5))]) == histogram_of(durations(3) + durations(5))
    assert percentile({}, 0.5) is None


def test_database_counts_in_the_same_bins(database_url: str) -> None:
    values = [0.0, 0.4, 1.0, 1.1, 59_999.0, 3_600_000.0, *(round(value, 3) for value in durations(8))]
    with connect(database_url) as sql:
        [row] = sql.execute(
            """
            SELECT histogram_v1(array_agg(duration_bin_v1(ms))) AS histogram,
                   merged_histogram_v1(histogram_v1(ARRAY[duration_bin_v1(ms)])) AS merged
            FROM unnest(%(values)s::numeric[]) AS ms
            """,
            {"values": values},
        ).fetchall()
    assert row["histogram"] == row["merged"]
    assert dict(row["histogram"]) == histogram_of(values)
