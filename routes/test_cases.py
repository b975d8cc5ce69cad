"""Test cases: conversations with what is expected of each answer."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import Conflict, InvalidRequest
from core.patterns import is_valid_pattern
from core.validation import validate
from db import Connection
from message_processing.test_cases.from_conversation import read_case
from repositories import stages, test_cases
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields, editing
from routes.etags import check_if_match, with_etag
from routes.pagination import creation_cursor, page_response, read_page

blueprint = Blueprint("test_cases", __name__)

MAX_CASES = 500  # of a business
MAX_BYTES = 4 * 1024**2  # together
MAX_BODY_KB = 64


@blueprint.post("/test-cases")
@require_business_api_key
@accepts("test_cases_create", max_kb=MAX_BODY_KB)
@returns(201, "test_case_created", also=(404, 409))
def create_test_case(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a test case."""
    check_case(body)
    with editing(g.business_id) as conn:
        _check_stage(conn, body)
        test_case_id = test_cases.insert_case(conn, g.business_id, body)
        check_size(conn)
        audit(conn, g.business_id, "create", "test_case", test_case_id, body)
    return jsonify({"test_case_id": test_case_id}), 201


@blueprint.post("/test-cases/from-conversation")
@require_business_api_key
@accepts("test_cases_from_conversation")
@returns(201, "test_case_created", also=(404, 409))
def create_from_conversation(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a test case from a conversation. It expects the stages and fields of its turns.

    If staff have rated the last answer as bad, neither its stage nor its fields are expected. Their correct answer, if
    there is one, is what a model judges the answer by.
    """
    turn_id = UUID(body["turn_id"]) if "turn_id" in body else None
    with editing(g.business_id) as conn:
        values = read_case(conn, g.business_id, UUID(body["conversation_id"]), turn_id)
        test_case_id = insert_made_case(conn, values)
        audit(conn, g.business_id, "create", "test_case", test_case_id, values)
    return jsonify({"test_case_id": test_case_id}), 201


@blueprint.get("/test-cases")
@require_business_viewer
@accepts_query("test_cases_list")
@returns(200, "test_cases")
def list_test_cases(query: dict[str, Any]) -> Response:
    """List test cases with their latest results, optionally only those of one stage."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = test_cases.list_cases(conn, g.business_id, page, query.get("stage_id"))
    return page_response(rows, page.limit, creation_cursor("created_at", "test_case_id"))


@blueprint.get("/test-cases/<test_case_id>")
@require_business_viewer
@returns(200, "test_case")
def read_test_case(test_case_id: UUID) -> Response:
    """Retrieve a test case."""
    with current_context().database.transaction() as conn:
        return with_etag(test_cases.get_case(conn, g.business_id, test_case_id))


@blueprint.put("/test-cases/<test_case_id>")
@require_business_api_key
@accepts("test_cases_update", max_kb=MAX_BODY_KB)
@returns(200, "test_case", also=(404, 412))
def update_test_case(test_case_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a test case."""
    check_case(body)
    with editing(g.business_id) as conn:
        row = test_cases.get_case(conn, g.business_id, test_case_id)
        check_if_match(row)
        _check_stage(conn, body)
        changed = test_cases.update_case(conn, g.business_id, test_case_id, {**row, **body})
        check_size(conn)
        audit(conn, g.business_id, "update", "test_case", test_case_id, changed_fields(row, changed))
    return with_etag(changed)


@blueprint.delete("/test-cases/<test_case_id>")
@require_business_api_key
@returns(204)
def delete_test_case(test_case_id: UUID) -> tuple[str, int]:
    """Delete a test case. Its results are kept."""
    with editing(g.business_id) as conn:
        test_cases.get_case(conn, g.business_id, test_case_id)
        test_cases.delete_case(conn, g.business_id, test_case_id)
        audit(conn, g.business_id, "delete", "test_case", test_case_id)
    return "", 204


def insert_made_case(conn: Connection, values: dict[str, Any]) -> UUID:
    """Create a test case that was made from a conversation. Raises Conflict if it is too large for a test case."""
    try:
        validate(values, "test_cases_create")
        check_case(values)
    except InvalidRequest as error:
        raise Conflict("This conversation cannot become a test case.", details=error.details) from error
    test_case_id = test_cases.insert_case(conn, g.business_id, values)
    check_size(conn)
    return test_case_id


def check_size(conn: Connection) -> None:
    """Raises Conflict if the business has too many test cases by now. Each release contains all of them."""
    number, size = test_cases.measure_cases(conn, g.business_id)
    if number > MAX_CASES or size > MAX_BYTES:
        raise Conflict(
            f"A business has at most {MAX_CASES} test cases, of {MAX_BYTES // 1024**2} MB together.",
            remediation="Delete some first.",
        )


def _check_stage(conn: Connection, body: dict[str, Any]) -> None:
    if body.get("stage_id") is not None:
        stages.get_stage(conn, g.business_id, UUID(body["stage_id"]))


def check_case(body: dict[str, Any]) -> None:
    """Raises InvalidRequest for a test case that could not run: a pattern that cannot be used, or data that cannot be
    stored."""
    for index, turn in enumerate(body.get("turns", [])):
        pattern = turn.get("expect", {}).get("reply", {}).get("matches")
        if pattern is not None and not is_valid_pattern(pattern):
            raise InvalidRequest.at(
                f"$.turns[{index}].expect.reply.matches", "Must be a regular expression that RE2 accepts."
            )
    for name, key in (("orders", "order_number"), ("products", "sku")):
        known: set[str] = set()
        for index, row in enumerate(body.get("data", {}).get(name, [])):
            if row.get(key) in known:
                raise InvalidRequest.at(f"$.data.{name}[{index}].{key}", "Another one has the same.")
            known |= {row[key]} if row.get(key) is not None else set()
