"""Drafts: what differs from the live release, and what must not happen while they are reviewed."""

from typing import Any, NoReturn
from uuid import UUID

from core.errors import Conflict, InvalidRequest
from db import Connection
from message_processing.release_changes import Change, list_changes
from repositories import businesses, releases


def is_reviewed(settings: Any) -> bool:
    """Whether edits collect in a draft until it is published."""
    return bool(settings.get("publishing") == "reviewed")


def draft_changes(conn: Connection, business_id: UUID) -> list[Change]:
    """What publishing the draft would change."""
    return list_changes(releases.get_live(conn, business_id)["snapshot"], releases.draft_snapshot(conn, business_id))


def check_publishing(conn: Connection, business_id: UUID, before: Any, after: Any) -> None:
    """Raises InvalidRequest if the settings would publish a draft that nobody has reviewed."""
    if is_reviewed(before) and not is_reviewed(after) and draft_changes(conn, business_id):
        raise InvalidRequest.at(
            "$.settings.publishing", "There are unpublished changes. Publish or discard them first."
        )


def check_stage_is_not_live(conn: Connection, business_id: UUID, stage_id: UUID) -> None:
    """Raises Conflict if the live release still needs the stage, because drafts are reviewed."""
    if is_reviewed(businesses.get_business(conn, business_id)["settings"]) and releases.has_stage(
        conn, business_id, stage_id
    ):
        _refuse(
            "The stage is part of the live release, or of the one on trial.",
            "Switch it off and publish, and then delete it.",
        )


def check_agent_is_not_live(conn: Connection, business_id: UUID, agent_id: UUID) -> None:
    """Raises Conflict if a stage of the live release still needs the agent, because drafts are reviewed."""
    if is_reviewed(businesses.get_business(conn, business_id)["settings"]) and releases.has_agent(
        conn, business_id, agent_id
    ):
        _refuse(
            "The agent belongs to a stage of the live release, or of the one on trial.",
            "Remove it from its stages and publish, and then delete it.",
        )


def check_no_stage_is_live(conn: Connection, business_id: UUID) -> None:
    """Raises Conflict if all stages would be replaced although drafts are reviewed."""
    if is_reviewed(businesses.get_business(conn, business_id)["settings"]):
        _refuse(
            "The stages are part of the live release.", "Set `publishing` to `direct` to replace all stages at once."
        )


def _refuse(message: str, remediation: str) -> NoReturn:
    raise Conflict(message, remediation=remediation)
