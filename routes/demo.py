"""Opening the demo business of the development environment, without a password."""

import secrets
from uuid import UUID

from flask import Blueprint, Response

from auth import public
from core.context import current_context
from core.development import load_development
from core.errors import NotFound
from db import Connection
from repositories import members, sessions
from routes.decorators import returns
from routes.limits import rate_limit
from routes.login import audit_sign_in, login_response, new_session, password_changed_concurrently
from security.cross_site import check_same_site
from security.passwords import hash_password

blueprint = Blueprint("demo", __name__)


@blueprint.post("/auth/demo")
@public
@rate_limit("login")
@returns(200, "login", also=(403, 404, 409))
def open_demo() -> Response:
    """Sign in as the owner of the demo business, which only exists in development. The token is set as a cookie."""
    check_same_site()
    database = current_context().database
    with database.transaction() as conn:
        demo = find_demo(conn)
        if demo is None:
            raise NotFound("There is no demo business.", remediation="`make run` creates it in an empty database.")
        business_id, owner_id = demo
        password_hash = sessions.get_account(conn, owner_id)["password_hash"]
    # A login belongs to a password. No one knows this one.
    new_hash = hash_password(secrets.token_urlsafe(32)) if password_hash is None else None
    with database.transaction() as conn:
        if new_hash is not None and not sessions.change_password(conn, owner_id, None, new_hash):
            raise password_changed_concurrently()
        session = new_session(conn, owner_id, new_hash or password_hash)
        if session is None:
            raise password_changed_concurrently()
        audit_sign_in(conn, owner_id, business_id)
        return login_response(conn, owner_id, session, business_id, bearer=False)


def find_demo(conn: Connection) -> tuple[UUID, UUID] | None:
    """The IDs of the demo business and its owner; None if this database has no demo."""
    demo = load_development(current_context().config).find_demo()
    return demo if demo is not None and members.is_member(conn, *demo) else None
