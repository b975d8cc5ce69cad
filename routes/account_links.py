"""Links that are mailed to the owner of an account: for a new password, and to confirm the address.

A request for a new password says nothing about whether the address has an account, and takes the same time: the
background job looks for the account, creates the link and mails it. The link is never in a response."""

from typing import Any

from flask import Blueprint

from auth import public, require_login
from background.mails import request_password_reset, request_verification
from core.context import current_context
from core.errors import Conflict, Forbidden, InvalidRequest
from core.tokens import hash_key
from repositories import account_links, login_failures, sessions
from routes.decorators import accepts, returns
from routes.editing import audit, audit_as
from routes.limits import rate_limit
from routes.login import password_changed_concurrently
from security.credentials import authenticate
from security.passwords import hash_password

blueprint = Blueprint("account_links", __name__)


@blueprint.post("/auth/forgot-password")
@public
@rate_limit("login")
@accepts("auth_forgot_password")
@returns(204, also=(409,))
def forgot_password(body: dict[str, Any]) -> tuple[str, int]:
    """Mail a link for a new password to an address, if it has an account. The response is the same if not."""
    _check_sends_mail("Ask the operator of this server for a link to set a new password.")
    with current_context().database.transaction() as conn:
        request_password_reset(conn, body["email"], body.get("language"))
    current_context().jobs.wake_up()
    return "", 204


@blueprint.post("/auth/reset-password")
@public
@rate_limit("login")
@accepts("auth_reset_password")
@returns(204, also=(409,))
def reset_password(body: dict[str, Any]) -> tuple[str, int]:
    """Set a new password with a mailed link. All sessions of the user end, and a second factor is still required."""
    token_hash = hash_key(body["token"])
    with current_context().database.transaction() as conn:
        if account_links.find_link(conn, token_hash, "reset") is None:
            raise _invalid_link("Ask for a new one with POST /auth/forgot-password.")
    password_hash = hash_password(body["password"])
    with current_context().database.transaction() as conn:
        link = account_links.find_link(conn, token_hash, "reset")
        if link is None:
            raise _invalid_link("Ask for a new one with POST /auth/forgot-password.")
        # The link was mailed to the address, so the account belongs to its owner.
        if not sessions.change_password(conn, link["user_id"], link["password_hash"], password_hash, verifies=True):
            raise password_changed_concurrently()
        login_failures.forget_failures(conn, link["email"])
        audit_as(conn, "login", link["user_id"], None, "update", "user", link["user_id"], ["password"])
    return "", 204


@blueprint.post("/auth/email-verification")
@require_login
@rate_limit("login")
@accepts("auth_email_verification", optional=True)
@returns(204, also=(409,))
def request_email_verification(body: dict[str, Any]) -> tuple[str, int]:
    """Mail the signed-in user a link with which they confirm their address."""
    _check_sends_mail("An operator can verify the account with a link from POST /users/{user_id}/invitation.")
    user_id = authenticate().user_id
    assert user_id is not None  # guaranteed by `require_login`
    with current_context().database.transaction() as conn:
        request_verification(conn, user_id, body.get("language"))
    current_context().jobs.wake_up()
    return "", 204


@blueprint.post("/auth/email-verification/confirm")
@require_login
@rate_limit("login")
@accepts("auth_email_verification_confirm")
@returns(204)
def confirm_email(body: dict[str, Any]) -> tuple[str, int]:
    """Confirm the address of the signed-in user with a mailed link.

    A person who only has the mail cannot confirm: another person may have created the account with this address."""
    caller = authenticate()
    with current_context().database.transaction() as conn:
        link = account_links.find_link(conn, hash_key(body["token"]), "verification")
        if link is None:
            raise _invalid_link("Ask for a new one with POST /auth/email-verification.")
        if link["user_id"] != caller.user_id:
            raise Forbidden("This link is for another account.", remediation="Sign in with that account.")
        account_links.verify_account(conn, link["user_id"])
        audit(conn, None, "update", "user", link["user_id"], ["is_verified"])
    return "", 204


def _check_sends_mail(remediation: str) -> None:
    if current_context().config.mail_server is None:
        raise Conflict("This server does not send mail.", remediation=remediation)


def _invalid_link(remediation: str) -> InvalidRequest:
    return InvalidRequest(
        "This link was used, has expired, or does not exist.",
        details=[{"path": "$.token", "message": "Must be the token of a valid link."}],
        remediation=remediation,
    )
