"""Trials of releases. docs/releases.md explains them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import Conflict
from db import Connection
from message_processing.release import read_release
from repositories import businesses, release_trials, releases
from routes.decorators import accepts, returns
from routes.editing import audit

blueprint = Blueprint("release_trials", __name__)

_NO_TRIAL = {"release_id": None, "number": None, "percent": 0}


@blueprint.get("/releases/trial")
@require_business_viewer
@returns(200, "release_trial")
def get_trial() -> Response:
    """Retrieve the release that answers a share of the new conversations. Without a trial, its ID is null."""
    with current_context().database.read_only() as conn:
        return jsonify(release_trials.get_trial(conn, g.business_id) or _NO_TRIAL)


@blueprint.put("/releases/trial")
@require_business_api_key
@accepts("release_trial_set")
@returns(200, "release_trial", also=(409,))
def set_trial(body: dict[str, Any]) -> Response:
    """Let a release answer a share of the new conversations, or change that share.

    All new conversations of a customer are answered with the same release. Conversations stay with it until the trial
    ends."""
    release_id = UUID(body["release_id"])
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)
        _check_was_published(conn, release_id)
        check_can_be_tried(conn, release_id)
        release_trials.set_trial(conn, g.business_id, release_id, body["percent"])
        audit(conn, g.business_id, "update", "release", release_id, ["trial_percent"])
        return jsonify(release_trials.get_trial(conn, g.business_id))


@blueprint.delete("/releases/trial")
@require_business_api_key
@returns(204, also=(409,))
def end_trial() -> tuple[str, int]:
    """End the trial. The live release answers its conversations too, unless `settings.pin` is `conversation`."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)
        trial = release_trials.get_trial(conn, g.business_id)
        if trial is None:
            raise Conflict("There is no trial.")
        release_trials.end_trial(conn, g.business_id)
        audit(conn, g.business_id, "update", "release", trial["release_id"], ["trial_percent"])
    return "", 204


def check_can_be_tried(conn: Connection, release_id: UUID) -> None:
    """Raises NotFound, and Conflict if the release is live or has no stage."""
    if release_id == businesses.get_business(conn, g.business_id)["live_release_id"]:
        raise Conflict("The release is live: it answers all conversations.")
    snapshot = releases.get_release(conn, g.business_id, release_id)["snapshot"]
    if read_release(release_id, snapshot).default_stage is None:
        raise Conflict("The release has no active stage.")


def _check_was_published(conn: Connection, release_id: UUID) -> None:
    """Raises NotFound, and Conflict for a draft that never answered customers: its test cases may not have run."""
    release = releases.get_release(conn, g.business_id, release_id)
    if release["is_draft"] and not release["is_used"]:
        raise Conflict(
            "The release was never published.", remediation="Restore it as the draft, and publish that with `percent`."
        )
