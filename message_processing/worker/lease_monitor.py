"""One thread a process, on a connection of its own outside the pool: gives signs of life, hears which conversations are
free, and looks for turns that nobody runs."""

import logging
import os
import threading
import time
from collections.abc import Callable
from uuid import UUID

from core.errors import DatabaseUnavailable
from db import Connection, Database, Row, wait_readable
from repositories import leases

logger = logging.getLogger(__name__)

LOOK_AGAIN = 0.5  # seconds: makes good whatever notice was lost
BEAT = 2.0  # seconds between signs of life, and between looks for turns that nobody runs (SPEC 7.2)


class Watch:
    """Calls `wake(conversation_id)` for a conversation that may go on (None: any), and `adopt(turns)` for turns of this
    process that it may not know of."""

    def __init__(
        self,
        database: Database,
        process_id: UUID,
        wake: Callable[[UUID | None], None],
        adopt: Callable[[list[Row]], None],
    ) -> None:
        self._database = database
        self._process_id = process_id
        self._wake = wake
        self._adopt = adopt
        self._closed = threading.Event()
        self._door, self._bell = os.pipe()  # rung at the close, which need not wait for the next look then
        self._next_beat = 0.0
        self._thread = threading.Thread(target=self._watch, name="turns-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the watch; the process's last word is that it is gone."""
        self._closed.set()
        os.write(self._bell, b"!")
        self._thread.join(5)
        if not self._thread.is_alive():  # else it may still look at the door
            os.close(self._bell)
            os.close(self._door)

    def _watch(self) -> None:
        while not self._closed.is_set():
            try:
                with self._database.own_connection() as conn:
                    leases.listen_for_free(conn)
                    while not self._closed.is_set():
                        self._look(conn)
                    leases.forget_process(conn, self._process_id)
            except DatabaseUnavailable:
                self._closed.wait(LOOK_AGAIN)
                self._wake(None)
            except Exception:  # without this thread the process would lose its turns one by one
                logger.exception("watch failed")
                self._closed.wait(LOOK_AGAIN)

    def _look(self, conn: Connection) -> None:
        if time.monotonic() >= self._next_beat:
            leases.beat(conn, self._process_id)
            self._next_beat = time.monotonic() + BEAT
            orphans = leases.take_over_orphans(conn, self._process_id)
            for orphan in orphans:
                logger.warning(
                    "turn taken over", extra={name: str(orphan[name]) for name in ("turn_id", "business_id")}
                )
            self._adopt(leases.list_own(conn, self._process_id))
        self._wake(None)
        wait_readable(conn.fileno(), self._door, seconds=LOOK_AGAIN)
        conn.poll()
        while conn.notifies:
            self._wake(UUID(conn.notifies.pop(0).payload))
