"""Replays of recorded turns. docs/replay.md explains them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key
from core.context import current_context
from message_processing.replay.recorded import load_turn
from message_processing.replay.release_choice import find_release, with_overrides
from message_processing.replay.result import compare
from repositories import llm_calls
from routes.decorators import accepts, returns
from routes.editing import audit

blueprint = Blueprint("replays", __name__)


@blueprint.post("/turns/<turn_id>/replay")
@require_business_api_key
@accepts("turns_replay", optional=True)
@returns(200, "replayed_turn", also=(404, 409))
def replay_turn(turn_id: UUID, body: dict[str, Any]) -> Response:
    """Answer a message again with the recorded data, to see what another release, template or model changes.

    The conversation stays as it is. Actions and calls to other systems are not carried out: their recorded results
    are used. The calls to the model cost money, and are listed with the step `replay`."""
    context = current_context()
    which = body.get("release", "draft")
    with context.database.transaction() as conn:
        recorded = load_turn(conn, g.business_id, turn_id, context.releases)
        release, number = (
            (recorded.release, recorded.release_number)
            if which == "recorded"
            else find_release(conn, g.business_id, which, context.releases)
        )
        release = with_overrides(release, body.get("overrides", {}))
        audit(conn, g.business_id, "replay", "turn", turn_id, body)
    replayed = context.replayer.run(recorded, release, body.get("model"))
    with context.database.transaction() as conn:
        llm_calls.insert_calls(conn, g.business_id, replayed.call_rows)
    return jsonify(compare(recorded, replayed, release, number))
