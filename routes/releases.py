"""Releases of a business's design, and its draft. docs/releases.md explains both."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import Conflict
from db import Connection, Row
from message_processing.release_changes import list_changes
from repositories import businesses, release_trials, releases
from repositories.restored_design import write_design
from routes.decorators import accepts, accepts_query, returns
from routes.drafts import draft_changes
from routes.editing import audit, author
from routes.pagination import creation_cursor, page_response, read_page
from routes.release_trials import start_trial

blueprint = Blueprint("releases", __name__)


@blueprint.get("/releases")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "releases")
def list_releases(query: dict[str, Any]) -> Response:
    """List releases, the latest first. Old ones that answered no message are deleted."""
    page = read_page({**query, "order": "newest"})
    with current_context().database.transaction() as conn:
        rows = releases.list_releases(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "release_id"))


@blueprint.get("/releases/<release_id>/changes")
@require_business_viewer
@returns(200, "release_changes")
def list_release_changes(release_id: UUID) -> Response:
    """List what a release changed, compared with the one before it."""
    with current_context().database.read_only() as conn:
        release = releases.get_release(conn, g.business_id, release_id)
    changes = list_changes(release["previous"], release["snapshot"]) if release["previous"] else []
    return jsonify({"changes": changes})


@blueprint.get("/releases/draft/changes")
@require_business_viewer
@returns(200, "release_changes")
def list_draft_changes() -> Response:
    """List what publishing the draft would change. Always empty if `settings.publishing` is `direct`."""
    with current_context().database.read_only() as conn:
        return jsonify({"changes": draft_changes(conn, g.business_id)})


@blueprint.post("/releases")
@require_business_api_key
@accepts("releases_publish", optional=True)
@returns(201, "release_published", also=(409,))
def publish_draft(body: dict[str, Any]) -> tuple[Response, int]:
    """Publish the draft. It answers all messages that arrive from now on, and a trial ends.

    With `percent`, the draft starts a trial instead: it answers only this share of the new conversations."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)
        if not draft_changes(conn, g.business_id):
            raise Conflict("There are no unpublished changes.")
        if "percent" in body:
            return _on_trial(conn, body), 201
        return _published(conn, {"note": body.get("note")}), 201


@blueprint.post("/releases/<release_id>/restore")
@require_business_api_key
@accepts("releases_create", optional=True)
@returns(201, "release_published", also=(409,))
def restore_release(release_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Publish the design of an earlier release again. A trial ends.

    A draft that is not published is kept as a release. Stages that the release does not have are deleted, or switched
    off if conversations are in them. Settings and the profile of the business stay as they are."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)
        release = releases.get_release(conn, g.business_id, release_id)
        _keep_draft(conn)
        write_design(conn, g.business_id, release["snapshot"])
        return _published(conn, {"note": body.get("note"), "restored_from": release["number"]}, "restore"), 201


@blueprint.delete("/releases/draft")
@require_business_api_key
@returns(204, also=(409,))
def discard_draft() -> tuple[str, int]:
    """Discard the draft: edit the live design again. The draft is kept as a release that can be restored."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)
        if release_trials.get_trial(conn, g.business_id):
            raise Conflict(
                "A release is on trial, which may need what the draft contains.", remediation="End the trial."
            )
        draft = _keep_draft(conn)
        if draft is None:
            raise Conflict("There are no unpublished changes.")
        write_design(conn, g.business_id, releases.get_live(conn, g.business_id)["snapshot"])
        audit(conn, g.business_id, "discard", "release", draft["release_id"])
    return "", 204


def _keep_draft(conn: Connection) -> Row | None:
    """The release that keeps the draft; None if there is nothing to keep."""
    return releases.keep_draft(conn, g.business_id, author()) if draft_changes(conn, g.business_id) else None


def _published(conn: Connection, values: dict[str, Any], action: str = "publish") -> Response:
    release = releases.publish(conn, g.business_id, {**author(), **values})
    release_trials.end_trial(conn, g.business_id)
    fields = [name for name, value in values.items() if value]
    audit(conn, g.business_id, action, "release", release["release_id"], fields)
    return jsonify({"release_id": release["release_id"], "number": release["number"]})


def _on_trial(conn: Connection, body: dict[str, Any]) -> Response:
    release = releases.keep_draft(conn, g.business_id, {**author(), "note": body.get("note")})
    start_trial(conn, release["release_id"], body["percent"])
    audit(conn, g.business_id, "publish", "release", release["release_id"], body.keys())
    return jsonify(release)
