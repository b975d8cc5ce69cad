"""Drafts: what differs from the live release, and what must not happen while they are reviewed."""

from typing import Any
from uuid import UUID

from core.errors import Conflict, InvalidRequest
from db import Connection
from message_processing.release_changes import Change, list_changes
from repositories import businesses, release_checks, releases


def has_reviews(conn: Connection, business_id: UUID) -> bool:
    """Whether the business reviews its drafts before they are published."""
    return _is_reviewed(businesses.get_business(conn, business_id)["settings"])


def draft_changes(conn: Connection, business_id: UUID) -> list[Change]:
    """What publishing the draft would change."""
    return list_changes(releases.get_live(conn, business_id)["snapshot"], releases.draft_snapshot(conn, business_id))


def check_publishing(conn: Connection, business_id: UUID, before: Any, after: Any) -> None:
    """Raises InvalidRequest if the settings would publish a draft that nobody has reviewed."""
    if not _is_reviewed(before) or _is_reviewed(after):
        return
    if draft_changes(conn, business_id) or release_checks.find_checking(conn, business_id):
        raise InvalidRequest.at(
            "$.settings.publishing", "There are unpublished changes. Publish or discard them first."
        )


def check_stage_is_not_live(conn: Connection, business_id: UUID, stage_id: UUID) -> None:
    """Raises Conflict if the live release still needs the stage, because drafts are reviewed."""
    if has_reviews(conn, business_id) and releases.has_stage(conn, business_id, stage_id):
        raise Conflict(
            "The stage is part of the live release, or of one that is on trial or being checked.",
            remediation="Switch it off and publish, and then delete it.",
        )


def check_agent_is_not_live(conn: Connection, business_id: UUID, agent_id: UUID) -> None:
    """Raises Conflict if a stage of the live release still needs the agent, because drafts are reviewed."""
    if has_reviews(conn, business_id) and releases.has_agent(conn, business_id, agent_id):
        raise Conflict(
            "The agent belongs to a stage of the live release, or of one that is on trial or being checked.",
            remediation="Remove it from its stages and publish, and then delete it.",
        )


def check_no_stage_is_live(conn: Connection, business_id: UUID) -> None:
    """Raises Conflict if all stages would be replaced although drafts are reviewed."""
    if has_reviews(conn, business_id):
        raise Conflict(
            "The stages are part of the live release.",
            remediation="Set `publishing` to `direct` to replace all stages at once.",
        )


def _is_reviewed(settings: Any) -> bool:
    return bool(settings.get("publishing") == "reviewed")
