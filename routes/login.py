"""Signing in and out. A login is a JWT, sent as a cookie or, for scripts, in the response."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request

from auth import public, require_caller, require_login
from core.context import current_context
from core.errors import CodeRequired, Conflict, Forbidden, InvalidRequest, Unauthorized
from db import Connection, Row
from repositories import businesses, members, sessions, users
from routes.decorators import accepts, returns
from routes.editing import audit, audit_as
from routes.limits import rate_limit
from security.cookies import delete_cookie, set_cookie
from security.credentials import KEY_COOKIE, Caller, authenticate, find_caller, sessions_of_cookies
from security.cross_site import check_same_site
from security.login_attempts import check_login, check_password
from security.passwords import hash_password, is_outdated
from security.tokens import LOGIN_COOKIE, SESSION_LIFETIME, Token, create_token

blueprint = Blueprint("login", __name__)


@blueprint.post("/auth/login")
@public
@rate_limit("login")
@accepts("auth_login")
@returns(200, "login", also=(401, 403, 404))
def sign_in(body: dict[str, Any]) -> Response:
    """Sign in with email and password. The token is set as a cookie, or returned if `bearer` is true."""
    email = body["email"].strip()
    with current_context().database.transaction() as conn:
        person = sessions.find_staff_by_email(conn, email)
    password_hash = person["password_hash"] if person else None
    # It takes the same time if the address is unknown.
    user_id = person["user_id"] if person else None
    try:
        is_correct = check_login(email, body["password"], password_hash, user_id, body.get("code"))
    except CodeRequired:
        if user_id is not None and "code" in body:
            _audit_failure(user_id)
        raise
    if not is_correct or person is None or password_hash is None:
        if person is not None:
            _audit_failure(person["user_id"])
        raise _invalid_login()
    next_hash = hash_password(body["password"]) if is_outdated(password_hash) else None
    with current_context().database.transaction() as conn:
        session = new_session(conn, person["user_id"], password_hash)
        if session is None:
            raise _invalid_login()
        if next_hash:
            sessions.replace_password_hash(conn, person["user_id"], password_hash, next_hash)
        business_id = UUID(body["business_id"]) if "business_id" in body else first_business(conn, person["user_id"])
        response = login_response(conn, person["user_id"], session, business_id, body.get("bearer", False))
        audit_sign_in(conn, person["user_id"], business_id)
        return response


@blueprint.post("/auth/refresh")
@require_login
@accepts("auth_refresh", optional=True)
@returns(200, "login", also=(404,))
def refresh_login(body: dict[str, Any]) -> Response:
    """Issue the next token of the login, optionally for another business of the user. The current one ends."""
    caller = authenticate()
    login = _login_of(caller)
    requested = body.get("business_id", login.business_id)
    business_id = UUID(str(requested)) if requested else None
    if "business_id" in body and business_id is None and not caller.is_operator:
        raise InvalidRequest.at("$.business_id", "Required, except for operators.")
    with current_context().database.transaction() as conn:
        session = sessions.renew_session(conn, login.session_id)
        if session is None:
            raise Unauthorized("Your login has ended.", remediation="Sign in again.")
        return login_response(conn, login.user_id, session, business_id, bearer=not caller.by_cookie)


@blueprint.post("/auth/logout")
@public
@returns(204, also=(401, 403))
def sign_out() -> tuple[Response, int]:
    """End the sessions of the login and of the business key, and delete their cookies."""
    if "Authorization" in request.headers:
        caller = find_caller()
        ended = [caller.session_id] if caller and caller.session_id else []
    else:
        check_same_site()  # also if the cookies are invalid, because the response deletes them
        ended = sessions_of_cookies()
    with current_context().database.transaction() as conn:
        for session_id in ended:
            sessions.delete_session(conn, session_id)
    response = Response()
    delete_cookie(response, LOGIN_COOKIE)
    delete_cookie(response, KEY_COOKIE)
    return response, 204


@blueprint.get("/auth/me")
@require_caller
@returns(200, "login")
def read_me() -> Response:
    """Retrieve the caller, their business, and the businesses that they can switch to."""
    with current_context().database.transaction() as conn:
        return jsonify(_login_body(conn, authenticate()))


@blueprint.post("/auth/password")
@require_login
@rate_limit("login")
@accepts("auth_password")
@returns(204, also=(409,))
def change_password(body: dict[str, Any]) -> tuple[str, int]:
    """Change the password. All other logins of the user end."""
    login = _login_of(authenticate())
    with current_context().database.transaction() as conn:
        account = sessions.get_account(conn, login.user_id)
    old_hash = account["password_hash"]
    if not check_password(account["email"] or str(login.user_id), body["current_password"], old_hash):
        raise InvalidRequest.at("$.current_password", "Incorrect password.")
    new_hash = hash_password(body["new_password"])
    with current_context().database.transaction() as conn:
        if not sessions.change_password(conn, login.user_id, old_hash, new_hash, keep=login.session_id):
            raise password_changed_concurrently()
        audit(conn, login.business_id, "update", "user", login.user_id, ["password"])
    return "", 204


def login_response(conn: Connection, user_id: UUID, session: Row, business_id: UUID | None, bearer: bool) -> Response:
    """The response with a token for the business. Raises Forbidden if the user has no access to it."""
    signed, token = create_token(user_id, session["session_id"], business_id, session["expires_at"])
    row = sessions.find_login(conn, token.session_id, user_id, business_id)
    assert row is not None
    caller = Caller("login", business_id, login=token, role=row["role"], is_operator=row["is_admin"])
    if business_id is not None and row["role"] is None:
        if not caller.is_operator:
            raise Forbidden("You do not have access to this business.")
        businesses.get_business(conn, business_id)
    body = _login_body(conn, caller)
    if bearer:
        return jsonify({**body, "access_token": signed})
    response = jsonify(body)
    set_cookie(response, LOGIN_COOKIE, signed, int((token.expires_at - datetime.now(UTC)).total_seconds()))
    if KEY_COOKIE in request.cookies:
        delete_cookie(response, KEY_COOKIE)  # keep only the most recent credential
    return response


def _login_body(conn: Connection, caller: Caller) -> dict[str, Any]:
    user, memberships = None, []
    if caller.login:
        row = users.get_user(conn, None, caller.login.user_id)
        user = {name: row[name] for name in ("user_id", "first_name", "last_name", "email")}
        memberships = members.list_memberships(conn, caller.login.user_id)
    if caller.business_id and caller.role is None and caller.has_role("owner"):  # a business key or an operator
        memberships = [*memberships, *members.list_for_non_member(conn, caller.business_id)]
    return {
        "kind": caller.kind,
        "user": user,
        "business_id": caller.business_id,
        "role": caller.role,
        "is_operator": caller.is_operator,
        "businesses": memberships,
        "expires_at": caller.login.expires_at if caller.login else None,
    }


def first_business(conn: Connection, user_id: UUID) -> UUID | None:
    """The business of the user's oldest membership, None if there is none."""
    rows = members.list_memberships(conn, user_id)
    return rows[0]["business_id"] if rows else None


def _login_of(caller: Caller) -> Token:
    assert caller.login is not None  # guaranteed by `require_login`
    return caller.login


def new_session(conn: Connection, user_id: UUID, password_hash: str) -> Row | None:
    """A new session of the user (session_id, expires_at). None if the password has changed since it was checked."""
    return sessions.insert_session(conn, user_id, password_hash, SESSION_LIFETIME, request.user_agent.string or None)


def audit_sign_in(conn: Connection, user_id: UUID, business_id: UUID | None) -> None:
    """Record that a user has signed in."""
    audit_as(conn, "login", user_id, business_id, "sign_in", "user", user_id)


def _audit_failure(user_id: UUID) -> None:
    """Record a failed login of an account, in the log of the user's first business."""
    with current_context().database.transaction() as conn:
        audit_as(conn, "anonymous", None, first_business(conn, user_id), "sign_in_failed", "user", user_id)


def _invalid_login() -> Unauthorized:
    """The same error whether the address or the password is wrong, so that it does not reveal which addresses exist."""
    return Unauthorized("Incorrect email or password.", remediation="Correct them, or ask for an invitation.")


def password_changed_concurrently() -> Conflict:
    """The error if another request has changed the password."""
    return Conflict("The password was changed by another request.")
