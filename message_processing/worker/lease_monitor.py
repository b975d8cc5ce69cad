"""Records the heartbeat of this process, takes over turns and background jobs whose process has died, and checks the
database's health."""

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from core.concurrency import wait_readable
from core.database_errors import translate_errors
from core.errors import DatabaseUnavailable
from db import Connection, Database, Row
from message_processing.accept import Accepted
from repositories import health, leases

logger = logging.getLogger(__name__)

POLL_INTERVAL = 0.5  # seconds between checks for conversations that may continue, in case a notification was lost
HEARTBEAT_INTERVAL = 1.0  # seconds between heartbeats
SWEEP_INTERVAL = 2.0  # seconds between checks for orphaned turns
MAX_SILENCE = 10.0  # seconds without a new heartbeat after which a process counts as dead
MAX_GAP = 5.0  # seconds between two checks of the heartbeats, after which silence does not prove that a process is dead
HEALTH_TIMEOUT = 4.0  # seconds until an unresponsive database counts as unavailable


class Observation:
    """Observes which processes are alive, by this process's own clock.

    It starts over after an outage of the database, in which no process could record a heartbeat.
    """

    def __init__(self) -> None:
        self._seen: dict[UUID, tuple[datetime, float]] = {}  # the last heartbeat, and when it was first seen
        self._checked_at = 0.0

    def dead(self, heartbeats: dict[UUID, datetime]) -> list[UUID]:
        """The processes that have recorded no new heartbeat for MAX_SILENCE."""
        now = time.monotonic()
        known = self._seen if now - self._checked_at <= MAX_GAP else {}
        self._seen = {
            process_id: known[process_id] if process_id in known and known[process_id][0] == at else (at, now)
            for process_id, at in heartbeats.items()
        }
        self._checked_at = now
        return [process_id for process_id, (_, since) in self._seen.items() if now - since >= MAX_SILENCE]


class LeaseMonitor:
    """One thread per process, with its own connection, so that neither heartbeats nor health checks wait for requests.

    Calls `start_waiting(conversation_id)` when a conversation may continue (None: any), and `synchronise(load)` with a
    function that returns the unfinished turns of this process, some of which the scheduler may not know. Calls
    `hold(request)` for each takeover that this process has to confirm, until it has.
    """

    def __init__(
        self,
        database: Database,
        process_id: UUID,
        start_waiting: Callable[[UUID | None], None],
        synchronise: Callable[[Callable[[], list[Accepted]]], None],
        hold: Callable[[Row], None],
    ) -> None:
        self._database = database
        self._process_id = process_id
        self._start_waiting = start_waiting
        self._synchronise = synchronise
        self._hold = hold
        self._closed = threading.Event()
        self._wakeup_read, self._wakeup_write = os.pipe()  # interrupts the wait for notifications
        os.set_blocking(self._wakeup_read, False)
        os.set_blocking(self._wakeup_write, False)
        self._observation = Observation()
        self._dead: list[UUID] = []
        self._next_heartbeat = self._next_sweep = 0.0
        self._checked = threading.Condition()
        self._checks_wanted = self._checks_done = 0
        self._problem: str | None = None
        self._thread = threading.Thread(target=self._run, name="lease-monitor", daemon=True)
        self._thread.start()

    def find_problem(self) -> str | None:
        """Check the database now. Returns a sentence that says why this process cannot answer messages, or None."""
        with self._checked:
            if not self._thread.is_alive():
                return "The lease monitor has stopped."
            self._checks_wanted = wanted = self._checks_wanted + 1
            self._wake_up()
            if not self._checked.wait_for(lambda: self._checks_done >= wanted, HEALTH_TIMEOUT):
                return "The database does not answer."
            return self._problem

    def close(self) -> None:
        """Stop the thread. Other processes may take over the turns of this one immediately."""
        self._closed.set()
        self._wake_up()
        self._thread.join(5)
        if not self._thread.is_alive():  # otherwise it may still use the pipe
            os.close(self._wakeup_write)
            os.close(self._wakeup_read)

    def _wake_up(self) -> None:
        with suppress(OSError):  # full, so it will wake up; or closed
            os.write(self._wakeup_write, b"!")

    def _run(self) -> None:
        was_working = False
        while not self._closed.is_set():
            wanted = self._checks_wanted
            try:
                with self._database.own_connection() as conn:
                    if not conn.is_pooled:  # a pooler gives each transaction another session
                        leases.listen_for_finished_turns(conn)
                    while not self._closed.is_set():
                        wanted = self._checks_wanted
                        self._work(conn)
                        was_working = True
                        self._report(self._examine(conn) if wanted > self._checks_done else None, wanted)
                        self._wait(conn)
                    leases.delete_process(conn, self._process_id)
            except DatabaseUnavailable as error:
                if was_working:  # a restart of the database or a failover ends connections: first try a new one
                    was_working = False
                    continue
                self._report(error.message, wanted)
                self._closed.wait(POLL_INTERVAL)
                self._start_waiting(None)
            except Exception:  # without this thread, the process would lose its turns
                logger.exception("lease monitor failed")
                self._report("The lease monitor has failed.", wanted)
                self._closed.wait(POLL_INTERVAL)

    def _work(self, conn: Connection) -> None:
        """Do everything that is due."""
        for request in leases.hold_requests(conn, self._process_id):
            self._hold(request)
        if time.monotonic() >= self._next_heartbeat:
            heartbeats = leases.record_heartbeat(conn, self._process_id)
            self._next_heartbeat = time.monotonic() + HEARTBEAT_INTERVAL
            self._dead = self._observation.dead(heartbeats)
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + SWEEP_INTERVAL
            for turn in leases.take_over_orphaned_turns(conn, self._process_id, self._dead):
                ids = {name: str(turn[name]) for name in ("turn_id", "business_id")}
                logger.warning("turn taken over", extra=ids)
            for job in leases.release_orphaned_jobs(conn, self._dead):
                ids = {"job_id": str(job["job_id"]), "job_kind": job["kind"]}
                logger.warning("background job taken over", extra=ids)
            self._synchronise(
                lambda: [Accepted(**row, is_new=True) for row in leases.unfinished_turns(conn, self._process_id)]
            )
        self._start_waiting(None)

    def _wait(self, conn: Connection) -> None:
        """Wait until a notification, a health check or the next poll."""
        if not conn.notifies:  # a statement may have received some
            wait_readable(conn.fileno(), self._wakeup_read, seconds=POLL_INTERVAL)
        with suppress(BlockingIOError):
            os.read(self._wakeup_read, 4096)
        conn.poll()
        while conn.notifies:
            self._start_waiting(UUID(conn.notifies.pop(0).payload))

    def _examine(self, conn: Connection) -> str | None:
        """The database's problem, if it has one."""
        try:
            with translate_errors():
                health.check_writable(conn)
                if self._database.disk_is_full:
                    health.check_disk_space(conn)
                    self._database.disk_is_full = False
        except DatabaseUnavailable as error:
            if conn.closed:
                raise
            return error.message
        return None

    def _report(self, problem: str | None, wanted: int) -> None:
        """Answer the health checks up to number `wanted`."""
        with self._checked:
            self._problem, self._checks_done = problem, wanted
            self._checked.notify_all()
