"""Setting up a second factor for logins: codes of an authenticator app, with recovery codes."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from auth import require_api_key, require_login
from core.context import current_context
from core.errors import CodeRequired, Conflict, InvalidRequest, NotFound
from db import Connection, Row
from repositories import sessions, totp, users
from routes.decorators import accepts, returns
from routes.editing import audit
from routes.limits import rate_limit
from security.credentials import authenticate
from security.login_attempts import check_login, check_password
from security.second_factor import (
    encrypt_secret,
    hash_recovery_code,
    new_recovery_codes,
    new_secret,
    qr_code,
    setup_link,
    use_code,
)
from security.tokens import Token

blueprint = Blueprint("second_factor", __name__)


@blueprint.get("/auth/security")
@require_login
@returns(200, "auth_security")
def read_security() -> Response:
    """Read how the account of the signed-in user is protected."""
    with current_context().database.transaction() as conn:
        account = sessions.get_account(conn, _login().user_id)
        row = totp.find_totp(conn, _login().user_id)
    is_enabled = row is not None and row["is_enabled"]
    return jsonify(
        {
            "email": account["email"],
            "is_verified": account["is_verified"],
            "has_totp": is_enabled,
            "recovery_codes": row["recovery_codes"] if row is not None and is_enabled else 0,
        }
    )


@blueprint.post("/auth/totp")
@require_login
@rate_limit("login")
@accepts("auth_totp")
@returns(201, "totp_setup", also=(409,))
def set_up_totp(body: dict[str, Any]) -> tuple[Response, int]:
    """Create the secret for an authenticator app. It is not asked for until a code was confirmed."""
    user_id, account = _login().user_id, _account()
    if not check_password(account["email"] or str(user_id), body["password"], account["password_hash"]):
        raise InvalidRequest.at("$.password", "Incorrect password.")
    secret = new_secret()
    with current_context().database.transaction() as conn:
        if not totp.save_secret(conn, user_id, encrypt_secret(secret, user_id)):
            raise Conflict("A second factor is set up already.", remediation="Remove it first.")
    link = setup_link(secret, account["email"] or str(user_id))
    return jsonify({"secret": secret, "url": link, "qr_code": qr_code(link)}), 201


@blueprint.post("/auth/totp/confirm")
@require_login
@rate_limit("login")
@accepts("auth_totp_confirm")
@returns(200, "recovery_codes")
def confirm_totp(body: dict[str, Any]) -> Response:
    """Confirm the first code. From now on logins require one; all other sessions of the user end."""
    login = _login()
    with current_context().database.transaction() as conn:
        if not use_code(conn, login.user_id, body["code"], for_setup=True):
            raise InvalidRequest.at("$.code", "Incorrect code. Check the clock of the device.")
        totp.enable(conn, login.user_id)
        sessions.end_other_sessions(conn, login.user_id, login.session_id)
        audit(conn, login.business_id, "update", "user", login.user_id, ["totp"])
        return _new_codes(conn, login.user_id)


@blueprint.post("/auth/totp/recovery-codes")
@require_login
@rate_limit("login")
@accepts("auth_totp_change")
@returns(200, "recovery_codes", also=(404,))
def replace_recovery_codes(body: dict[str, Any]) -> Response:
    """Replace the recovery codes. The previous ones end."""
    login = _login()
    _check_both_factors(body)
    with current_context().database.transaction() as conn:
        audit(conn, login.business_id, "update", "user", login.user_id, ["recovery_codes"])
        return _new_codes(conn, login.user_id)


@blueprint.post("/auth/totp/remove")
@require_login
@rate_limit("login")
@accepts("auth_totp_change")
@returns(204, also=(404,))
def remove_totp(body: dict[str, Any]) -> tuple[str, int]:
    """Remove the second factor of the signed-in user."""
    login = _login()
    _check_both_factors(body)
    with current_context().database.transaction() as conn:
        totp.delete_totp(conn, login.user_id)
        audit(conn, login.business_id, "update", "user", login.user_id, ["totp"])
    return "", 204


@blueprint.delete("/users/<user_id>/totp")
@require_api_key
@returns(204)
def remove_totp_of_user(user_id: UUID) -> tuple[str, int]:
    """Remove the second factor of a user who has lost both the authenticator app and the recovery codes."""
    with current_context().database.transaction() as conn:
        users.get_user(conn, None, user_id)
        if not totp.delete_totp(conn, user_id):
            raise NotFound("This user has no second factor.")
        audit(conn, None, "update", "user", user_id, ["totp"])
    return "", 204


def _login() -> Token:
    login = authenticate().login
    assert login is not None  # guaranteed by `require_login`
    return login


def _account() -> Row:
    with current_context().database.transaction() as conn:
        return sessions.get_account(conn, _login().user_id)


def _check_both_factors(body: dict[str, Any]) -> None:
    """Raises InvalidRequest unless the password and the code are correct, so that a stolen session is not enough."""
    user_id, account = _login().user_id, _account()
    with current_context().database.transaction() as conn:
        row = totp.find_totp(conn, user_id)
    if row is None or not row["is_enabled"]:
        raise NotFound("You have no second factor.")
    try:
        email = account["email"] or str(user_id)
        is_correct = check_login(email, body["password"], account["password_hash"], user_id, body["code"])
    except CodeRequired as error:
        raise InvalidRequest.at("$.code", error.message) from error
    if not is_correct:
        raise InvalidRequest.at("$.password", "Incorrect password.")


def _new_codes(conn: Connection, user_id: UUID) -> Response:
    codes = new_recovery_codes()
    totp.replace_recovery_codes(conn, user_id, [hash_recovery_code(code) for code in codes])
    return jsonify({"recovery_codes": codes})
