"""Saved views: filters of the analytics that the owners of a business have saved under a name."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key
from core.context import current_context
from repositories import analytics_views
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields
from routes.pagination import page_response, read_text_page

blueprint = Blueprint("analytics_views", __name__)


@blueprint.post("/analytics/views")
@require_business_api_key
@accepts("analytics_views_create")
@returns(201, "analytics_view_created", also=(409,))
def create_view(body: dict[str, Any]) -> tuple[Response, int]:
    """Save filters of the analytics under a name."""
    with current_context().database.transaction() as conn:
        view_id = analytics_views.insert_view(conn, g.business_id, body)
        audit(conn, g.business_id, "create", "analytics_view", view_id, body)
    return jsonify({"view_id": view_id}), 201


@blueprint.get("/analytics/views")
@require_business_api_key
@accepts_query("page_query")
@returns(200, "analytics_views")
def list_views(query: dict[str, Any]) -> Response:
    """List saved views in the order of their names."""
    after_name, limit = read_text_page(query)
    with current_context().database.transaction() as conn:
        rows = analytics_views.list_views(conn, g.business_id, after_name, limit + 1)
    return page_response(rows, limit, lambda row: str(row["name"]))


@blueprint.get("/analytics/views/<view_id>")
@require_business_api_key
@returns(200, "analytics_view")
def read_view(view_id: UUID) -> Response:
    """Retrieve a saved view."""
    with current_context().database.transaction() as conn:
        return jsonify(analytics_views.get_view(conn, g.business_id, view_id))


@blueprint.put("/analytics/views/<view_id>")
@require_business_api_key
@accepts("analytics_views_update")
@returns(200, "analytics_view", also=(409,))
def update_view(view_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a saved view."""
    with current_context().database.transaction() as conn:
        row = analytics_views.lock_view(conn, g.business_id, view_id)
        changed = analytics_views.update_view(conn, g.business_id, view_id, {**row, **body})
        audit(conn, g.business_id, "update", "analytics_view", view_id, changed_fields(row, changed))
    return jsonify(changed)


@blueprint.delete("/analytics/views/<view_id>")
@require_business_api_key
@returns(204)
def delete_view(view_id: UUID) -> tuple[str, int]:
    """Delete a saved view."""
    with current_context().database.transaction() as conn:
        analytics_views.lock_view(conn, g.business_id, view_id)
        analytics_views.delete_view(conn, g.business_id, view_id)
        audit(conn, g.business_id, "delete", "analytics_view", view_id)
    return "", 204
