"""The action that waits for the customer's answer."""

from typing import cast

from db import Connection
from message_processing.actions.definition import PendingAction
from message_processing.release import DEFAULT_IDLE_MINUTES, Release
from repositories import actions
from repositories.turns import ClaimedTurn


def find_pending(conn: Connection, claimed: ClaimedTurn, release: Release) -> PendingAction | None:
    """The action that waits for the message of the turn. It does not wait any more if its stage has changed."""
    if not release.asks_to_confirm:
        return None
    idle_minutes = release.settings.get("idle_minutes", DEFAULT_IDLE_MINUTES)
    row = actions.find_pending(conn, claimed["business_id"], claimed["turn_id"], idle_minutes)
    stage = release.active_stage(row["stage_id"]) if row else None
    if row is None or stage is None or stage.actions[row["action_index"] :][:1] != [row["action"]]:
        return None
    return cast(PendingAction, row)
