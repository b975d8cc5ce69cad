"""Users: customers of a business, and staff. Operators manage all users, businesses their customers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import for_messages, require_any_key, require_any_viewer, require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import Forbidden, InvalidRequest
from db import Connection
from repositories import erasure, inbox, invitations, upserts, users
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields
from routes.links import unverified_account
from routes.pagination import creation_cursor, page_response, read_page
from routes.upserts import check_name, upsert_response
from security.credentials import authenticate

blueprint = Blueprint("users", __name__)


@blueprint.post("/users")
@require_any_key
@accepts("users_create")
@returns(201, "user_created", also=(409,))
def create_user(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a customer of the business. Operators who specify no business create a user without one."""
    _check_can_set_operator(body)
    _check_can_be_test(body, g.business_id)
    with current_context().database.transaction() as conn:
        user_id = users.insert_user(conn, g.business_id, body)
        if body.get("is_admin"):
            _set_operator(conn, user_id, True)
        audit(conn, g.business_id, "create", "user", user_id, body)
    return jsonify({"user_id": user_id}), 201


@blueprint.get("/users")
@require_any_viewer
@accepts_query("users_list")
@returns(200, "users")
def list_users(query: dict[str, Any]) -> Response:
    """List customers. Operators who specify no business get all users.

    `q` searches the names of a business's customers, and finds the one with this email, `external_id` or order
    number."""
    page = read_page(query)
    if "q" in query and g.business_id is None:
        raise InvalidRequest.at("$.q", "Only for the customers of a business.")
    with current_context().database.transaction() as conn:
        rows = users.list_users(conn, g.business_id, page, query.get("is_test"), query.get("q"))
    return page_response(rows, page.limit, creation_cursor("created_at", "user_id"))


@blueprint.get("/users/<user_id>")
@require_any_viewer
@returns(200, "user")
def read_user(user_id: UUID) -> Response:
    """Retrieve a user."""
    with current_context().database.transaction() as conn:
        return jsonify(users.get_user(conn, g.business_id, user_id))


@blueprint.put("/users/<user_id>")
@require_any_key
@accepts("users_update")
@returns(200, "user", also=(409,))
def update_user(user_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a user."""
    _check_can_set_operator(body)
    with current_context().database.transaction() as conn:
        if body.get("is_admin") is True:
            _check_can_be_operator(conn, user_id)
        row = users.lock_user(conn, g.business_id, user_id)
        _check_can_be_test(body, row["business_id"])
        if body.get("is_admin", row["is_admin"]) != row["is_admin"]:
            _set_operator(conn, user_id, body["is_admin"])
        changed = users.update_user(conn, g.business_id, user_id, {**row, **body})
        audit(conn, row["business_id"], "update", "user", user_id, changed_fields(row, changed))
    return jsonify(changed)


@blueprint.put("/users/by-external-id/<path:external_id>")
@require_business_api_key
@accepts("users_upsert")
@returns(200, "user", also=(409,))
@returns(201, "user")
def upsert_customer(external_id: str, body: dict[str, Any]) -> tuple[Response, int]:
    """Create the customer with your own ID, or update the given fields of theirs."""
    check_name("external_id", external_id, 200)
    with current_context().database.transaction() as conn:
        before, row = upserts.upsert_customer(conn, g.business_id, external_id, body)
        return upsert_response(conn, "user", body, before, row)


@blueprint.delete("/users/<user_id>")
@require_any_key
@returns(204, also=(409,))
def delete_user(user_id: UUID) -> tuple[str, int]:
    """Delete a user. The owner of a business cannot be deleted.

    With a customer, everything that is stored about them is erased: conversations and their copies, traces, orders,
    events, and what imports and hooks have reported. Only entries of the audit log remain, which contain no values.
    While a file with customers or orders is being imported, the response is 409."""
    with current_context().database.transaction() as conn:
        row = users.lock_user(conn, g.business_id, user_id)
        if row["business_id"] is not None:
            erasure.check_no_import(conn, row["business_id"])
            erasure.erase_traces(conn, row["business_id"], row)
        users.delete_user(conn, g.business_id, user_id)
        audit(conn, row["business_id"], "delete", "user", user_id)
    if row["business_id"] is not None:
        current_context().live.publish(row["business_id"], {"type": "customer.deleted", "user_id": user_id})
    return "", 204


@blueprint.get("/users/<user_id>/conversations")
@require_business_viewer
@for_messages
@accepts_query("page_query")
@returns(200, "conversations")
def list_conversations_of_user(user_id: UUID, query: dict[str, Any]) -> Response:
    """List the conversations of a customer."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        if not users.belongs_to_business(conn, g.business_id, user_id):  # it may be an id of the older system
            user_id = users.find_by_external_id(conn, g.business_id, str(user_id)) or user_id
        users.check_belongs_to_business(conn, g.business_id, user_id)
        listed = inbox.list_conversations(conn, g.business_id, page, "oldest", {"user_id": user_id})
        ids = [row["conversation_id"] for row in listed]
        rows = inbox.describe(conn, g.business_id, ids, authenticate().user_id)
    return page_response(rows, page.limit, creation_cursor("start_time", "conversation_id"))


def _check_can_be_test(body: dict[str, Any], business_id: UUID | None) -> None:
    if body.get("is_test") and business_id is None:
        raise InvalidRequest.at("$.is_test", "Only customers of a business can be test customers.")


def _check_can_set_operator(body: dict[str, Any]) -> None:
    if "is_admin" in body and not authenticate().is_operator:
        raise Forbidden("Only operators can change operator rights.", remediation="Omit `is_admin`.")


def _check_can_be_operator(conn: Connection, user_id: UUID) -> None:
    """Revokes an open invitation, because its link was not meant to give operator rights. Raises Conflict for an
    unverified account."""
    invitations.delete_invitation(conn, user_id)  # before the account is locked, as when the link is used
    person = users.lock_staff(conn, user_id)
    if person is not None and person["needs_proof"]:
        raise unverified_account()


def _set_operator(conn: Connection, user_id: UUID, is_admin: bool) -> None:
    """Change operator rights. Raises InvalidRequest for a customer."""
    if not users.set_operator(conn, user_id, is_admin):
        raise InvalidRequest.at("$.is_admin", "Customers cannot be operators.")
