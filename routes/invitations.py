"""Links that let people in: to set a password, or to take a place on the staff of a business.

Nobody becomes a member but by their own doing. Whoever invites is shown the link and not whether its address has an
account; whoever follows it shows by the account's password or login that they are its holder. Neither alone is enough:
the link was in the inviter's hands, and the account may be somebody's who was quicker to claim the address. (SPEC 6)
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from auth import public, require_owner
from core.context import current_context
from core.errors import Forbidden, InvalidRequest, Unauthorized
from db import Connection, Row
from repositories import invitations, member_invitations, members, sessions, users
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, audit_as
from routes.limits import rate_limit
from routes.login import changed_meanwhile, first_business, signed_in
from routes.pagination import creation_cursor, page_response, read_page
from security.credentials import find_caller, hash_key
from security.passwords import hash_password, is_password
from security.tokens import SESSION_LIFETIME

blueprint = Blueprint("invitations", __name__)


@blueprint.get("/businesses/<business_id>/invitations")
@require_owner
@accepts_query("page_query")
@returns(200, "member_invitations")
def list_invitations(business_id: UUID, query: dict[str, Any]) -> Response:
    """Who was invited to the staff of a business and has not come yet."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = member_invitations.list_invitations(conn, business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "invitation_id"))


@blueprint.delete("/businesses/<business_id>/invitations/<invitation_id>")
@require_owner
@returns(204)
def delete_invitation(business_id: UUID, invitation_id: UUID) -> tuple[str, int]:
    """Revoke an invitation: its link is no good any more."""
    with current_context().database.transaction() as conn:
        member_invitations.delete_invitation(conn, business_id, invitation_id)
        audit(conn, business_id, "delete", "invitation", invitation_id)
    return "", 204


@blueprint.post("/auth/invitation")
@public
@rate_limit("login")
@accepts("auth_invitation")
@returns(200, "login", also=(401, 403, 409))
def accept_invitation(body: dict[str, Any]) -> Response:
    """Follow an invitation's link, once, and be signed in: set a password, or become a member by password or login."""
    token_hash = hash_key(body["token"])
    with current_context().database.transaction() as conn:
        is_offer = invitations.find_invitation(conn, token_hash) is None
        offer = _offered(conn, token_hash) if is_offer else None
    if offer is not None and "password" not in body:
        return _join_as_caller(token_hash)
    if "password" not in body:
        raise InvalidRequest.at("$.password", "Choose the password with which to sign in from now on.")
    if offer is not None:
        return _join_by_password(token_hash, offer, body)
    return _set_password(token_hash, body)


def _set_password(token_hash: str, body: dict[str, Any]) -> Response:
    password_hash = hash_password(body["password"])
    with current_context().database.transaction() as conn:
        person = invitations.find_invitation(conn, token_hash)
        if person is None:
            raise _no_invitation()
        user_id = person["user_id"]
        if not sessions.change_password(conn, user_id, person["password_hash"], password_hash, keep=None):
            raise changed_meanwhile()
        audit_as(conn, user_id, None, "update", "user", user_id, ["password"])
        return _sign_in(conn, user_id, password_hash, first_business(conn, user_id), body)


def _join_by_password(token_hash: str, offer: Row, body: dict[str, Any]) -> Response:
    """With the password of the account that has the address; where there is none it is made, with this password."""
    if offer["user_id"] is None:
        password_hash = hash_password(body["password"])
    elif is_password(body["password"], offer["password_hash"]):
        password_hash = offer["password_hash"]
    else:
        raise Unauthorized(
            "This is not the password of the account that has this address.",
            remediation="Correct it. Who has forgotten it, or never set one, gets a link from an operator.",
        )
    with current_context().database.transaction() as conn:
        now = _offered(conn, token_hash)
        if (now["user_id"], now["password_hash"]) != (offer["user_id"], offer["password_hash"]):
            raise changed_meanwhile()
        user_id = now["user_id"]
        if user_id is None:
            user_id = users.insert_user(conn, None, {name: now[name] for name in ("email", "first_name", "last_name")})
            sessions.change_password(conn, user_id, None, password_hash, keep=None)
        _make_member(conn, user_id, now)
        return _sign_in(conn, user_id, password_hash, now["business_id"], body)


def _join_as_caller(token_hash: str) -> Response:
    """As whoever is signed in, whose login from now on is for the business."""
    caller = find_caller()
    if caller is None or caller.login is None:
        raise Unauthorized(
            "Who accepts this invitation signs in first, or sends a password with it.",
            remediation="Sign in with POST /auth/login, or send `password`.",
        )
    login = caller.login
    with current_context().database.transaction() as conn:
        offer = _offered(conn, token_hash)
        if offer["user_id"] != login.user_id:
            raise Forbidden(
                "This invitation is for another address than the one that you signed in with.",
                remediation="Sign out, and follow the link again.",
            )
        _make_member(conn, login.user_id, offer)
        row = sessions.find_login(conn, login.session_id, login.user_id, offer["business_id"])
        if row is None:
            raise Unauthorized("This login has ended.", remediation="Sign in again.")
        session = {"session_id": login.session_id, "expires_at": row["expires_at"]}
        return signed_in(conn, login.user_id, session, offer["business_id"], bearer=not caller.by_cookie)


def _make_member(conn: Connection, user_id: UUID, offer: Row) -> None:
    """Raises Conflict for somebody who is a member already."""
    members.insert_member(conn, offer["business_id"], user_id, offer["role"])
    member_invitations.delete_invitation(conn, offer["business_id"], offer["invitation_id"])
    audit_as(conn, user_id, offer["business_id"], "accept", "invitation", offer["invitation_id"])
    audit_as(conn, user_id, offer["business_id"], "create", "member", user_id, ["role"])


def _sign_in(
    conn: Connection, user_id: UUID, password_hash: str, business_id: UUID | None, body: dict[str, Any]
) -> Response:
    session = sessions.insert_session(conn, user_id, password_hash, SESSION_LIFETIME)
    if session is None:
        raise changed_meanwhile()
    return signed_in(conn, user_id, session, business_id, body.get("bearer", False))


def _offered(conn: Connection, token_hash: str) -> Row:
    offer = member_invitations.find_invitation(conn, token_hash)
    if offer is None:
        raise _no_invitation()
    return offer


def _no_invitation() -> InvalidRequest:
    return InvalidRequest(
        "This invitation has been used, was revoked, has expired or never was.",
        details=[{"path": "$.token", "message": "This is not a good invitation."}],
        remediation="Ask whoever invited you for a new link.",
    )
