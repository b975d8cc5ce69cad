"""Runs of test cases."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import Conflict, NotFound
from db import Connection
from message_processing.test_cases.runs import start_run
from repositories import businesses, stages, test_cases, test_runs
from routes.chosen_release import chosen_release
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit
from routes.pagination import creation_cursor, page_response, read_page

blueprint = Blueprint("test_runs", __name__)

MAX_UNFINISHED = 10  # of a business


@blueprint.post("/test-runs")
@require_business_api_key
@accepts("test_runs_create", optional=True)
@returns(202, "test_run_created", also=(404, 409))
def create_test_run(body: dict[str, Any]) -> tuple[Response, int]:
    """Run test cases in the background. Nothing of their conversations is stored."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)
        if test_runs.count_unfinished(conn, g.business_id) >= MAX_UNFINISHED:
            raise Conflict("Too many test runs are waiting.", remediation="Cancel one, or wait until one has finished.")
        cases = _cases(conn, body)
        release_id, draft = chosen_release(conn, g.business_id, body.get("release", "draft"))
        test_run_id = start_run(conn, g.business_id, release_id, draft, cases, repeat=body.get("repeat", 1))
        audit(conn, g.business_id, "create", "test_run", test_run_id, body)
    current_context().jobs.wake_up()
    return jsonify({"test_run_id": test_run_id}), 202


@blueprint.get("/test-runs")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "test_runs")
def list_test_runs(query: dict[str, Any]) -> Response:
    """List the latest 100 test runs without their results, newest first."""
    page = read_page({**query, "order": "newest"})
    with current_context().database.transaction() as conn:
        rows = test_runs.list_runs(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "test_run_id"))


@blueprint.get("/test-runs/<test_run_id>")
@require_business_viewer
@returns(200, "test_run_detail")
def read_test_run(test_run_id: UUID) -> Response:
    """Retrieve a test run with its results."""
    with current_context().database.transaction() as conn:
        return jsonify(_detail(conn, test_run_id))


@blueprint.post("/test-runs/<test_run_id>/cancel")
@require_business_api_key
@returns(200, "test_run_detail", also=(404, 409))
def cancel_test_run(test_run_id: UUID) -> Response:
    """Cancel a test run. The test cases that are running are still finished. The results so far are kept."""
    with current_context().database.transaction() as conn:
        test_runs.get_run(conn, g.business_id, test_run_id)
        if test_runs.lock_run(conn, g.business_id, test_run_id) not in ("waiting", "running"):
            raise Conflict("The test run has ended.")
        test_runs.set_status(conn, g.business_id, test_run_id, "cancelled")
        audit(conn, g.business_id, "cancel", "test_run", test_run_id)
        return jsonify(_detail(conn, test_run_id))


def _detail(conn: Connection, test_run_id: UUID) -> dict[str, Any]:
    run = test_runs.get_run(conn, g.business_id, test_run_id)
    return {**run, "results": test_runs.list_results(conn, g.business_id, test_run_id)}


def _cases(conn: Connection, body: dict[str, Any]) -> list[dict[str, Any]]:
    """The definitions of the test cases that the body names. Raises NotFound, and Conflict if there is none."""
    if "stage_id" in body:
        stages.get_stage(conn, g.business_id, UUID(body["stage_id"]))
    cases = test_cases.list_definitions(conn, g.business_id, body.get("test_case_ids"), body.get("stage_id"))
    found = {case["test_case_id"] for case in cases}
    if any(UUID(test_case_id) not in found for test_case_id in body.get("test_case_ids", [])):
        raise NotFound("Test case not found.")
    if not cases:
        raise Conflict("There are no test cases to run.")
    return cases
