"""Histograms of durations with bins of a constant relative width, as `migrations/42_analytics.sql` stores them.

A histogram maps bins to counts. Histograms of different times and groups are merged by adding the counts, so
percentiles of any period are known with the same error.
"""

import math
from collections.abc import Iterable, Mapping

ERROR = 0.05  # how far a percentile may differ from the exact one, as a fraction; up to 1 ms, all durations are alike
_BASE = (1 + ERROR) / (1 - ERROR)


def bin_of(milliseconds: float) -> int:
    """The bin of a duration. Bin 0 contains everything up to 1 ms."""
    return 0 if milliseconds <= 1 else math.ceil(math.log(milliseconds) / math.log(_BASE))


def value_of(number: int) -> float:
    """The milliseconds that a bin stands for. Each duration in the bin differs from it by at most ERROR."""
    return 2 * _BASE**number / (_BASE + 1)


def merge(histograms: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """The sum of histograms."""
    merged: dict[int, int] = {}
    for histogram in histograms:
        for number, count in histogram.items():
            merged[number] = merged.get(number, 0) + count
    return merged


def percentile(histogram: Mapping[int, int], fraction: float) -> float | None:
    """The milliseconds that `fraction` of the durations do not exceed: the smallest duration for which that is so. None
    without durations."""
    rank = math.ceil(fraction * sum(histogram.values()))
    for number in sorted(histogram):
        rank -= histogram[number]
        if rank <= 0:
            return value_of(number)
    return None
