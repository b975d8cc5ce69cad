"""Several businesses with traffic, in different time zones."""

import random
from datetime import UTC, date, datetime

from db import Connection
from dev.bench.simulator.design import create_business
from dev.bench.simulator.traffic import Traffic
from dev.bench.simulator.world import Business

# Names, time zones and shares of the turns. The clocks of the first two change in spring and autumn, on different days;
# the third differs from UTC by 5 hours and 45 minutes.
BUSINESSES = (
    ("Simulated Books", "Europe/Berlin", 0.6),
    ("Simulated Tea", "America/New_York", 0.3),
    ("Simulated Lamps", "Asia/Kathmandu", 0.1),
)


def simulate(conn: Connection, seed: int, first: date, days: int, turns: int, name: str = "") -> list[Business]:
    """Create the businesses with their design in the caller's transaction, and invent about this number of turns within
    the days from `first`. `name` is added to their names. `rows.write` stores the conversations."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    start = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    simulated = []
    for business_name, zone, share in BUSINESSES:
        customers = max(24, round(turns * share / 20))
        business = create_business(conn, rng, f"{business_name}{name}", zone, start, days, customers)
        Traffic(rng, business).fill(start, days, round(turns * share))
        simulated.append(business)
    return simulated
