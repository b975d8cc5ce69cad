"""Run as root in a network namespace of its own: how long a statement waits when all packets are dropped, in seconds.

unshare --net python -m tests.support.dropped_packets <directory for a database>
"""

import contextlib
import subprocess
import sys
import time
from pathlib import Path

from core.errors import DatabaseUnavailable
from db import Database
from dev.postgres import EmbeddedPostgres


def main() -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
    try:
        database = Database(server.start(), 2)
        with database.transaction() as conn:
            conn.execute("SELECT 1")
        # A queue that is too short for any packet.
        queue = ["tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate", "8bit", "burst", "1", "limit", "1"]
        subprocess.run(queue, check=True)
        started = time.monotonic()
        with contextlib.suppress(DatabaseUnavailable), database.transaction() as conn:
            conn.execute("SELECT 1")
        sys.stdout.write(str(time.monotonic() - started))
        subprocess.run(["tc", "qdisc", "delete", "dev", "lo", "root"], check=True)
        with database.transaction() as conn:  # works again
            conn.execute("SELECT 1")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
