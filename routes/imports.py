"""Imports of files with orders, products or customers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request

from auth import require_business_api_key
from background.imports import importer, uploads
from background.imports.records import Resource
from background.notifications import check_text
from core.context import current_context
from core.errors import Conflict, NotFound, PayloadTooLarge
from core.ids import new_id
from core.view_spec import View
from repositories import businesses, imports
from routes.decorators import accepts_query, accepts_stream, returns
from routes.editing import audit
from routes.pagination import creation_cursor, page_response, read_page

blueprint = Blueprint("imports", __name__)

MAX_UNFINISHED = 5  # imports per business, which limits the files that are stored
_FORMATS = {"text/csv": "csv", "application/x-ndjson": "ndjson"}


def _accepts_file(view: View) -> View:
    return accepts_stream(*_FORMATS, max_kb=uploads.MAX_BYTES // 1024)(view)


@blueprint.post("/imports/orders")
@require_business_api_key
@accepts_query("order_imports_query")
@_accepts_file
@returns(202, "import", also=(409,))
def import_orders(query: dict[str, Any], read: Callable[[int], bytes]) -> tuple[Response, int]:
    """Create or update the orders of a CSV or NDJSON file of up to 50 MB, by `order_number`.

    The file is imported in the background. The columns are the fields of PUT /orders/by-number/{order_number}, those of
    the customer as `user.external_id`, `user.email` and so on."""
    if "notify_text" in query:
        check_text(query["notify_text"], "$.notify_text")
        return _receive("orders", query, read, {"field": query["notify_field"], "text": query["notify_text"]})
    return _receive("orders", query, read, None)


@blueprint.post("/imports/products")
@require_business_api_key
@accepts_query("imports_query")
@_accepts_file
@returns(202, "import", also=(409,))
def import_products(query: dict[str, Any], read: Callable[[int], bytes]) -> tuple[Response, int]:
    """Create or update the products of a CSV or NDJSON file of up to 50 MB, by `sku`."""
    return _receive("products", query, read, None)


@blueprint.post("/imports/users")
@require_business_api_key
@accepts_query("imports_query")
@_accepts_file
@returns(202, "import", also=(409,))
def import_users(query: dict[str, Any], read: Callable[[int], bytes]) -> tuple[Response, int]:
    """Create or update the customers of a CSV or NDJSON file of up to 50 MB, by `external_id`."""
    return _receive("users", query, read, None)


@blueprint.get("/imports")
@require_business_api_key
@accepts_query("page_query")
@returns(200, "imports")
def list_imports(query: dict[str, Any]) -> Response:
    """List the imports of a business, newest first."""
    page = read_page({**query, "order": "newest"})
    with current_context().database.transaction() as conn:
        rows = imports.list_imports(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "import_id"))


@blueprint.get("/imports/<import_id>")
@require_business_api_key
@returns(200, "import_detail")
def read_import(import_id: UUID) -> Response:
    """Retrieve an import: its progress, and its invalid lines with the reasons."""
    with current_context().database.transaction() as conn:
        row = imports.get_import(conn, g.business_id, import_id)
        return jsonify({**row, "invalid_lines": imports.list_problems(conn, g.business_id, import_id)})


def _receive(
    resource: Resource, query: dict[str, Any], read: Callable[[int], bytes], notify: dict[str, str] | None
) -> tuple[Response, int]:
    """Store the file while it arrives, and start the import."""
    database, import_id = current_context().database, new_id()
    charset = request.mimetype_params.get("charset")
    uploads.find_encoding(charset)
    options = {
        "resource": resource,
        "format": _FORMATS[request.mimetype],
        "dry_run": query.get("dry_run", False),
        "ignore_unknown": query.get("ignore_unknown", False),
        "notify": notify,
    }
    with database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)  # so that two requests cannot exceed the limit
        if imports.count_unfinished(conn, g.business_id) >= MAX_UNFINISHED:
            raise Conflict(f"{MAX_UNFINISHED} imports are not finished.", remediation="Wait until one has ended.")
        imports.insert_import(conn, g.business_id, import_id, options)
        importer.expect_upload(conn, g.business_id, import_id)
    try:
        for number, chunk in enumerate(uploads.read_chunks(read, charset)):
            with database.transaction() as conn:
                imports.append_chunk(conn, g.business_id, import_id, number, chunk)
        with database.transaction() as conn:
            if not importer.start_import(conn, g.business_id, import_id):
                raise NotFound("The upload took too long.", remediation="Send the file again.")
            audit(conn, g.business_id, "create", "import", import_id, [resource])
            row = imports.get_import(conn, g.business_id, import_id)
    except Exception as error:
        failure = error.message if isinstance(error, PayloadTooLarge) else "The upload was interrupted."
        with database.transaction() as conn:
            imports.end_import(conn, g.business_id, import_id, failure)
        raise
    current_context().jobs.wake_up()
    return jsonify(row), 202
