"""One-time links with which users set their password or join a business.

Users become members only by accepting an invitation themselves. The inviter sees the link but not whether the address
has an account. To accept, the invited user proves with a password or login that the account is theirs. The link alone
is not enough, because the inviter has it too; the account alone is not enough, because another person may have
registered the address.

An account is unverified until its owner uses a link from an operator. If it joins another business, it needs a new
password, and its sessions end, so that nobody else who knows the password gets access. An operator's link replaces the
password of an unverified account without asking for the current one."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from auth import public, require_owner
from core.context import current_context
from core.errors import Forbidden, InvalidRequest, Unauthorized
from core.tokens import hash_key
from db import Connection, Row
from repositories import invitations, member_invitations, members, sessions, users
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, audit_as
from routes.limits import rate_limit
from routes.login import (
    audit_sign_in,
    first_business,
    login_response,
    new_session,
    password_changed_concurrently,
)
from routes.members import publish_members
from routes.pagination import creation_cursor, page_response, read_page
from security.credentials import find_caller
from security.login_attempts import check_login, check_second_factor
from security.passwords import hash_password

blueprint = Blueprint("invitations", __name__)


@blueprint.get("/businesses/<business_id>/invitations")
@require_owner
@accepts_query("page_query")
@returns(200, "member_invitations")
def list_invitations(business_id: UUID, query: dict[str, Any]) -> Response:
    """List open invitations to a business."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = member_invitations.list_invitations(conn, business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "invitation_id"))


@blueprint.delete("/businesses/<business_id>/invitations/<invitation_id>")
@require_owner
@returns(204)
def delete_invitation(business_id: UUID, invitation_id: UUID) -> tuple[str, int]:
    """Revoke an invitation. Its link stops working."""
    with current_context().database.transaction() as conn:
        member_invitations.delete_invitation(conn, business_id, invitation_id)
        audit(conn, business_id, "delete", "invitation", invitation_id)
    return "", 204


@blueprint.post("/auth/invitation/details")
@public
@rate_limit("login")
@accepts("auth_invitation_details")
@returns(200, "invitation_details")
def read_invitation(body: dict[str, Any]) -> Response:
    """Retrieve what an invitation is for, before it is accepted.

    The token is in the body, because URLs are written to logs."""
    token_hash = hash_key(body["token"])
    with current_context().database.transaction() as conn:
        row = member_invitations.describe_invitation(conn, token_hash) or invitations.describe_invitation(
            conn, token_hash
        )
    if row is None:
        raise _invalid_invitation()
    return jsonify(row)


@blueprint.post("/auth/invitation")
@public
@rate_limit("login")
@accepts("auth_invitation")
@returns(200, "login", also=(401, 403, 409))
def accept_invitation(body: dict[str, Any]) -> Response:
    """Accept an invitation and sign in. Sets the password, or joins the business by password or login."""
    token_hash = hash_key(body["token"])
    with current_context().database.transaction() as conn:
        person = invitations.find_invitation(conn, token_hash)
        offer = _get_offer(conn, token_hash) if person is None else None
    if offer is not None:
        join = _join_by_password if "password" in body else _join_as_caller
        response = join(token_hash, offer, body)
        publish_members(offer["business_id"])
        return response
    if "password" not in body:
        raise InvalidRequest.at("$.password", "Required to set a password.")
    if person is not None and not person["is_proof"]:  # a second factor of the user is asked for, not only the link
        check_second_factor(person["email"] or str(person["user_id"]), person["user_id"], body.get("code"))
    return _set_password(token_hash, body)


def _set_password(token_hash: str, body: dict[str, Any]) -> Response:
    password_hash = hash_password(body["password"])
    with current_context().database.transaction() as conn:
        person = invitations.find_invitation(conn, token_hash)
        if person is None:
            raise _invalid_invitation()
        user_id, old_hash = person["user_id"], person["password_hash"]
        if not sessions.change_password(conn, user_id, old_hash, password_hash, verifies=person["verifies"]):
            raise password_changed_concurrently()
        audit_as(conn, "login", user_id, None, "update", "user", user_id, ["password"])
        return _sign_in(conn, user_id, password_hash, first_business(conn, user_id), body)


def _join_by_password(token_hash: str, offer: Row, body: dict[str, Any]) -> Response:
    """Join with the password of the account that has the address. Without such an account, create it with this
    password."""
    password_hash = offer["password_hash"]
    if offer["user_id"] is None or _is_proof(offer):
        password_hash = hash_password(body["password"])
    elif not check_login(offer["email"], body["password"], password_hash, offer["user_id"], body.get("code")):
        raise Unauthorized(
            "Incorrect password for the account with this address.",
            remediation="Correct the password, or ask an operator for a link to set a new one.",
        )
    elif not offer["is_verified"]:
        password_hash = _new_password_hash(body)
    with current_context().database.transaction() as conn:
        current = _get_unchanged_offer(conn, token_hash, offer)
        user_id = current["user_id"]
        if user_id is None:
            user_id = users.insert_user(
                conn, None, {name: current[name] or None for name in ("email", "first_name", "last_name")}
            )
        if password_hash != current["password_hash"]:
            _change_password(conn, user_id, current, password_hash)
        _make_member(conn, user_id, current)
        return _sign_in(conn, user_id, password_hash, current["business_id"], body)


def _join_as_caller(token_hash: str, offer: Row, body: dict[str, Any]) -> Response:
    """Join as the signed-in user, whose login then acts for the business."""
    caller = find_caller()
    if caller is None or caller.login is None:
        raise Unauthorized(
            "Accepting this invitation requires a login or a password.",
            remediation="Sign in with POST /auth/login, or send `password`.",
        )
    login = caller.login
    if offer["user_id"] != login.user_id:
        raise Forbidden(
            "This invitation is for a different address from the one you are signed in with.",
            remediation="Sign out, then open the link again.",
        )
    new_hash = None if offer["is_verified"] else _new_password_hash(body)
    with current_context().database.transaction() as conn:
        offer = _get_unchanged_offer(conn, token_hash, offer)
        _make_member(conn, login.user_id, offer)
        if new_hash is not None:
            _change_password(conn, login.user_id, offer, new_hash)
            return _sign_in(conn, login.user_id, new_hash, offer["business_id"], {"bearer": not caller.by_cookie})
        row = sessions.find_login(conn, login.session_id, login.user_id, offer["business_id"])
        if row is None:
            raise Unauthorized("Your login has ended.", remediation="Sign in again.")
        session = {"session_id": login.session_id, "expires_at": row["expires_at"]}
        return login_response(conn, login.user_id, session, offer["business_id"], bearer=not caller.by_cookie)


def _is_proof(offer: Row) -> bool:
    """Whether having the link proves that an unverified account belongs to the owner of its address."""
    return bool(offer["verifies"] and not offer["is_verified"])


def _new_password_hash(body: dict[str, Any]) -> str:
    """Raises InvalidRequest if the body has no new password."""
    if "new_password" not in body:
        raise InvalidRequest.at(
            "$.new_password", "Required, because the address of this account is not verified. Its sessions end."
        )
    return hash_password(body["new_password"])


def _change_password(conn: Connection, user_id: UUID, offer: Row, password_hash: str) -> None:
    if not sessions.change_password(conn, user_id, offer["password_hash"], password_hash, verifies=offer["verifies"]):
        raise password_changed_concurrently()
    audit_as(conn, "login", user_id, None, "update", "user", user_id, ["password"])


def _make_member(conn: Connection, user_id: UUID, offer: Row) -> None:
    """Raises Conflict if the user is already a member."""
    members.insert_member(conn, offer["business_id"], user_id, offer["role"])
    member_invitations.delete_invitation(conn, offer["business_id"], offer["invitation_id"])
    audit_as(conn, "login", user_id, offer["business_id"], "accept", "invitation", offer["invitation_id"])
    audit_as(conn, "login", user_id, offer["business_id"], "create", "member", user_id, ["role"])


def _sign_in(
    conn: Connection, user_id: UUID, password_hash: str, business_id: UUID | None, body: dict[str, Any]
) -> Response:
    session = new_session(conn, user_id, password_hash)
    if session is None:
        raise password_changed_concurrently()
    audit_sign_in(conn, user_id, business_id)
    return login_response(conn, user_id, session, business_id, body.get("bearer", False))


def _get_offer(conn: Connection, token_hash: str) -> Row:
    offer = member_invitations.find_invitation(conn, token_hash)
    if offer is None:
        raise _invalid_invitation()
    return offer


def _get_unchanged_offer(conn: Connection, token_hash: str, offer: Row) -> Row:
    """The offer, locked. Raises Conflict if the account with its address has been created or changed since."""
    current = _get_offer(conn, token_hash)
    if any(current[name] != offer[name] for name in ("user_id", "password_hash", "is_verified", "verifies")):
        raise password_changed_concurrently()
    return current


def _invalid_invitation() -> InvalidRequest:
    return InvalidRequest(
        "This invitation was used or revoked, has expired, or does not exist.",
        details=[{"path": "$.token", "message": "Must be a valid invitation."}],
        remediation="Ask the person who invited you for a new link.",
    )
