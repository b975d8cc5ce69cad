"""Records the heartbeat of this process, and takes over turns whose process has died."""

import logging
import os
import threading
import time
from collections.abc import Callable
from uuid import UUID

from core.errors import DatabaseUnavailable
from db import Connection, Database, wait_readable
from message_processing.accept import Accepted
from repositories import leases

logger = logging.getLogger(__name__)

POLL_INTERVAL = 0.5  # seconds between checks for conversations that may continue, in case a notification was lost
HEARTBEAT_INTERVAL = 2.0  # seconds between heartbeats, and between checks for orphaned turns


class LeaseMonitor:
    """One thread per process, with its own connection.

    Calls `start_waiting(conversation_id)` when a conversation may continue (None: any), and `adopt(turns)` with the
    unfinished turns of this process, some of which the scheduler may not know.
    """

    def __init__(
        self,
        database: Database,
        process_id: UUID,
        start_waiting: Callable[[UUID | None], None],
        adopt: Callable[[list[Accepted]], None],
    ) -> None:
        self._database = database
        self._process_id = process_id
        self._start_waiting = start_waiting
        self._adopt = adopt
        self._closed = threading.Event()
        self._wakeup_read, self._wakeup_write = os.pipe()  # interrupts the wait for notifications
        self._next_heartbeat = 0.0
        self._thread = threading.Thread(target=self._run, name="lease-monitor", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the thread. Other processes may take over the turns of this one immediately."""
        self._closed.set()
        os.write(self._wakeup_write, b"!")
        self._thread.join(5)
        if not self._thread.is_alive():  # otherwise it may still use the pipe
            os.close(self._wakeup_write)
            os.close(self._wakeup_read)

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                with self._database.own_connection() as conn:
                    leases.listen_for_finished_turns(conn)
                    while not self._closed.is_set():
                        self._check(conn)
                    leases.delete_process(conn, self._process_id)
            except DatabaseUnavailable:
                self._closed.wait(POLL_INTERVAL)
                self._start_waiting(None)
            except Exception:  # without this thread, the process would lose its turns
                logger.exception("lease monitor failed")
                self._closed.wait(POLL_INTERVAL)

    def _check(self, conn: Connection) -> None:
        if time.monotonic() >= self._next_heartbeat:
            leases.record_heartbeat(conn, self._process_id)
            self._next_heartbeat = time.monotonic() + HEARTBEAT_INTERVAL
            for turn in leases.take_over_orphaned_turns(conn, self._process_id):
                ids = {name: str(turn[name]) for name in ("turn_id", "business_id")}
                logger.warning("turn taken over", extra=ids)
            self._adopt([Accepted(**row, is_new=True) for row in leases.unfinished_turns(conn, self._process_id)])
        self._start_waiting(None)
        wait_readable(conn.fileno(), self._wakeup_read, seconds=POLL_INTERVAL)
        conn.poll()
        while conn.notifies:
            self._start_waiting(UUID(conn.notifies.pop(0).payload))
