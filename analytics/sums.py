"""Adds up rows of figures."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from analytics.histogram import merge

Histograms = dict[tuple[Hashable, ...], dict[int, int]]


def add_up(rows: Iterable[Mapping[str, Any]], names: Iterable[str]) -> dict[str, Any]:
    """The sum of each of these columns; 0 without rows."""
    listed = list(rows)
    return {name: sum(row[name] for row in listed) for name in names}


def histograms(rows: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> Histograms:
    """The histograms that rows with `bin` and `times` contain, by the values of the columns `keys`."""
    found: Histograms = {}
    for row in rows:
        bins = found.setdefault(tuple(row[key] for key in keys), {})
        bins[row["bin"]] = bins.get(row["bin"], 0) + row["times"]
    return found


def merged(found: Histograms) -> dict[int, int]:
    """All histograms as one."""
    return merge(found.values())
