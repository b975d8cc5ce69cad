"""Whether a draft is published depends on its test cases: none may fail that passes with the live release."""

from typing import Any, TypedDict
from uuid import UUID

from background import jobs
from background.jobs import Job, Kind
from db import Connection, Database, Row
from message_processing.test_cases.result import is_unanswered, reason_of
from message_processing.test_cases.runs import CaseRuns
from repositories import audit_log, businesses, release_checks, release_trials, test_runs

_KIND = "check_release"
_ATTEMPTS = 3  # of a test case that fails; if one of them passes, it is unstable and no reason to refuse the release


class Failure(TypedDict):
    """A test case because of which a release is refused."""

    test_case_id: str
    name: str
    reason: str


class CheckResult(TypedDict):
    """What the test cases say about a release. If it is refused, `reason` says why."""

    test_run_id: str | None
    passed: int
    failed: int
    unstable: int
    failures: list[Failure]
    reason: str | None


def start_check(conn: Connection, business_id: UUID, release_id: UUID, percent: int | None) -> None:
    """Check a stored draft in the background, and publish it then, or with `percent` start a trial. The caller has
    locked the business."""
    release_checks.mark_checking(conn, business_id, release_id)
    jobs.add(conn, _KIND, business_id, {"release_id": str(release_id), "percent": percent})


class ReleaseChecks:
    """Checks releases. After a restart, a check continues with the test cases that have no result yet."""

    def __init__(self, database: Database, runs: CaseRuns) -> None:
        self._database, self._runs = database, runs

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of these jobs, for the runner."""
        return (Kind(_KIND, self._run, give_up=_give_up),)

    def _run(self, job: Job) -> None:
        release_id = UUID(job.payload["release_id"])
        run_id = self._run_cases(job, release_id)
        if run_id is None:
            return
        live_run_id = self._run_failed_with_live_release(job, release_id, run_id)
        with self._database.transaction() as conn:
            businesses.lock_business(conn, job.business_id)
            job.checkpoint(conn)
            release = release_checks.find_checking(conn, job.business_id, release_id)
            if release is not None:
                result = _result_of(conn, job.business_id, run_id, live_run_id)
                _end_check(conn, job.business_id, release, result, job.payload["percent"])

    def _run_cases(self, job: Job, release_id: UUID) -> UUID | None:
        """Run all test cases of the release. Returns the ID of the test run, None if the check was stopped."""
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            release = release_checks.find_checking(conn, job.business_id, release_id)
            if release is None:
                return None
            run_id = _test_run(conn, job.business_id, release_id, release_id, release["test_cases"])
        self._runs.run_cases(job, run_id)
        return run_id

    def _run_failed_with_live_release(self, job: Job, release_id: UUID, run_id: UUID) -> UUID | None:
        """Run the test cases that have failed with the live release. Returns the ID of the test run, None if there was
        nothing to run."""
        business_id = job.business_id
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            release = release_checks.find_checking(conn, business_id, release_id)
            failed = {str(row["test_case_id"]) for row in _failed(conn, business_id, run_id)}
            if release is None or not failed or test_runs.get_status(conn, business_id, run_id) != "finished":
                return None
            live_id = businesses.get_business(conn, business_id)["live_release_id"]
            cases = [case for case in release["test_cases"] if case["test_case_id"] in failed]
            live_run_id = _test_run(conn, business_id, release_id, live_id, cases)
        self._runs.run_cases(job, live_run_id)
        return live_run_id


def _test_run(
    conn: Connection, business_id: UUID, checked_id: UUID, release_id: UUID, cases: list[dict[str, Any]]
) -> UUID:
    """The test run of a check with this release. An earlier process may have started it."""
    found = test_runs.find_check(conn, business_id, checked_id, release_id)
    if found is not None:
        return found
    run_id = test_runs.insert_run(
        conn, business_id, release_id, None, cases, repeat=_ATTEMPTS, checked_release_id=checked_id
    )
    test_runs.set_status(conn, business_id, run_id, "running")
    return run_id


def _failed(conn: Connection, business_id: UUID, run_id: UUID) -> list[Row]:
    results = test_runs.list_results(conn, business_id, run_id)
    return [row for row in results if row["status"] in ("failed", "error")]


def _result_of(conn: Connection, business_id: UUID, run_id: UUID, live_run_id: UUID | None) -> CheckResult:
    run = test_runs.get_run(conn, business_id, run_id)
    runs = [run, test_runs.get_run(conn, business_id, live_run_id)] if live_run_id else [run]
    of_live = test_runs.list_results(conn, business_id, live_run_id) if live_run_id else []
    passed_before = {row["test_case_id"] for row in of_live if row["status"] == "passed"}
    failures: list[Failure] = [
        {"test_case_id": str(row["test_case_id"]), "name": row["name"], "reason": reason_of(row["error"], row["turns"])}
        for row in _failed(conn, business_id, run_id)
        if row["test_case_id"] in passed_before or is_unanswered(row["status"], row["turns"])
    ]
    reason = "Test cases fail that pass with the live release, or get no answer." if failures else None
    if any(each["status"] != "finished" for each in runs):
        reason = "The test run was cancelled."
    return {
        "test_run_id": str(run_id),
        "passed": run["passed"],
        "failed": run["failed"],
        "unstable": run["unstable"],
        "failures": failures,
        "reason": reason,
    }


def _end_check(conn: Connection, business_id: UUID, release: Row, result: CheckResult, percent: int | None) -> None:
    """Publish the release or start its trial, unless the result refuses it."""
    release_id, is_refused = release["release_id"], result["reason"] is not None
    release_checks.end_check(conn, business_id, release_id, dict(result), is_refused=is_refused)
    if not is_refused and percent is not None:
        release_trials.set_trial(conn, business_id, release_id, percent)
    elif not is_refused:
        release_checks.publish_checked(conn, business_id, release_id)
        release_trials.end_trial(conn, business_id)
    audit_log.insert_entry(
        conn,
        business_id,
        {
            "actor_type": release["author_type"],
            "actor_id": release["author_id"],
            "action": "refuse" if is_refused else "publish",
            "resource": "release",
            "resource_id": release_id,
            "fields": ["trial_percent"] if percent else [],
            "request_id": None,
        },
    )


def _give_up(conn: Connection, job: Job) -> None:
    """After errors of the server, nothing is known about the release."""
    business_id, release_id = job.business_id, UUID(job.payload["release_id"])
    businesses.lock_business(conn, business_id)
    release = release_checks.find_checking(conn, business_id, release_id)
    if release is not None:
        release_checks.end_runs(conn, business_id, release_id, "failed")
        result: CheckResult = {
            "test_run_id": None,
            "passed": 0,
            "failed": 0,
            "unstable": 0,
            "failures": [],
            "reason": "The test cases could not run.",
        }
        _end_check(conn, business_id, release, result, percent=None)
