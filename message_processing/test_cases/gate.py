"""The publication of a release depends on its test cases: none may fail that passed with the live release."""

from typing import TypedDict
from uuid import UUID

from background.jobs import Job
from db import Connection, Database, Row
from message_processing.test_cases.result import reason_of
from message_processing.test_cases.runs import CaseRuns
from repositories import businesses, releases, test_runs

_ATTEMPTS = 3  # of a test case that fails; if one passes, it is unstable and does not count as a failure


class Counts(TypedDict):
    """How many test cases have which result."""

    passed: int
    failed: int
    unstable: int


class Failure(TypedDict):
    """A test case that passed with the live release and fails with the new one, and why."""

    test_case_id: str
    name: str
    reason: str


class GateResult(TypedDict):
    """The results of the test cases. The release is refused if there are `failures`."""

    tests: Counts
    failures: list[Failure]


class Gate:
    """Runs the test cases of releases before they are published."""

    def __init__(self, database: Database, runs: CaseRuns) -> None:
        self._database, self._runs = database, runs

    def check(self, job: Job, release_id: UUID) -> GateResult:
        """Run the test cases that the release contains, and return what they say about its publication.

        Called by a background job of the business. If that runs again, it continues with the test cases that have no
        result yet. Test cases that fail and have not run with the live release are run with it too. Raises Interrupted
        and DatabaseUnavailable.
        """
        business_id = job.business_id
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            cases = releases.get_snapshot(conn, business_id, release_id).get("test_cases", [])
            if not cases:
                return {"tests": {"passed": 0, "failed": 0, "unstable": 0}, "failures": []}
            test_run_id = _gate_run(conn, business_id, release_id, cases, None)
        self._runs.execute(job, test_run_id)
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            live_id = businesses.get_business(conn, business_id)["live_release_id"]
            failures = test_runs.list_failures(conn, business_id, test_run_id)
            before = test_runs.last_statuses(conn, business_id, live_id, test_run_id)
            unknown = [
                {"test_case_id": row["test_case_id"], **row["definition"]}
                for row in failures
                if row["test_case_id"] not in before
            ]
            live_run_id = _gate_run(conn, business_id, live_id, unknown, test_run_id) if unknown else None
        if live_run_id is not None:
            self._runs.execute(job, live_run_id)
        with self._database.transaction() as conn:
            run = test_runs.get_run(conn, business_id, test_run_id)
            before = test_runs.last_statuses(conn, business_id, live_id, test_run_id)
        return {
            "tests": {"passed": run["passed"], "failed": run["failed"], "unstable": run["unstable"]},
            "failures": [_failure(row) for row in failures if before.get(row["test_case_id"]) == "passed"],
        }


def _gate_run(conn: Connection, business_id: UUID, release_id: UUID, cases: list[Row], earlier_id: UUID | None) -> UUID:
    """The run of the test cases with this release, which may have been started before this process took the job over:
    of a new release its only one, of the live release the one after `earlier_id`."""
    found = test_runs.find_gate_run(conn, business_id, release_id, earlier_id)
    if found is not None:
        return found
    test_run_id = test_runs.insert_run(conn, business_id, release_id, None, cases, repeat=_ATTEMPTS, is_gate=True)
    test_runs.set_status(conn, business_id, test_run_id, "running")
    return test_run_id


def _failure(row: Row) -> Failure:
    return {
        "test_case_id": str(row["test_case_id"]),
        "name": row["name"],
        "reason": reason_of(row["error"], row["turns"]),
    }
