"""API keys of a business, managed by operators and owners. A key cannot create or revoke keys, so that a leaked key
cannot lock out its owner."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from auth import require_owner
from core.context import current_context
from core.errors import InvalidRequest
from core.validation import read_time
from repositories import api_keys, businesses
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit
from routes.pagination import creation_cursor, page_response, read_page
from security.credentials import new_business_key

blueprint = Blueprint("api_keys", __name__)


@blueprint.post("/businesses/<business_id>/api-keys")
@require_owner
@accepts("api_keys_create", optional=True)
@returns(201, "api_key_created")
def create_api_key(business_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Create a key, which is returned only once. The other keys expire now, or after `grace_seconds`."""
    expires_at = None
    if body.get("expires_at"):
        expires_at = read_time(body["expires_at"], "$.expires_at")
        if expires_at <= datetime.now(UTC):
            raise InvalidRequest.at("$.expires_at", "Must be in the future.")
    key, key_hash, prefix = new_business_key()
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, business_id)  # of two concurrent requests, the later expires the other's key
        for expired_id in api_keys.expire_keys(conn, business_id, body.get("grace_seconds", 0)):
            audit(conn, business_id, "update", "api_key", expired_id, ["expires_at"])
        row = api_keys.insert_key(conn, business_id, key_hash, prefix, expires_at)
        audit(conn, business_id, "create", "api_key", row["key_id"], [name for name in body if name == "expires_at"])
    return jsonify({"api_key": key, **row}), 201


@blueprint.get("/businesses/<business_id>/api-keys")
@require_owner
@accepts_query("page_query")
@returns(200, "api_keys")
def list_api_keys(business_id: UUID, query: dict[str, Any]) -> Response:
    """List a business's keys, including expired ones, by their first characters."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        businesses.get_business(conn, business_id)
        rows = api_keys.list_keys(conn, business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "key_id"))


@blueprint.delete("/businesses/<business_id>/api-keys/<key_id>")
@require_owner
@returns(204)
def delete_api_key(business_id: UUID, key_id: UUID) -> tuple[str, int]:
    """Revoke a key immediately."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, business_id)
        api_keys.delete_key(conn, business_id, key_id)
        audit(conn, business_id, "delete", "api_key", key_id)
    return "", 204
