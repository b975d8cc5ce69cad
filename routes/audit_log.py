"""The audit log: every change, with its author and time."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g

from auth import require_any_key
from core.context import current_context
from db import Database, Row
from repositories import audit_log
from repositories.page import Page
from routes.csv_files import csv_lines
from routes.decorators import accepts_query, returns
from routes.pagination import creation_cursor, page_response, read_filters, read_page

blueprint = Blueprint("audit_log", __name__)

_COLUMNS = ("created_at", "actor_type", "actor_name", "actor_id", "action", "resource", "resource_id", "fields")
ROWS_AT_A_TIME = 500


@blueprint.get("/audit-log")
@require_any_key
@accepts_query("audit_log_list")
@returns(200, "audit_log")
def list_audit_log(query: dict[str, Any]) -> Response:
    """List changes of a business's resources, with author and time. Operators can omit the business."""
    page = read_page(query)
    list_rows = audit_log.list_latest_entries if page.is_newest_first else audit_log.list_entries
    with current_context().database.transaction() as conn:
        rows = list_rows(conn, g.business_id, page, read_filters(query))
    return page_response(rows, page.limit, creation_cursor("created_at", "entry_id"))


@blueprint.get("/audit-log/csv")
@require_any_key
@accepts_query("audit_log_csv_query")
@returns(200, media_type="text/csv")
def download_audit_log(query: dict[str, Any]) -> Response:
    """Download the entries of the audit log that match the filters as CSV, newest first."""
    pieces = _csv_pieces(current_context().database, g.business_id, read_filters(query))
    headers = {"Content-Disposition": "attachment; filename=audit-log.csv"}
    return Response(pieces, content_type="text/csv; charset=utf-8", headers=headers)


def _csv_pieces(database: Database, business_id: UUID | None, filters: dict[str, Any]) -> Iterator[bytes]:
    """The file, while the rows are read in short transactions."""
    yield csv_lines([_COLUMNS])
    page: Page | None = read_page({"order": "newest", "limit": ROWS_AT_A_TIME})
    while page is not None:
        with database.transaction() as conn:
            rows = audit_log.list_latest_entries(conn, business_id, page, filters)
        yield csv_lines([_cells(row) for row in rows[: page.limit]])
        last = rows[page.limit - 1] if len(rows) > page.limit else None
        page = replace(page, after_time=last["created_at"], after_id=last["entry_id"]) if last else None


def _cells(row: Row) -> list[Any]:
    return [", ".join(row[name]) if name == "fields" else row[name] for name in _COLUMNS]
