"""The lease monitor stops, whatever state its connection is in."""

import threading
from uuid import uuid4

from db import Database
from message_processing.worker.lease_monitor import LeaseMonitor


def test_lease_monitor_closes_without_a_database(database_url: str) -> None:
    database = Database(database_url, 1)
    database.url = "postgresql://icmp@127.0.0.1:1/icmp"  # refuses connections
    try:
        for _ in range(3):  # the thread may end before or after `close` wakes it
            failed_once = threading.Event()
            monitor = LeaseMonitor(database, uuid4(), lambda _, failed=failed_once: failed.set(), lambda turns: None)
            assert failed_once.wait(10)
            monitor.close()
            assert not monitor._thread.is_alive()
    finally:
        database.close()
