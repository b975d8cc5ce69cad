"""Connects a page to a business with a cookie, and validates credentials for servers."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from auth import json_body, public, require_api_key
from core.context import current_context
from core.errors import IcmpError, InvalidRequest, Unauthorized
from core.validation import read_uuid
from core.view_spec import spec_of
from db import Row
from repositories import sessions, users
from routes.decorators import accepts, returns
from routes.editing import audit_as
from security.cookies import delete_cookie, set_cookie
from security.credentials import KEY_COOKIE, KEY_SESSION_LIFETIME, find_business_key, is_master_key, sign_key_session
from security.tokens import LOGIN_COOKIE

blueprint = Blueprint("session", __name__)

_FIELDS = ("userId", "businessId", "businessApiKey")


@blueprint.post("/save-config")
@public
@returns(200, "save_config_answer", also=(401, 413, 415))
def save_config() -> Response:
    """Connect a page to a business: validate a user id and key, and set a session cookie."""
    body = json_body()
    if not isinstance(body, dict) or any(body.get(name) in (None, "") for name in _FIELDS):
        raise _legacy_error(InvalidRequest, "Missing parameters")
    if not all(isinstance(body[name], str) for name in _FIELDS):
        raise _legacy_error(InvalidRequest, "Invalid parameter types")
    found = _matching_key(body["userId"], body["businessId"], body["businessApiKey"])
    if found is None:
        raise _legacy_error(Unauthorized, "Invalid credentials")
    business_id, key_id = found["business_id"], found["key_id"]
    with current_context().database.transaction() as conn:
        session_id = sessions.insert_key_session(
            conn, business_id, key_id, KEY_SESSION_LIFETIME, request.user_agent.string or None
        )
        audit_as(conn, "business", key_id, business_id, "sign_in", "api_key", key_id)
    response = jsonify({"success": True})
    set_cookie(response, KEY_COOKIE, sign_key_session(session_id), int(KEY_SESSION_LIFETIME.total_seconds()))
    if LOGIN_COOKIE in request.cookies:
        delete_cookie(response, LOGIN_COOKIE)  # keep only the most recent credential
    return response


# Documented only: the view validates the body itself, to return the error messages of the older system.
spec_of(save_config).request_schema = "save_config"


@blueprint.post("/validate_config")
@require_api_key
@accepts("validate_config")
@returns(200, "validate_config_answer")
def validate_config(body: dict[str, Any]) -> Response:
    """Check whether the ids and keys match."""
    found = _matching_key(body["userId"], body["businessId"], body["businessApiKey"])
    return jsonify({"isValid": found is not None and is_master_key(body["apiKey"])})


def _matching_key(user_id: str, business_id: str, key: str) -> Row | None:
    """The business_id and key_id if the key belongs to the business and the user is its owner, member or customer. The
    pages need all permissions of a business, so keys with a limited scope do not match."""
    try:
        user, business = read_uuid(user_id, "$.userId"), read_uuid(business_id, "$.businessId")
    except InvalidRequest:
        return None
    found = find_business_key(key)
    if found is None or found["business_id"] != business or found["scope"] != "full":
        return None
    with current_context().database.transaction() as conn:
        return found if users.belongs_to_business(conn, business, user) else None


def _legacy_error(kind: type[IcmpError], error: str) -> IcmpError:
    """An error with the additional fields that older clients read."""
    return kind(f"{error}.", ids={"success": False, "error": error})
