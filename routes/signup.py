"""Creating an account with a business, without an operator. The setting SIGNUP decides who can."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from auth import public, require_api_key
from background.mails import INVITATION_LIFETIME, request_verification
from core.context import current_context
from core.errors import Forbidden, InvalidRequest, NotFound
from core.tokens import hash_key, new_token
from repositories import accounts, businesses, releases
from routes.decorators import accepts, returns
from routes.demo import find_demo
from routes.editing import audit, audit_as
from routes.limits import rate_limit
from routes.links import page_link
from routes.login import audit_sign_in, login_response, new_session, password_changed_concurrently
from security.passwords import hash_password

blueprint = Blueprint("signup", __name__)

_PROFILE = {"business_description": None, "address": None, "phone_number": None, "website": None}


@blueprint.get("/auth/options")
@public
@returns(200, "auth_options")
def read_options() -> Response:
    """Read how people can sign in and sign up."""
    config = current_context().config
    with current_context().database.transaction() as conn:
        has_demo = find_demo(conn) is not None
    return jsonify({"signup": config.signup, "demo": has_demo, "mail": config.mail_server is not None})


@blueprint.post("/auth/signup")
@public
@rate_limit("login")
@accepts("auth_signup")
@returns(201, "login", also=(403, 409))
def sign_up(body: dict[str, Any]) -> tuple[Response, int]:
    """Create an account and its business, and sign in. The token is set as a cookie, or returned with `bearer`."""
    signup = current_context().config.signup
    if signup == "closed":
        raise Forbidden("New accounts cannot be created here.", remediation="Ask the operator for an account.")
    if signup == "invited" and "invitation" not in body:
        raise InvalidRequest.at("$.invitation", "Required. Ask the operator for a link.")
    password_hash = hash_password(body["password"])
    with current_context().database.transaction() as conn:
        if signup == "invited" and not accounts.use_signup_invitation(conn, hash_key(body["invitation"])):
            raise InvalidRequest(
                "This invitation was used, has expired, or does not exist.",
                details=[{"path": "$.invitation", "message": "Must be a valid invitation."}],
                remediation="Ask the operator for a new link.",
            )
        user_id = accounts.insert_account(conn, body, password_hash)
        business_id = businesses.insert_business(
            conn, {**_PROFILE, "owner_id": user_id, "business_name": body["business_name"]}
        )
        if "timezone" in body:
            row = businesses.lock_business(conn, business_id)
            businesses.update_business(conn, business_id, {**row, "settings": {"timezone": body["timezone"]}})
        releases.publish(conn, business_id, {"author_type": "login", "author_id": user_id})
        fields = set(body) & {"email", "first_name", "last_name", "language", "timezone"}
        audit_as(conn, "login", user_id, None, "create", "user", user_id, {*fields, "password"})
        audit_as(conn, "login", user_id, business_id, "create", "business", business_id, ["business_name"])
        session = new_session(conn, user_id, password_hash)
        if session is None:
            raise password_changed_concurrently()
        audit_sign_in(conn, user_id, business_id)
        if current_context().config.mail_server is not None:
            request_verification(conn, user_id)
        return login_response(conn, user_id, session, business_id, body.get("bearer", False)), 201


@blueprint.post("/signup-invitations")
@require_api_key
@returns(201, "signup_invitation", also=(409,))
def create_signup_invitation() -> tuple[Response, int]:
    """Create a link with which a person creates an account and a business, if `SIGNUP` is `invited`."""
    token, token_hash = new_token()
    url = page_link(f"app/signup#invitation={token}")
    with current_context().database.transaction() as conn:
        row = accounts.insert_signup_invitation(conn, token_hash, INVITATION_LIFETIME)
        audit(conn, None, "create", "signup_invitation", row["invitation_id"])
    return jsonify({"url": url, **row}), 201


@blueprint.delete("/signup-invitations/<invitation_id>")
@require_api_key
@returns(204)
def delete_signup_invitation(invitation_id: UUID) -> tuple[str, int]:
    """Revoke a link for signing up."""
    with current_context().database.transaction() as conn:
        if accounts.delete_signup_invitation(conn, invitation_id) is None:
            raise NotFound("Invitation not found.")
        audit(conn, None, "delete", "signup_invitation", invitation_id)
    return "", 204
