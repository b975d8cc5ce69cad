"""The sessions of the caller: a user's logins, or the pages that are connected with a business key."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from auth import require_caller
from core.context import current_context
from repositories import sessions
from routes.decorators import accepts_query, returns
from routes.editing import audit
from routes.pagination import creation_cursor, page_response, read_page
from security.credentials import authenticate

blueprint = Blueprint("sessions", __name__)


@blueprint.get("/auth/sessions")
@require_caller
@accepts_query("sessions_list")
@returns(200, "sessions")
def list_sessions(query: dict[str, Any]) -> Response:
    """List the caller's sessions: their logins, or the pages connected with their business key."""
    page, caller = read_page(query), authenticate()
    with current_context().database.transaction() as conn:
        rows = sessions.list_sessions(conn, caller.user_id, caller.business_id, caller.key_id, page)
    rows = [{**row, "is_current": row["session_id"] == caller.session_id} for row in rows]
    return page_response(rows, page.limit, creation_cursor("created_at", "session_id"))


@blueprint.delete("/auth/sessions/<auth_session_id>")
@require_caller
@returns(204)
def revoke_session(auth_session_id: UUID) -> tuple[str, int]:
    """End one of the caller's sessions. Its token or cookie stops working immediately."""
    caller = authenticate()
    with current_context().database.transaction() as conn:
        sessions.revoke_session(conn, caller.user_id, caller.business_id, caller.key_id, auth_session_id)
        audit(conn, caller.business_id, "delete", "session", auth_session_id)
    return "", 204
