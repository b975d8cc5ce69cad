"""Secrets of a business for calls to other systems. Values can be set, but never read."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key
from core.context import current_context
from core.errors import Conflict
from core.ids import new_id
from repositories import businesses, secrets
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit
from routes.pagination import page_response, read_text_page

blueprint = Blueprint("secrets", __name__)

MAX_SECRETS = 100  # per business


@blueprint.post("/secrets")
@require_business_api_key
@accepts("secrets_create")
@returns(201, "secret_created", also=(409,))
def create_secret(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a secret, which calls to other systems use as `{secret.name}`. A business has at most 100."""
    secret_id = new_id()
    value = current_context().cipher.encrypt(body["value"], g.business_id, secret_id)
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)  # so that two requests cannot exceed the limit
        if secrets.count_secrets(conn, g.business_id) >= MAX_SECRETS:
            raise Conflict(f"There are already {MAX_SECRETS} secrets.", remediation="Delete one that is not used.")
        secrets.insert_secret(conn, g.business_id, secret_id, body["name"], value)
        audit(conn, g.business_id, "create", "secret", secret_id, body)
    return jsonify({"secret_id": secret_id}), 201


@blueprint.get("/secrets")
@require_business_api_key
@accepts_query("page_query")
@returns(200, "secrets")
def list_secrets(query: dict[str, Any]) -> Response:
    """List secrets in the order of their names, without their values."""
    after_name, limit = read_text_page(query)
    with current_context().database.transaction() as conn:
        rows = secrets.list_secrets(conn, g.business_id, after_name, limit + 1)
    return page_response(rows, limit, lambda row: str(row["name"]))


@blueprint.get("/secrets/<secret_id>")
@require_business_api_key
@returns(200, "secret")
def read_secret(secret_id: UUID) -> Response:
    """Retrieve a secret without its value."""
    with current_context().database.transaction() as conn:
        return jsonify(secrets.get_secret(conn, g.business_id, secret_id))


@blueprint.put("/secrets/<secret_id>")
@require_business_api_key
@accepts("secrets_update")
@returns(200, "secret")
def update_secret(secret_id: UUID, body: dict[str, Any]) -> Response:
    """Replace the value of a secret. Later calls use the new value."""
    value = current_context().cipher.encrypt(body["value"], g.business_id, secret_id)
    with current_context().database.transaction() as conn:
        secrets.get_secret(conn, g.business_id, secret_id)
        secrets.replace_value(conn, g.business_id, secret_id, value)
        audit(conn, g.business_id, "update", "secret", secret_id, ["value"])
        return jsonify(secrets.get_secret(conn, g.business_id, secret_id))


@blueprint.delete("/secrets/<secret_id>")
@require_business_api_key
@returns(204)
def delete_secret(secret_id: UUID) -> tuple[str, int]:
    """Delete a secret. Calls that use it fail from then on."""
    with current_context().database.transaction() as conn:
        secrets.get_secret(conn, g.business_id, secret_id)
        secrets.delete_secret(conn, g.business_id, secret_id)
        audit(conn, g.business_id, "delete", "secret", secret_id)
    return "", 204
