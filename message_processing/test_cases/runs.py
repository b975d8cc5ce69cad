"""Runs of test cases in the background."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from background import jobs
from background.jobs import Interrupted, Job, Kind
from db import Connection, Database, Row
from message_processing.release import Release, read_release
from message_processing.test_cases.result import combined
from message_processing.test_cases.runner import CaseRunner, Stopped
from repositories import releases, test_runs

MAX_PARALLEL = 4  # test cases of a run
_KIND = "test_run"
_MAX_CASES = 1_000  # more than a run has


def start_run(
    conn: Connection,
    business_id: UUID,
    release_id: UUID | None,
    draft: dict[str, Any] | None,
    cases: list[Row],
    *,
    repeat: int = 1,
) -> UUID:
    """Run test cases with a release, or with a draft (its snapshot), and return the ID of the run. The runs of a
    business run one after the other."""
    test_run_id = test_runs.insert_run(conn, business_id, release_id, draft, cases, repeat=repeat)
    jobs.add(conn, _KIND, business_id, {"test_run_id": str(test_run_id)}, queue_key=_KIND)
    return test_run_id


class CaseRuns:
    """Runs test cases, several at a time. After a restart, a run continues with those that have no result yet."""

    def __init__(self, database: Database, runner: CaseRunner) -> None:
        self._database, self._runner = database, runner

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of these jobs, for the runner."""
        return (Kind(_KIND, self._run, give_up=_give_up),)

    def _run(self, job: Job) -> None:
        test_run_id = UUID(job.payload["test_run_id"])
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            if test_runs.lock_run(conn, job.business_id, test_run_id) not in ("waiting", "running"):
                return
            test_runs.set_status(conn, job.business_id, test_run_id, "running")
        self.run_cases(job, test_run_id)

    def run_cases(self, job: Job, test_run_id: UUID) -> None:
        """Run the test cases of a run that have no result yet, and end it. If it is cancelled, the others keep none.
        Raises Interrupted and DatabaseUnavailable; then it can be called again."""
        business_id = job.business_id
        with self._database.transaction() as conn:
            run = test_runs.get_run(conn, business_id, test_run_id)
            snapshot = test_runs.get_draft(conn, business_id, test_run_id)
            if snapshot is None:
                snapshot = releases.get_snapshot(conn, business_id, run["release_id"])
            waiting = test_runs.list_waiting(conn, business_id, test_run_id, _MAX_CASES)
        release = read_release(run["release_id"] or test_run_id, snapshot)
        with ThreadPoolExecutor(MAX_PARALLEL, "test-case") as pool:
            futures = [pool.submit(self._run_case, job, run, release, case) for case in waiting]
        for future in futures:
            future.result()
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            if test_runs.lock_run(conn, business_id, test_run_id) == "running":
                test_runs.set_status(conn, business_id, test_run_id, "finished")

    def _run_case(self, job: Job, run: Row, release: Release, case: Row) -> None:
        with self._database.statement() as conn:
            if job.is_stopping:
                raise Interrupted
            if test_runs.get_status(conn, job.business_id, run["test_run_id"]) != "running":
                return
        results = []
        try:
            for _ in range(run["repeat"]):
                results.append(self._runner.run(job.business_id, release, case["definition"], lambda: job.is_stopping))
                if run["checked_release_id"] and results[-1]["status"] == "passed":
                    break  # only failures are repeated, so that checks are fast
        except Stopped as stopped:
            raise Interrupted from stopped
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            test_runs.store_result(
                conn, job.business_id, run["test_run_id"], case["test_case_id"], dict(combined(results))
            )


def _give_up(conn: Connection, job: Job) -> None:
    test_runs.set_status(conn, job.business_id, UUID(job.payload["test_run_id"]), "failed")
