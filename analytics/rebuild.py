"""`python -m analytics.rebuild`: count everything again, day by day, and report the figures that were different.

The server may run meanwhile. Figures of times whose rows have been deleted because their retention has ended stay as
they are. Exits with 1 if there were differences; they are corrected then.
"""

import argparse
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from analytics.days import days_between, zone_of
from analytics.rolling_up import add_up_days, count_conversations, count_turns, roll_up
from config import Config, StartupError
from core.errors import Conflict, DatabaseUnavailable, NotFound
from core.logs import announce
from db import Connection, Database
from repositories import businesses, rollup_days, rollup_state

_DAY = timedelta(days=1)
_ATTEMPTS = 10  # if the background job counts the same business at the same time

Result = TypeVar("Result")


class Difference(NamedTuple):
    """Figures that were not what they should have been."""

    business_id: UUID
    table: str
    period: str
    bucket: datetime


def rebuild(database: Database, business_id: UUID) -> list[Difference]:
    """Count everything of a business again. Returns what was different before. Raises NotFound if it was deleted."""
    while attempt(database, roll_up, business_id):
        pass
    with database.transaction() as conn:
        extent = rollup_state.get_extent(conn, business_id)
    differences: list[Difference] = []
    if extent["first"] is None:
        return differences
    since = extent["first"]
    while since <= extent["last"]:
        differences += attempt(database, _count_again, business_id, since, since + _DAY)
        since += _DAY
    return differences


def _count_again(conn: Connection, business_id: UUID, since: datetime, until: datetime) -> list[Difference]:
    """Count again what happened from `since` to before `until`. All changes are counted first, from the same state of
    the database, so that nothing may be different."""
    while roll_up(conn, business_id):
        pass
    state = rollup_state.lock_state(conn, business_id)
    since = max(since, state["complete_from"] or since)
    if since >= until:
        return []
    days = list(days_between(since, until, zone_of(state["time_zone"])))
    extent = min(since, days[0][0]), max(until, days[-1][1])
    before = rollup_days.read_digests(conn, business_id, *extent)
    count_turns(conn, business_id, since, until)
    count_conversations(conn, business_id, since, until)
    add_up_days(conn, business_id, state["time_zone"], [(since, until)])
    after = rollup_days.read_digests(conn, business_id, *extent)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return [Difference(business_id, *key) for key in sorted(changed)]


def attempt(database: Database, count: Callable[..., Result], *arguments: Any) -> Result:
    """Call `count` with a connection and the arguments. The background job may count the same business at the same
    time: then one of the two fails, and is repeated."""
    for _ in range(_ATTEMPTS):
        try:
            with database.transaction() as conn:
                conn.use_snapshot()
                return count(conn, *arguments)
        except Conflict:
            continue
    raise StartupError("The figures are being counted by something else: try again later.")


def main() -> None:
    """Rebuilds the figures of all businesses, or of one, in the configured database. Prints the differences."""
    parser = argparse.ArgumentParser(prog="python -m analytics.rebuild", description="Count all figures again.")
    parser.add_argument("--business", type=UUID, metavar="ID", help="only those of this business")
    only: UUID | None = parser.parse_args().business
    try:
        config = Config.from_env()
        if config.database_url is None:
            raise StartupError("DATABASE_URL is not set: it must point to the database with the figures.")
        database = Database(config.database_url, 1)
        try:
            differences = _rebuild_all(database, only)
        finally:
            database.close()
    except DatabaseUnavailable:
        sys.exit("icmp: the database does not answer: check DATABASE_URL.")
    except NotFound:
        sys.exit("icmp: there is no business with this ID.")
    except StartupError as error:
        sys.exit(f"icmp: {error}")
    for each in differences:
        announce(
            f"icmp: business {each.business_id}: {each.table}, {each.period} of {each.bucket.isoformat()} differed"
        )
    if differences:
        sys.exit(f"icmp: {len(differences)} differences were corrected")
    announce("icmp: no differences")


def _rebuild_all(database: Database, only: UUID | None) -> list[Difference]:
    if only is not None:
        return rebuild(database, only)
    with database.transaction() as conn:
        business_ids = businesses.list_ids(conn)
    differences: list[Difference] = []
    for business_id in business_ids:
        with suppress(NotFound):  # deleted meanwhile
            differences += rebuild(database, business_id)
    return differences


if __name__ == "__main__":
    main()
