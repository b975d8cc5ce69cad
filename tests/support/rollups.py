"""Random figures in the rollup tables, and the sums that reports are compared with."""

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg2 import sql

from repositories import rollup_days
from tests.support.database import Connection

Figures = dict[str, Any]
ZONE = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 10, 19, tzinfo=ZONE)  # a Monday; the clocks change on the 25th
DAYS = 14
_NAMES = frozenset(
    (
        "channel",
        "language",
        "stage_before",
        "stage_id",
        "agent_id",
        "release_id",
        "field",
        "action",
        "outcome",
        "step",
        "model",
        "template_id",
        "template_version",
        "reason",
        "person_id",
        "path",
    )
)


def bucket_of(row: Figures) -> datetime:
    """The start of the row's quarter of an hour, in the business's time zone."""
    bucket: datetime = row["bucket"]
    return bucket.astimezone(ZONE)


def random_rows(seed: int, count: int, names: dict[str, list[Any]], figures: dict[str, int]) -> list[Figures]:
    """Rows of quarters of an hour in the DAYS days from FIRST on. Each has one of the values of each name, and up to
    this number of each figure; a figure that ends in `[]` is a histogram."""
    draw = random.Random(seed)
    rows = []
    for _ in range(count):
        bucket = FIRST.astimezone(UTC) + timedelta(minutes=15 * draw.randrange(DAYS * 96))
        row: Figures = {"bucket": bucket, **{name: draw.choice(values) for name, values in names.items()}}
        for figure, highest in figures.items():
            if figure.endswith("[]"):
                bins = sorted(draw.sample(range(highest), draw.randrange(1, 4)))
                row[figure[:-2]] = [[number, draw.randrange(1, 5)] for number in bins]
            else:
                row[figure] = draw.randrange(highest + 1)
        rows.append(row)
    return rows


def insert(conn: Connection, table: str, business_id: str, rows: list[Figures]) -> None:
    """Store the rows, and those of the days in the business's time zone."""
    for period, each in [*(("quarter_hour", row) for row in rows), *(("day", row) for row in _days(rows))]:
        values = {"business_id": business_id, "period": period, **each}
        conn.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})")
            .format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, values)),
                sql.SQL(", ").join(map(sql.Placeholder, values)),
            )
            .as_string(conn),
            values,
        )
    for day in {row["bucket"] for row in _days(rows)}:
        rollup_days.replace_totals(conn, UUID(business_id), day, day + timedelta(minutes=15))


def _days(rows: list[Figures]) -> Iterable[Figures]:
    def key(row: Figures) -> tuple[Hashable, ...]:
        return bucket_of(row).date(), *(_hashable(row[name]) for name in sorted(_NAMES) if name in row)

    for group in grouped(rows, key).values():
        day = datetime.combine(bucket_of(group[0]).date(), time(), ZONE).astimezone(UTC)
        names = {name: group[0][name] for name in _NAMES if name in group[0]}
        sums = {name: total(group, name) for name in group[0] if name not in _NAMES | {"bucket"}}
        lists = {name: [list(pair) for pair in sums[name].items()] for name in sums if isinstance(sums[name], dict)}
        yield {"bucket": day, **names, **sums, **lists}


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value


def grouped(rows: Iterable[Figures], key: Callable[[Figures], Any]) -> dict[Any, list[Figures]]:
    """The rows with the same key."""
    groups: defaultdict[Any, list[Figures]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)


def total(rows: list[Figures], name: str) -> Any:
    """The sum of a figure: a number, for a histogram the count of each bin, and for lists a list."""
    values = [row[name] for row in rows]
    if name == "entered_ms":
        return [sum(each) for each in zip(*values, strict=True)]
    if not values or not isinstance(values[0], list):
        return sum(values)
    counts: defaultdict[int, int] = defaultdict(int)
    for bins in values:
        for number, count in bins:
            counts[number] += count
    return dict(sorted(counts.items()))


def percentile(counts: dict[int, int], fraction: float) -> float | None:
    """The value of the bin that contains the percentile."""
    ordered = [number for number, count in sorted(counts.items()) for _ in range(count)]
    if not ordered:
        return None
    place = next(place for place in range(1, len(ordered) + 1) if place >= fraction * len(ordered))
    ratio = 1.05 / 0.95
    return float(0.95 * ratio ** ordered[place - 1])


def uuids(seed: int, count: int) -> list[UUID]:
    """Random IDs."""
    draw = random.Random(seed)
    return [UUID(int=draw.getrandbits(128)) for _ in range(count)]
