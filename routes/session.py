"""Connects a page to a business with a cookie, and validates credentials for servers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from flask_jwt_extended import unset_access_cookies

from auth import json_body, public, require_api_key
from core.context import current_context
from core.errors import IcmpError, InvalidRequest, Unauthorized
from core.validation import read_uuid
from core.view_spec import spec_of
from repositories import users
from routes.decorators import accepts, returns
from security.credentials import KEY_COOKIE, KEY_COOKIE_SECONDS, find_business_key, is_master_key, sign_key_session
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
    config = current_context().config
    response = jsonify({"success": True})
    response.set_cookie(
        KEY_COOKIE,
        sign_key_session(*found),
        max_age=KEY_COOKIE_SECONDS,
        httponly=True,
        path="/",
        samesite=config.cookie_samesite,
        secure=config.has_secure_cookies,
    )
    if LOGIN_COOKIE in request.cookies:
        unset_access_cookies(response)  # keep only the most recent credential
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


def _matching_key(user_id: str, business_id: str, key: str) -> tuple[UUID, UUID] | None:
    """The (business_id, key_id) if the key belongs to the business and the user is its owner, member or customer."""
    try:
        user, business = read_uuid(user_id, "$.userId"), read_uuid(business_id, "$.businessId")
    except InvalidRequest:
        return None
    found = find_business_key(key)
    if found is None or found[0] != business:
        return None
    with current_context().database.transaction() as conn:
        return found if users.belongs_to_business(conn, business, user) else None


def _legacy_error(kind: type[IcmpError], error: str) -> IcmpError:
    """An error with the additional fields that older clients read."""
    return kind(f"{error}.", ids={"success": False, "error": error})
