"""Exports: files with all data of a business."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_owner
from background.exports.exporter import start_export
from core.context import current_context
from core.errors import Conflict, NotFound
from db import Database
from repositories import businesses, exports
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit
from routes.pagination import creation_cursor, page_response, read_page

blueprint = Blueprint("exports", __name__)


@blueprint.post("/exports")
@require_owner
@accepts("exports_create", optional=True)
@returns(202, "export", also=(409,))
def create_export(body: dict[str, Any]) -> tuple[Response, int]:
    """Write all data of the business into a ZIP file with one JSON object per line, in the background.

    The file is kept for seven days, or until the next export. It contains no passwords, keys or values of secrets."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)  # so that two requests cannot start two exports
        if exports.has_unfinished(conn, g.business_id):
            raise Conflict("An export is not finished.", remediation="Wait until it has ended.")
        row = exports.insert_export(conn, g.business_id)
        start_export(conn, g.business_id, row["export_id"])
        audit(conn, g.business_id, "create", "export", row["export_id"])
    current_context().jobs.wake_up()
    return jsonify(row), 202


@blueprint.get("/exports")
@require_owner
@accepts_query("page_query")
@returns(200, "exports")
def list_exports(query: dict[str, Any]) -> Response:
    """List the exports of a business, newest first."""
    page = read_page({**query, "order": "newest"})
    with current_context().database.transaction() as conn:
        rows = exports.list_exports(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "export_id"))


@blueprint.get("/exports/<export_id>")
@require_owner
@returns(200, "export")
def read_export(export_id: UUID) -> Response:
    """Retrieve an export and its progress."""
    with current_context().database.transaction() as conn:
        return jsonify(exports.get_export(conn, g.business_id, export_id))


@blueprint.get("/exports/<export_id>/file")
@require_owner
@returns(200, media_type="application/zip", also=(409,))
def download_export(export_id: UUID) -> Response:
    """Download the file of a finished export."""
    database = current_context().database
    with database.transaction() as conn:
        row = exports.get_export(conn, g.business_id, export_id)
        if row["status"] != "finished":
            raise Conflict("The export is not finished.", remediation="Wait until its status is `finished`.")
        audit(conn, g.business_id, "download", "export", export_id)
    headers = {
        "Content-Disposition": f"attachment; filename=icmp-export-{row['created_at']:%Y-%m-%d}.zip",
        "Content-Length": str(row["bytes"]),
    }
    return Response(_chunks(database, g.business_id, export_id), mimetype="application/zip", headers=headers)


@blueprint.delete("/exports/<export_id>")
@require_owner
@returns(204)
def delete_export(export_id: UUID) -> tuple[str, int]:
    """Delete an export with its file. If it is not finished, it ends."""
    with current_context().database.transaction() as conn:
        if not exports.delete_export(conn, g.business_id, export_id):
            raise NotFound("Export not found.")
        audit(conn, g.business_id, "delete", "export", export_id)
    return "", 204


def _chunks(database: Database, business_id: UUID, export_id: UUID) -> Iterator[bytes]:
    number = 0
    while True:
        with database.transaction() as conn:
            chunk = exports.read_chunk(conn, business_id, export_id, number)
        if not chunk:
            return
        yield chunk
        number += 1
