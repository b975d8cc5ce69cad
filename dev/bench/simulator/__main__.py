"""`python -m dev.bench.simulator [--turns N] [--days D]`: adds simulated businesses with traffic of the last days.

They are added to the database in DATABASE_URL, and their keys printed. The server counts the figures in the background.
"""

import argparse
import secrets
import sys
from datetime import UTC, datetime, timedelta

from config import Config, ConfigError
from core.settings import load_environment
from db import connect
from dev.bench.simulator.rows import write
from dev.bench.simulator.simulate import simulate

TURNS = 5000
DAYS = 90


def main() -> None:
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--turns", type=int, default=TURNS, help=f"number of turns (default: {TURNS})")
    parser.add_argument("--days", type=int, default=DAYS, help=f"number of days until today (default: {DAYS})")
    arguments = parser.parse_args()
    config = Config.from_env(load_environment())
    if config.in_production:
        raise ConfigError("Simulated businesses cannot be created in production.")
    if config.database_url is None:
        raise ConfigError("DATABASE_URL is not set: it must point to the database to fill.")
    first = datetime.now(UTC).date() - timedelta(days=arguments.days)
    conn = connect(config.database_url)
    conn.execute("SET LOCAL statement_timeout = 0")
    for business in simulate(conn, secrets.randbits(32), first, arguments.days, arguments.turns, secrets.token_hex(3)):
        write(conn, business, with_late=True)
        conn.commit()
        print(f"{business.name}: business {business.business_id}, key {business.key}")
    conn.close()


if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        sys.exit(f"icmp: {error}")
