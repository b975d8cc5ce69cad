"""Releases of a business's design, and its draft. docs/releases.md explains both."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import Conflict, Forbidden
from db import Connection, Row
from message_processing.release_changes import list_changes
from message_processing.test_cases.release_checks import start_check
from repositories import businesses, release_checks, release_trials, releases, test_cases
from repositories.restored_design import write_design
from routes.decorators import accepts, accepts_query, returns
from routes.drafts import draft_changes, has_reviews
from routes.editing import audit, author
from routes.pagination import creation_cursor, page_response, read_page
from routes.release_trials import check_can_be_tried
from security.credentials import authenticate

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


@blueprint.get("/releases/<release_id>")
@require_business_viewer
@returns(200, "release")
def get_release(release_id: UUID) -> Response:
    """Retrieve a release without its contents."""
    with current_context().database.read_only() as conn:
        return jsonify(releases.get_summary(conn, g.business_id, release_id))


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
@returns(202, "release_published")
def publish_draft(body: dict[str, Any]) -> tuple[Response, int]:
    """Publish the draft. It answers all messages that arrive from now on, and a trial ends.

    With `percent`, the draft starts a trial instead: it answers only this share of the new conversations.

    If the draft has test cases, they run first (202). The release is published afterwards, or refused if one of them
    fails that passes with the live release."""
    if "override" in body and authenticate().kind == "business":
        raise Forbidden("A business key cannot publish without the test cases.", remediation="Sign in as an owner.")
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)
        if not draft_changes(conn, g.business_id):
            raise Conflict("There are no unpublished changes.")
        needs_check = "override" not in body and test_cases.has_cases(conn, g.business_id)
        if needs_check:
            _check_none_is_checked(conn)
        values = {"note": body.get("note"), "override_reason": body.get("override")}
        response = _publish(conn, "publish", values, body.get("percent"), needs_check=needs_check)
    current_context().jobs.wake_up()
    return response


@blueprint.post("/releases/<release_id>/restore")
@require_business_api_key
@accepts("releases_create", optional=True)
@returns(201, "release_published", also=(409,))
@returns(202, "release_published")
def restore_release(release_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Publish the design of an earlier release again. A trial ends.

    If the release was never live, its test cases run first (202).

    A draft that is not published is kept as a release. Stages that the release does not have are deleted, or switched
    off if conversations are in them. Settings and the profile of the business stay as they are."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)
        release = releases.get_release(conn, g.business_id, release_id)
        _keep_draft(conn)
        write_design(conn, g.business_id, release["snapshot"])
        values = {"note": body.get("note"), "restored_from": release["number"]}
        needs_check = (
            release["is_draft"] and has_reviews(conn, g.business_id) and test_cases.has_cases(conn, g.business_id)
        )
        response = _publish(conn, "restore", values, None, needs_check=needs_check)
    current_context().jobs.wake_up()
    return response


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
        _check_none_is_checked(conn)
        draft = _keep_draft(conn)
        if draft is None:
            raise Conflict("There are no unpublished changes.")
        write_design(conn, g.business_id, releases.get_live(conn, g.business_id)["snapshot"])
        audit(conn, g.business_id, "discard", "release", draft["release_id"])
    return "", 204


def _check_none_is_checked(conn: Connection) -> None:
    """Raises Conflict while the test cases of a release run."""
    release = release_checks.find_checking(conn, g.business_id)
    if release is not None:
        raise Conflict(
            f"The test cases of release {release['number']} are running.",
            remediation="Wait for their result, or cancel the test run.",
        )


def _keep_draft(conn: Connection) -> Row | None:
    """The release that keeps the draft; None if there is nothing to keep."""
    return releases.keep_draft(conn, g.business_id, author()) if draft_changes(conn, g.business_id) else None


def _publish(
    conn: Connection, action: str, values: dict[str, Any], percent: int | None, *, needs_check: bool
) -> tuple[Response, int]:
    """Publish the draft, or start a trial with it. If it needs a check, a background job does so afterwards."""
    release_checks.stop_check(conn, g.business_id)
    if needs_check or percent is not None:
        release = releases.keep_draft(conn, g.business_id, {**author(), **values})
    else:
        release = releases.publish(conn, g.business_id, {**author(), **values})
        release_trials.end_trial(conn, g.business_id)
    if percent is not None:
        check_can_be_tried(conn, release["release_id"])
    if needs_check:
        action = "check"
        start_check(conn, g.business_id, release["release_id"], percent)
    elif percent is not None:
        release_trials.set_trial(conn, g.business_id, release["release_id"], percent)
    fields = [*(name for name, value in values.items() if value), *(["percent"] if percent else [])]
    audit(conn, g.business_id, action, "release", release["release_id"], fields)
    return jsonify({"release_id": release["release_id"], "number": release["number"]}), 202 if needs_check else 201
