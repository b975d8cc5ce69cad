"""Users: an operator's all, a business's own customers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_any_key, require_any_viewer, require_business_viewer
from core.context import current_context
from core.errors import Forbidden, InvalidRequest
from db import Connection
from repositories import conversations, invitations, users
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields
from routes.pagination import creation_cursor, page_response, read_page
from security.credentials import authenticate

blueprint = Blueprint("users", __name__)


@blueprint.post("/users")
@require_any_key
@accepts("users_create")
@returns(201, "user_created", also=(409,))
def create_user(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a user: a customer of the business, or, by an operator who names none, nobody's customer yet."""
    _check_may_make_operator(body)
    with current_context().database.transaction() as conn:
        user_id = users.insert_user(conn, g.business_id, body)
        if body.get("is_admin"):
            _set_operator(conn, user_id, True)
        audit(conn, g.business_id, "create", "user", user_id, body)
    return jsonify({"user_id": user_id}), 201


@blueprint.get("/users")
@require_any_viewer
@accepts_query("page_query")
@returns(200, "users")
def list_users(query: dict[str, Any]) -> Response:
    """The business's customers; everybody for an operator who names no business."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = users.list_users(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "user_id"))


@blueprint.get("/users/<user_id>")
@require_any_viewer
@returns(200, "user")
def read_user(user_id: UUID) -> Response:
    """One user."""
    with current_context().database.transaction() as conn:
        return jsonify(users.get_user(conn, g.business_id, user_id))


@blueprint.put("/users/<user_id>")
@require_any_key
@accepts("users_update")
@returns(200, "user", also=(409,))
def update_user(user_id: UUID, body: dict[str, Any]) -> Response:
    """Change the fields given."""
    _check_may_make_operator(body)
    with current_context().database.transaction() as conn:
        row = users.lock_user(conn, g.business_id, user_id)
        if body.get("is_admin", row["is_admin"]) != row["is_admin"]:
            _set_operator(conn, user_id, body["is_admin"])
        changed = users.update_user(conn, g.business_id, user_id, {**row, **body})
        audit(conn, row["business_id"], "update", "user", user_id, changed_fields(row, changed))
    return jsonify(changed)


@blueprint.delete("/users/<user_id>")
@require_any_key
@returns(204, also=(409,))
def delete_user(user_id: UUID) -> tuple[str, int]:
    """Delete a user with their conversations; the owner of a business cannot be deleted."""
    with current_context().database.transaction() as conn:
        row = users.lock_user(conn, g.business_id, user_id)
        users.delete_user(conn, g.business_id, user_id)
        audit(conn, row["business_id"], "delete", "user", user_id)
    return "", 204


@blueprint.get("/users/<user_id>/conversations")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "conversations")
def list_conversations_of_user(user_id: UUID, query: dict[str, Any]) -> Response:
    """The conversations that somebody has had with this business."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        if not users.belongs_to_business(conn, g.business_id, user_id):  # perhaps the older system's id of theirs
            user_id = users.find_by_external_id(conn, g.business_id, str(user_id)) or user_id
        users.check_belongs_to_business(conn, g.business_id, user_id)
        rows = conversations.list_conversations(conn, g.business_id, page, {"user_id": user_id})
    return page_response(rows, page.limit, creation_cursor("start_time", "conversation_id"))


def _check_may_make_operator(body: dict[str, Any]) -> None:
    if "is_admin" in body and not authenticate().is_operator:
        raise Forbidden("Only operators say who is one.", remediation="Leave `is_admin` out.")


def _set_operator(conn: Connection, user_id: UUID, is_admin: bool) -> None:
    """Raises InvalidRequest for a customer. An open invitation ends: whoever was shown its link was to give this
    person a business's rights, not the platform's."""
    if not users.set_operator(conn, user_id, is_admin):
        raise InvalidRequest.at("$.is_admin", "A customer of a business cannot be an operator.")
    invitations.delete_invitation(conn, user_id)
