"""The watch's end, whatever state its connection is in."""

import threading
from uuid import uuid4

from db import Database
from message_processing.worker.lease_monitor import Watch

NOWHERE = "postgresql://icmp@127.0.0.1:1/icmp"  # refuses at once


def test_a_watch_without_a_database_closes() -> None:
    """Its thread may be over before it hears the bell, so that this is tried some times."""
    database = Database(NOWHERE, 1)
    try:
        for _ in range(3):
            failed_once = threading.Event()
            watch = Watch(database, uuid4(), lambda _, failed=failed_once: failed.set(), lambda turns: None)
            assert failed_once.wait(10)
            watch.close()
            assert not watch._thread.is_alive()
    finally:
        database.close()
