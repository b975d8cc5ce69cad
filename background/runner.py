"""Claims due jobs and runs each of them in its own thread (in production, a greenlet)."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from uuid import UUID

from background.jobs import Continue, Interrupted, Job, Kind, Retry, retry_delay
from core.errors import Conflict, DatabaseUnavailable
from core.server.signals import stopping
from db import Connection, Database
from repositories import jobs
from repositories.jobs import Group
from repositories.leases import MAX_TAKEOVERS

MAX_JOBS = 32  # that a process runs at the same time
MAX_JOBS_OF_GROUP = 4  # of them of one business and kind, so that slow ones do not delay the others
POLL_INTERVAL = 1.0  # seconds between looks for due jobs
FIRST_DELAY = 60.0  # seconds until a recurring job runs for the first time
SAVE_INTERVAL = 1.0  # seconds between attempts to save how a job ended
CLOSE_TIMEOUT = 12.0  # seconds that closing waits for running jobs; a call to another system takes up to 10

logger = logging.getLogger(__name__)


class Runner:
    """Runs the jobs of one process. Create it after the fork, and close it before the lease monitor: other processes
    take over the jobs of a process whose heartbeat has ended."""

    def __init__(self, database: Database, process_id: UUID, kinds: Iterable[Kind]) -> None:
        self._database = database
        self._process_id = process_id
        self._kinds = {kind.name: kind for kind in kinds}
        self._closed = threading.Event()
        self._wake_up = threading.Event()
        self._changed = threading.Condition()
        self._running: Counter[Group] = Counter()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._thread.start()

    def wake_up(self) -> None:
        """Look for due jobs now. Call it after a commit that has added an urgent one."""
        self._wake_up.set()

    def close(self, timeout: float = CLOSE_TIMEOUT) -> None:
        """Start no more jobs, and wait up to `timeout` seconds for the running ones to reach their next checkpoint."""
        self._closed.set()
        self._wake_up.set()
        self._thread.join(timeout)
        with self._changed:
            self._changed.wait_for(lambda: not self._running.total(), timeout)

    def is_stopping(self) -> bool:
        """Whether this process starts no more jobs."""
        return self._closed.is_set() or stopping.is_set()

    def _run(self) -> None:
        has_recurring = False
        while not self._closed.is_set():
            self._wake_up.clear()  # first: a job that is added from now on may not be found
            try:
                if not has_recurring:
                    self._add_recurring()
                    has_recurring = True
                while self._start_due():
                    pass
            except DatabaseUnavailable:
                self._wake_up.clear()  # the lease monitor reports it
            except Exception:  # without this thread, no jobs would run
                logger.exception("claiming jobs failed")
            self._wake_up.wait(POLL_INTERVAL)

    def _add_recurring(self) -> None:
        with self._database.transaction() as conn:
            for kind in self._kinds.values():
                if kind.every is not None:
                    jobs.add_recurring_job(conn, kind.name, FIRST_DELAY)

    def _start_due(self) -> bool:
        """Start due jobs, at most one of each business and kind. Returns whether there may be more."""
        with self._changed:
            free = MAX_JOBS - self._running.total()
            busy = [group for group, count in self._running.items() if count >= MAX_JOBS_OF_GROUP]
        if free <= 0 or self.is_stopping():
            return False
        try:
            with self._database.statement() as conn:
                claimed = jobs.claim_jobs(conn, self._process_id, list(self._kinds), busy, free)
        except Conflict:  # another process has claimed a job of the same queue
            return False
        for each in claimed:
            job = Job(each, self._process_id, self.is_stopping)
            with self._changed:
                self._running[job.group] += 1
            threading.Thread(target=self._run_job, args=(job,), name=f"job-{job.kind}", daemon=True).start()
        return bool(claimed)

    def _run_job(self, job: Job) -> None:
        try:
            write = self._run_handler(job, self._kinds[job.kind])
            self._save(job, write)
        finally:
            with self._changed:
                self._running[job.group] -= 1
                self._running += Counter()  # without the zeros
                self._changed.notify_all()
            self._wake_up.set()

    def _run_handler(self, job: Job, kind: Kind) -> Callable[[Connection], None]:
        """Returns the function that saves how the job ended."""
        if job.takeovers > MAX_TAKEOVERS:
            return lambda conn: self._give_up(conn, job, kind, "Each process that ran it died.")
        try:
            kind.run(job)
        except Continue as rest:
            seconds = rest.after_seconds
            return lambda conn: self._release(conn, job, seconds, 0, None)
        except Interrupted:
            return lambda conn: self._release(conn, job, 0, job.attempts, None)
        except Retry as retry:
            return self._after_failure(job, kind, retry.reason, retry.after_seconds)
        except DatabaseUnavailable as error:
            reason = error.message  # the job has not caused it, so the attempt does not count
            return lambda conn: self._release(conn, job, retry_delay(1), job.attempts, reason)
        except Exception as error:
            logger.exception("job failed", extra=job.log_fields)
            return self._after_failure(job, kind, type(error).__name__, None)
        return lambda conn: self._finish(conn, job, kind)

    def _after_failure(self, job: Job, kind: Kind, reason: str, seconds: float | None) -> Callable[[Connection], None]:
        attempts = job.attempts + 1
        if kind.max_attempts is not None and attempts >= kind.max_attempts:
            return lambda conn: self._give_up(conn, job, kind, reason)
        delay = retry_delay(attempts) if seconds is None else seconds
        return lambda conn: self._release(conn, job, delay, attempts, reason)

    def _finish(self, conn: Connection, job: Job, kind: Kind) -> None:
        if kind.every is not None:
            self._release(conn, job, kind.every, 0, None)
        elif not jobs.delete_job(conn, job.job_id, self._process_id, job.epoch, job.requests):
            self._release(conn, job, 0, 0, None)  # it was added again meanwhile

    def _give_up(self, conn: Connection, job: Job, kind: Kind, reason: str) -> None:
        if not jobs.lock_job(conn, job.job_id, self._process_id, job.epoch):
            return
        logger.error("job given up", extra={**job.log_fields, "cause": reason})
        if kind.give_up is not None:
            kind.give_up(conn, job)
        self._finish(conn, job, kind)

    def _release(self, conn: Connection, job: Job, seconds: float, attempts: int, error: str | None) -> None:
        jobs.release_job(conn, job.job_id, self._process_id, job.epoch, seconds, attempts, error)

    def _save(self, job: Job, write: Callable[[Connection], None]) -> None:
        """Save how the job ended, when the database is available. If the process ends first, another one runs it."""
        while True:
            try:
                with self._database.transaction() as conn:
                    write(conn)
                return
            except DatabaseUnavailable:
                if self._closed.wait(SAVE_INTERVAL):
                    return
            except Exception:
                logger.exception("the end of a job cannot be saved", extra=job.log_fields)
                if self._closed.wait(retry_delay(1)):
                    return
