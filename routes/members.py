"""Members of a business, and links with which users set their password."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from auth import require_api_key, require_owner
from background.mails import INVITATION_LIFETIME, send_first_password, send_member_invitation
from core.context import current_context
from core.errors import Conflict, Forbidden, NotFound, RateLimited
from core.tokens import new_token
from db import Connection, Row
from repositories import audit_log, businesses, invitations, member_invitations, members, sessions, users
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields
from routes.links import page_link, unverified_account
from routes.pagination import creation_cursor, page_response, read_page
from security.credentials import authenticate

blueprint = Blueprint("members", __name__)

MAX_MAILED_PER_DAY = 100  # invitations per business

_CURSOR = creation_cursor("created_at", "user_id")


@blueprint.get("/businesses/<business_id>/members")
@require_owner
@accepts_query("page_query")
@returns(200, "members")
def list_members(business_id: UUID, query: dict[str, Any]) -> Response:
    """List the members of a business."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = members.list_members(conn, business_id, page)
    return page_response(rows, page.limit, _CURSOR)


@blueprint.post("/businesses/<business_id>/members")
@require_owner
@accepts("members_create")
@returns(201, "member_created", also=(409,))
def create_member(business_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Invite an address to the business. Operators add the user immediately, unless the account is unverified.

    The link for an unverified account ends its password and its sessions, so a person who set them gets no access."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, business_id)
        person = members.find_staff(conn, business_id, body.get("user_id"), body.get("email"))
        if person is None and "user_id" in body:
            raise NotFound("User not found.")
        if person is not None and person["is_member"]:
            raise Conflict("This user is already a member.", remediation="Change their role with PUT.")
        if not authenticate().is_operator:
            if "user_id" in body:
                raise NotFound("User not found.")
            return jsonify(_offer(conn, business_id, body, verifies=False)), 201
        if person is not None:
            _check_not_promoting_self(person["user_id"], body["role"])
            if _needs_proof(person):  # its password may belong to another person
                return jsonify(_offer(conn, business_id, {**person, "role": body["role"]}, verifies=True)), 201
        if person is not None:
            user_id = person["user_id"]
        else:
            user_id = users.insert_user(conn, None, body)
            audit(conn, None, "create", "user", user_id, set(body) - {"role"})
        members.insert_member(conn, business_id, user_id, body["role"])
        audit(conn, business_id, "create", "member", user_id, ["role"])
        has_password = person is not None and person["has_password"]
        # Revoke older links, which may be known to others and must not give access to this business.
        email = person["email"] if person else body["email"]
        member_invitations.delete_invitation_for_email(conn, business_id, email)
        invitation = None if has_password else _invite(conn, business_id, user_id, email)
    publish_members(business_id)
    return jsonify({"user_id": user_id, "role": body["role"], "invitation": invitation}), 201


@blueprint.put("/businesses/<business_id>/members/<user_id>")
@require_owner
@accepts("members_update")
@returns(200, "member", also=(409,))
def update_member(business_id: UUID, user_id: UUID, body: dict[str, Any]) -> Response:
    """Change a member's role. The last owner cannot be demoted."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, business_id)
        member = members.get_member(conn, business_id, user_id)
        if member["role"] != "owner":
            _check_not_promoting_self(user_id, body["role"])
            _check_proved(conn, business_id, user_id, body["role"])
        elif body["role"] != "owner":
            member_invitations.delete_all_invitations(conn, business_id)
        members.update_role(conn, business_id, user_id, body["role"])
        changed = members.get_member(conn, business_id, user_id)
        audit(conn, business_id, "update", "member", user_id, changed_fields(member, changed))
    publish_members(business_id)
    return jsonify(changed)


@blueprint.delete("/businesses/<business_id>/members/<user_id>")
@require_owner
@returns(204, also=(409,))
def delete_member(business_id: UUID, user_id: UUID) -> tuple[str, int]:
    """Remove a member immediately. The last owner cannot be removed.

    Removing an owner revokes all open invitations, because they may be for other addresses of the same person."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, business_id)
        member = members.get_member(conn, business_id, user_id)
        members.delete_member(conn, business_id, user_id)
        member_invitations.delete_invitation_for_email(conn, business_id, member["email"])
        if member["role"] == "owner":
            member_invitations.delete_all_invitations(conn, business_id)
        audit(conn, business_id, "delete", "member", user_id)
    publish_members(business_id)
    return "", 204


@blueprint.post("/businesses/<business_id>/members/<user_id>/invitation")
@require_owner
@returns(201, "invitation", also=(409,))
def create_invitation_of_member(business_id: UUID, user_id: UUID) -> tuple[Response, int]:
    """Create a link for a member without a password. The previous link stops working."""
    with current_context().database.transaction() as conn:
        members.get_member(conn, business_id, user_id)
        person = members.find_staff(conn, business_id, user_id, None)
        if person is None or person["has_password"]:
            raise Conflict(
                "This user already has a password.",
                remediation="If it was forgotten, an operator can create a link with POST /users/{user_id}/invitation.",
            )
        if not authenticate().is_operator and (person["is_member_elsewhere"] or person["is_admin"]):
            # The link gives access to everything that the user has access to.
            raise Conflict(
                "This user also has access outside this business.",
                remediation="Ask an operator for the link.",
            )
        return jsonify(_invite(conn, business_id, user_id, person["email"])), 201


@blueprint.post("/users/<user_id>/invitation")
@require_api_key
@returns(201, "invitation", also=(409,))
def create_invitation(user_id: UUID) -> tuple[Response, int]:
    """Create a link with which a staff user sets a new password."""
    with current_context().database.transaction() as conn:
        user = users.lock_user(conn, None, user_id)
        if user["business_id"] is not None:
            raise Conflict("Customers cannot sign in.", remediation="Invite their address to the business as a member.")
        return jsonify(_invite(conn, None, user_id, user["email"])), 201


def publish_members(business_id: UUID) -> None:
    """Tell connected clients that members or their roles have changed. The change is committed."""
    current_context().live.publish(business_id, {"type": "members.changed"})


def _offer(conn: Connection, business_id: UUID, values: Row, verifies: bool) -> dict[str, Any]:
    """An invitation to join the business, which is the same whether or not the address has an account. `values`: email,
    first_name, last_name, role."""
    _check_has_email(values["email"])
    caller, is_mailed = authenticate(), _is_mailed()
    if is_mailed:
        _check_may_mail(conn, business_id)
    token, token_hash = new_token()
    names = {name: values.get(name) or "" for name in ("first_name", "last_name")}
    values = {**values, **names, "invited_by": caller.user_id}
    row = member_invitations.save_invitation(conn, business_id, values, token_hash, INVITATION_LIFETIME, verifies)
    audit(conn, business_id, "create", "invitation", row["invitation_id"], ["role"])
    if is_mailed and caller.user_id is not None:
        send_member_invitation(conn, business_id, row["invitation_id"], caller.user_id)
    url = None if is_mailed else page_link(f"app/invitation#join={token}")
    link = {"url": url, "expires_at": row["expires_at"]}
    return {"invitation_id": row["invitation_id"], "role": values["role"], "invitation": link}


def _needs_proof(person: Row) -> bool:
    """Whether somebody has set a password who may not be the owner of the address."""
    return bool(person["has_password"] and not person["is_verified"])


def _check_proved(conn: Connection, business_id: UUID, user_id: UUID, role: str) -> None:
    """Raises Conflict if an operator makes an unverified account an owner. An owner answers for their own business."""
    person = members.find_staff(conn, business_id, user_id, None)
    if role == "owner" and authenticate().is_operator and person is not None and _needs_proof(person):
        raise unverified_account()


def _check_not_promoting_self(user_id: UUID, role: str) -> None:
    if role == "owner" and user_id == authenticate().user_id:
        raise Forbidden("You cannot make yourself an owner.", remediation="Ask an owner of the business.")


def _invite(conn: Connection, business_id: UUID | None, user_id: UUID, email: str | None) -> dict[str, Any]:
    """A link to set a password. The secret is in the URL's fragment, which browsers do not send, so it appears in no
    server log. Raises Conflict if the user has no email address."""
    _check_has_email(email)
    is_mailed = business_id is not None and _is_mailed()
    if business_id is not None and is_mailed:
        _check_may_mail(conn, business_id)
        send_first_password(conn, business_id, user_id)
    token, token_hash = new_token()
    verifies = authenticate().is_operator
    expires_at = invitations.save_invitation(conn, user_id, token_hash, INVITATION_LIFETIME, verifies)
    audit(conn, business_id, "create", "invitation", user_id)
    url = None if is_mailed else page_link(f"app/invitation#token={token}")
    return {"url": url, "expires_at": expires_at}


def _is_mailed() -> bool:
    """Whether links are mailed instead of shown. Operators always see them, for people who do not get mail."""
    return current_context().config.mail_server is not None and not authenticate().is_operator


def _check_may_mail(conn: Connection, business_id: UUID) -> None:
    """Raises Conflict or RateLimited if the caller could make us send mail to many strangers."""
    user_id = authenticate().user_id
    if user_id is None or not sessions.get_account(conn, user_id)["is_verified"]:
        raise Conflict(
            "Your own email address is not confirmed yet.",
            remediation="Confirm it with the link that POST /auth/email-verification sends you.",
        )
    if audit_log.count_today(conn, business_id, "create", "invitation") >= MAX_MAILED_PER_DAY:
        raise RateLimited(
            f"At most {MAX_MAILED_PER_DAY} invitations are mailed per day.", headers={"Retry-After": "3600"}
        )


def _check_has_email(email: str | None) -> None:
    if not email:
        raise Conflict("This user has no email address.", remediation="Set one with PUT /users/{user_id}.")
