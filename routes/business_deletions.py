"""Planned deletions of businesses, which can be cancelled until their time has come."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from auth import require_business_viewer, require_owner
from background.business_deletion import plan_deletion
from core.context import current_context
from core.errors import InvalidRequest
from db import Row
from repositories import business_deletions, businesses
from routes.decorators import accepts, returns
from routes.editing import audit
from security.credentials import authenticate

blueprint = Blueprint("business_deletions", __name__)

DELAY = timedelta(days=7)


@blueprint.get("/businesses/<business_id>/deletion")
@require_business_viewer
@returns(200, "business_deletion")
def read_deletion(business_id: UUID) -> Response:
    """Check whether the business will be deleted, and when."""
    with current_context().database.transaction() as conn:
        row = business_deletions.find_deletion(conn, business_id)
    return jsonify(_as_response(row))


@blueprint.post("/businesses/<business_id>/deletion")
@require_owner
@accepts("business_deletions_create")
@returns(201, "business_deletion")
def create_deletion(business_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Delete the business with all its data in seven days. Until then everything works, and this can be cancelled."""
    caller = authenticate()
    with current_context().database.transaction() as conn:
        business = businesses.lock_business(conn, business_id)
        if body["business_name"].strip() != business["business_name"]:
            raise InvalidRequest.at("$.business_name", "Must be the name of the business.")
        actor = {"actor_type": caller.kind, "actor_id": caller.actor_id}
        row, is_new = business_deletions.insert_deletion(conn, business_id, actor, DELAY)
        if is_new:
            plan_deletion(conn, business_id, row["delete_at"])
            audit(conn, business_id, "create", "business_deletion", business_id)
    return jsonify(_as_response(row)), 201


@blueprint.delete("/businesses/<business_id>/deletion")
@require_owner
@returns(204)
def cancel_deletion(business_id: UUID) -> tuple[str, int]:
    """Cancel the planned deletion of the business."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, business_id)  # before or after a request that plans the deletion, not during it
        business_deletions.delete_deletion(conn, business_id)
        audit(conn, business_id, "delete", "business_deletion", business_id)
    return "", 204


def _as_response(row: Row | None) -> dict[str, Any]:
    return {"delete_at": row["delete_at"] if row else None, "created_at": row["created_at"] if row else None}
