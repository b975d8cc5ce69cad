"""Businesses: created by operators and, with SIGNUP=open, by users; read and updated by themselves."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from auth import (
    require_api_key,
    require_business_api_key,
    require_business_viewer,
    require_login_if_signup_is_open,
)
from background.business_deletion import delete_business as delete_with_data
from core.context import current_context
from core.errors import Conflict, Forbidden, InvalidRequest
from db import Connection
from repositories import accounts, api_keys, budgets, businesses, invitations, releases, stages, users
from routes.decorators import accepts, accepts_query, returns
from routes.drafts import check_publishing
from routes.editing import audit, author, changed_fields, editing
from routes.etags import check_if_match, with_etag
from routes.links import unverified_account
from routes.model import check_secret, checked_settings
from routes.pagination import creation_cursor, page_response, read_page
from security.credentials import authenticate, new_business_key

blueprint = Blueprint("businesses", __name__)

_PROFILE = {"business_description": None, "address": None, "phone_number": None, "website": None}


@blueprint.post("/businesses")
@require_login_if_signup_is_open
@accepts("businesses_create")
@returns(201, "business_created", also=(409,))
def create_business(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a business with its first key, which is returned only once."""
    key, key_hash, prefix = new_business_key()
    with current_context().database.transaction() as conn:
        owner_id = _owner_by_operator(conn, body) if authenticate().is_operator else _owner_by_user(conn, body)
        values = {**_PROFILE, **body, "owner_id": owner_id}
        business_id = businesses.insert_business(conn, values)
        audit(conn, business_id, "create", "business", business_id, body)
        key_row = api_keys.insert_key(conn, business_id, key_hash, prefix)
        audit(conn, business_id, "create", "api_key", key_row["key_id"])
        businesses.lock_business(conn, business_id)
        releases.publish(conn, business_id, author())
    return jsonify({"message": "Business created", "business_id": business_id, "api_key": key}), 201


def _owner_by_operator(conn: Connection, body: dict[str, Any]) -> UUID:
    """The owner that an operator names, who may be a new user."""
    if "owner" in body:
        owner_id = users.insert_user(conn, None, body["owner"])
        audit(conn, None, "create", "user", owner_id, body["owner"])
        return owner_id
    if "owner_id" not in body:
        raise InvalidRequest.at("$", "One of these is required: `owner_id` or `owner`.")
    owner_id = UUID(body["owner_id"])
    invitations.delete_invitation(conn, owner_id)  # an existing link must not grant ownership
    owner = users.lock_staff(conn, owner_id)
    if owner is None:
        raise InvalidRequest(
            "Owner not found.",
            details=[{"path": "$.owner_id", "message": "Must be a user who is not a customer."}],
            remediation="Create the owner with POST /users, or send `owner` with a name and an email.",
        )
    if owner["needs_proof"]:
        raise unverified_account()
    return owner_id


def _owner_by_user(conn: Connection, body: dict[str, Any]) -> UUID:
    """The signed-in user, who may own the business that they create."""
    user_id = authenticate().user_id
    assert user_id is not None  # guaranteed by `require_login_if_signup_is_open`
    if "owner" in body or UUID(body.get("owner_id", str(user_id))) != user_id:
        raise Forbidden("You can only create businesses of your own.", remediation="Leave out the owner.")
    if accounts.owns_too_many(conn, user_id):
        raise Conflict(f"You own {accounts.MAX_OWNED_BUSINESSES} businesses already.", remediation="Delete one first.")
    return user_id


@blueprint.get("/businesses")
@require_api_key
@accepts_query("page_query")
@returns(200, "businesses")
def list_businesses(query: dict[str, Any]) -> Response:
    """List all businesses."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = businesses.list_businesses(conn, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "business_id"))


@blueprint.get("/businesses/<business_id>")
@require_business_viewer
@returns(200, "business")
def read_business(business_id: UUID) -> Response:
    """Retrieve a business."""
    with current_context().database.transaction() as conn:
        return with_etag(businesses.get_business(conn, business_id))


@blueprint.put("/businesses/<business_id>")
@require_business_api_key
@accepts("businesses_update")
@returns(200, "business", also=(409, 412))
def update_business(business_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a business."""
    with editing(business_id) as conn:
        row = businesses.get_business(conn, business_id)
        check_if_match(row)
        if body.get("default_stage_id"):
            stages.get_stage(conn, business_id, UUID(body["default_stage_id"]))
        if "settings" in body:
            body["settings"] = checked_settings(row["settings"], body["settings"], "$.settings")
            check_secret(conn, business_id, body["settings"], "$.settings")
            check_publishing(conn, business_id, row["settings"], body["settings"])
            if "budget" in body["settings"] and "budget" not in row["settings"]:
                budgets.forget(conn, business_id)
        changed = businesses.update_business(conn, business_id, {**row, **body})
        audit(conn, business_id, "update", "business", business_id, changed_fields(row, changed))
    return with_etag(changed)


@blueprint.delete("/businesses/<business_id>")
@require_api_key
@returns(204)
def delete_business(business_id: UUID) -> tuple[str, int]:
    """Delete a business and all its data. If this is interrupted, send the request again."""
    delete_with_data(
        current_context().database,
        business_id,
        # In the platform's log: the business's own is deleted.
        lambda conn: audit(conn, None, "delete", "business", business_id),
    )
    return "", 204
