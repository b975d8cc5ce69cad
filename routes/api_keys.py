"""API keys of a business, managed by operators and owners. A key cannot create or revoke keys, so that a leaked key
cannot lock out its owner."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from auth import require_owner
from core.context import current_context
from core.errors import Conflict, InvalidRequest
from core.validation import read_time
from db import Connection
from repositories import api_keys, businesses
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit
from routes.pagination import creation_cursor, page_response, read_page
from security.credentials import new_business_key

blueprint = Blueprint("api_keys", __name__)


MAX_KEYS = 100  # of a business that are valid at the same time


@blueprint.post("/businesses/<business_id>/api-keys")
@require_owner
@accepts("api_keys_create", optional=True)
@returns(201, "api_key_created", also=(409,))
def create_api_key(business_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Create a key, which is returned only once. One without a `name` replaces the others without a name.

    These expire now, or after `grace_seconds`."""
    name = body.get("name")
    if name is None and "scope" in body:
        raise InvalidRequest.at("$.name", "Required for a key with a scope.")
    if name is not None and "grace_seconds" in body:
        raise InvalidRequest.at("$.grace_seconds", "A key with a name replaces no other key. Rotate a key instead.")
    expires_at = _read_expiry(body)
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, business_id)  # of two concurrent requests, the later expires the other's key
        if name is None:
            for expired_id in api_keys.expire_unnamed_keys(conn, business_id, body.get("grace_seconds", 0)):
                audit(conn, business_id, "update", "api_key", expired_id, ["expires_at"])
        return jsonify(_insert_key(conn, business_id, expires_at, name, body.get("scope", "full"))), 201


@blueprint.post("/businesses/<business_id>/api-keys/<key_id>/rotate")
@require_owner
@accepts("api_keys_rotate", optional=True)
@returns(201, "api_key_created", also=(409,))
def rotate_api_key(business_id: UUID, key_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Create a key with the same name and scope. The key it replaces expires now, or after `grace_seconds`.

    A key is rotated once: then rotate the key that has replaced it."""
    expires_at = _read_expiry(body)
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, business_id)
        old = api_keys.get_key(conn, business_id, key_id)
        if old["is_expired"]:  # perhaps by a request that was sent twice
            raise Conflict("This key has expired.", remediation="Create a new key.")
        if old["is_rotated"]:
            raise Conflict("This key was already rotated.", remediation="Rotate or revoke the key that replaced it.")
        api_keys.set_rotated(conn, business_id, key_id, body.get("grace_seconds", 0))
        audit(conn, business_id, "update", "api_key", key_id, ["expires_at"])
        return jsonify(_insert_key(conn, business_id, expires_at, old["name"], old["scope"])), 201


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


def _read_expiry(body: dict[str, Any]) -> datetime | None:
    """When the new key is to expire. Raises InvalidRequest for a time in the past."""
    if not body.get("expires_at"):
        return None
    expires_at = read_time(body["expires_at"], "$.expires_at")
    if expires_at <= datetime.now(UTC):
        raise InvalidRequest.at("$.expires_at", "Must be in the future.")
    return expires_at


def _insert_key(
    conn: Connection, business_id: UUID, expires_at: datetime | None, name: str | None, scope: str
) -> dict[str, Any]:
    """Returns the stored key with its text. Raises Conflict if the business has too many."""
    if api_keys.count_valid_keys(conn, business_id) >= MAX_KEYS:
        raise Conflict(f"The business has {MAX_KEYS} valid keys already.", remediation="Revoke one of them first.")
    key, key_hash, prefix = new_business_key()
    row = api_keys.insert_key(conn, business_id, key_hash, prefix, expires_at, name, scope)
    fields = {"expires_at": expires_at, "name": name, "scope": scope if name else None}
    audit(conn, business_id, "create", "api_key", row["key_id"], [each for each, value in fields.items() if value])
    return {"api_key": key, **row}
