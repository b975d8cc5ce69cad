"""The operator area: all businesses with their usage, all accounts, and the state of the platform."""

from typing import Any

from flask import Blueprint, Response, jsonify

from auth import require_api_key
from core.context import current_context
from repositories import platform
from routes.decorators import accepts_query, returns
from routes.pagination import creation_cursor, page_response, read_page

blueprint = Blueprint("platform", __name__)


@blueprint.get("/platform/businesses")
@require_api_key
@accepts_query("platform_list")
@returns(200, "platform_businesses")
def list_businesses(query: dict[str, Any]) -> Response:
    """List all businesses with their owners and their usage in the last seven days, newest first."""
    page = read_page({**query, "order": "newest"})
    with current_context().database.transaction() as conn:
        rows = platform.list_businesses_with_usage(conn, page, query.get("q"))
    return page_response(rows, page.limit, creation_cursor("created_at", "business_id"))


@blueprint.get("/platform/users")
@require_api_key
@accepts_query("platform_list")
@returns(200, "platform_users")
def list_users(query: dict[str, Any]) -> Response:
    """List the accounts of all staff and operators with their memberships, newest first."""
    page = read_page({**query, "order": "newest"})
    with current_context().database.transaction() as conn:
        rows = platform.list_staff(conn, page, query.get("q"))
    return page_response(rows, page.limit, creation_cursor("created_at", "user_id"))


@blueprint.get("/platform/health")
@require_api_key
@returns(200, "platform_health")
def read_health() -> Response:
    """Retrieve the state of the platform: database, processes, unfinished turns and background jobs."""
    with current_context().database.transaction() as conn:
        return jsonify(platform.describe_platform(conn))
