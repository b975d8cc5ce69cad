"""Finds hours in which a figure of a business was unusual. docs/analytics.md describes the rule."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from statistics import median
from uuid import UUID

from analytics.days import zone_of
from analytics.histogram import percentile
from background.jobs import Interrupted, Job, Kind
from core.errors import DatabaseUnavailable
from db import Database, Row
from repositories import anomalies, businesses

logger = logging.getLogger(__name__)

WEEKS = 4  # before the hour, of which MIN_WEEKS must have enough turns
MIN_WEEKS = 3
MIN_TURNS = 20  # in the hour, and in the same hour of a week
FACTOR = 2  # how many times the usual value is unusual
# How much more than usual a figure must be: shares of turns, US dollars, and milliseconds.
MIN_DIFFERENCES = {"errors": 0.05, "handovers": 0.1, "cost": 0.1, "latency": 1000.0}

_INTERVAL = 900.0  # seconds between runs
_HOURS = 3  # complete hours that each run checks: turns of them may end later, or no process was running


@dataclass(frozen=True)
class Hour:
    """The figures of an hour."""

    turns: int
    errors: float
    handovers: float
    cost: float
    latency: float

    def value_of(self, figure: str) -> float:
        """The value of one of MIN_DIFFERENCES."""
        return float(getattr(self, figure))


@dataclass(frozen=True)
class Anomaly:
    """A figure that is unusual."""

    figure: str
    value: float
    usual: float


def find_unusual(hour: Hour, before: Sequence[Hour]) -> list[Anomaly]:
    """The figures of an hour that are unusual, compared with the same hour of the weeks before."""
    comparable = [each for each in before if each.turns >= MIN_TURNS]
    if hour.turns < MIN_TURNS or len(comparable) < MIN_WEEKS:
        return []
    found = []
    for figure, min_difference in MIN_DIFFERENCES.items():
        value, values = hour.value_of(figure), [each.value_of(figure) for each in comparable]
        usual = median(values)
        if value > max(values) and value >= FACTOR * usual and value - usual >= min_difference:
            found.append(Anomaly(figure, value, usual))
    return found


def start_of_hour(time: datetime, zone: tzinfo) -> datetime:
    """When the hour of a time starts in a time zone, in UTC."""
    local = time.astimezone(zone)
    return time - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def weeks_before(hour: datetime, zone: tzinfo) -> list[datetime]:
    """The same hour on the clock, one to WEEKS weeks before, in UTC."""
    local = hour.astimezone(zone)
    return [(local - timedelta(weeks=number)).astimezone(UTC) for number in range(1, WEEKS + 1)]


class AnomalyDetection:
    """The recurring job."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def kinds(self) -> tuple[Kind, ...]:
        """The kind of this job, for the runner."""
        return (Kind("find_anomalies", self._run, every=_INTERVAL),)

    def _run(self, job: Job) -> None:
        with self._database.transaction() as conn:
            ids = businesses.list_ids(conn)
        for business_id in ids:
            try:
                self._check(job, business_id, datetime.now(UTC))
            except (Interrupted, DatabaseUnavailable):
                raise
            except Exception:  # the other businesses must not wait for this one
                logger.exception("anomalies not checked", extra={"business_id": str(business_id)})

    def _check(self, job: Job, business_id: UUID, now: datetime) -> None:
        """Check the last complete hours, except those whose changes are not counted yet."""
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            zone = zone_of(businesses.get_business(conn, business_id)["settings"].get("timezone"))
            for number in range(1, _HOURS + 1):
                hour = start_of_hour(now, zone) - timedelta(hours=number)
                rows = anomalies.read_hours(conn, business_id, [hour, *weeks_before(hour, zone)])
                this, *before = (_read(row) for row in rows)
                if this.turns < MIN_TURNS or not anomalies.is_counted(conn, business_id, hour):
                    continue
                for found in find_unusual(this, before):
                    values = {**asdict(found), "hour": hour, "turns": this.turns}
                    anomalies.insert_anomaly(conn, business_id, values)


def _read(row: Row) -> Hour:
    turns = row["turns"] or 1  # no share is needed without turns
    latency = percentile(dict(row["full_answer"]), 0.5) or 0.0
    return Hour(row["turns"], row["errors"] / turns, row["handovers"] / turns, float(row["cost"]), latency)
