"""Imports of files with orders, products or customers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request

from auth import require_business_api_key
from background.imports import importer, undoing, uploads
from background.imports.lines import UnreadableFile
from background.imports.preview import preview
from background.imports.records import NAMES, Resource, fields_of
from background.notifications import check_text
from core.context import current_context
from core.errors import Conflict, InvalidRequest, NotFound, PayloadTooLarge
from core.ids import new_id
from core.view_spec import View
from repositories import businesses, import_changes, imports
from routes.decorators import accepts, accepts_query, accepts_stream, returns
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


@blueprint.post("/imports/preview")
@require_business_api_key
@accepts_query("imports_preview_query")
@accepts_stream("text/csv", max_kb=uploads.MAX_BYTES // 1024)
@returns(200, "import_preview")
def preview_import(query: dict[str, Any], read: Callable[[int], bytes]) -> Response:
    """Show the columns and the first rows of a CSV file, and guess its encoding and the field of each column.

    The start of the file is enough. Nothing is stored. Send the result as `columns` with the import."""
    charset = request.mimetype_params.get("charset")
    uploads.find_encoding(charset)
    try:
        return jsonify(preview(query["resource"], read, charset))
    except UnreadableFile as error:
        raise InvalidRequest(str(error)) from error


@blueprint.post("/imports/<import_id>/undo")
@require_business_api_key
@accepts("business_query", optional=True)
@returns(202, "import", also=(409,))
def undo_import(import_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Undo the last import of orders, products or customers that has changed something.

    In the background, the rows that it has created are deleted, and those that it has updated get their previous
    values. Rows that were changed since are kept, and so are new customers who have conversations, orders or events. An
    import can be undone for 30 days."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)  # so that two requests cannot start it twice
        undoing.start_undo(conn, g.business_id, import_id)
        audit(conn, g.business_id, "undo", "import", import_id)
        row = imports.get_import(conn, g.business_id, import_id)
    current_context().jobs.wake_up()
    return jsonify(row), 202


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
    """Retrieve an import: its progress, its invalid lines with the reasons, and the rows that its undo has kept."""
    with current_context().database.transaction() as conn:
        row = imports.get_import(conn, g.business_id, import_id)
        invalid_lines = imports.list_problems(conn, g.business_id, import_id)
        kept_rows = import_changes.list_kept(conn, g.business_id, import_id, imports.MAX_LISTED_PROBLEMS)
    return jsonify({**row, "invalid_lines": invalid_lines, "kept_rows": kept_rows})


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
        "columns": _read_columns(resource, query["columns"]) if "columns" in query else None,
        "decimal_comma": query.get("decimal_comma", False),
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


def _read_columns(resource: Resource, text: str) -> list[str]:
    """The field of each column, "" for one to ignore. Raises InvalidRequest."""
    columns, known = [name.strip() for name in text.split(",")], fields_of(resource)
    named = [name for name in columns if name]
    if request.mimetype != "text/csv":
        raise InvalidRequest.at("$.columns", "Only for CSV.")
    if unknown := [name for name in named if name not in known]:
        raise InvalidRequest.at("$.columns", f"Unknown field {unknown[0][:50]}. The fields are: {', '.join(known)}.")
    if len(set(named)) < len(named):
        raise InvalidRequest.at("$.columns", "Each field can be assigned to one column only.")
    if NAMES[resource][0] not in named:
        raise InvalidRequest.at("$.columns", f"One column must be {NAMES[resource][0]}.")
    return columns
