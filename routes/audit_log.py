"""The audit log: every change, with its author and time."""

from typing import Any

from flask import Blueprint, Response, g

from auth import require_any_key
from core.context import current_context
from repositories import audit_log
from routes.decorators import accepts_query, returns
from routes.pagination import creation_cursor, page_response, read_filters, read_page

blueprint = Blueprint("audit_log", __name__)


@blueprint.get("/audit-log")
@require_any_key
@accepts_query("audit_log_list")
@returns(200, "audit_log")
def list_audit_log(query: dict[str, Any]) -> Response:
    """List changes of a business's resources, with author and time. Operators can omit the business."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = audit_log.list_entries(conn, g.business_id, page, read_filters(query))
    return page_response(rows, page.limit, creation_cursor("created_at", "entry_id"))
