"""A claimed turn as the pipeline takes it: with its release, what is known so far, and what was committed before."""

import time
from typing import Any

from core.errors import ServerError
from db import Connection, Row
from message_processing.release import ReleaseCache
from message_processing.turn import Turn
from repositories import releases, turn_steps


def begin_turn(
    conn: Connection, cache: ReleaseCache, claim: Row, time_limit: float
) -> tuple[Turn, dict[str, dict[str, Any]]]:
    """The turn, which has `time_limit` seconds from now, and its checkpoints, out of the row of `turns.claim_turn`."""
    business_id, release_id = claim["business_id"], claim["release_id"]
    release = cache.get(release_id, lambda: releases.get_snapshot(conn, business_id, release_id))
    done = turn_steps.completed_steps(conn, claim["turn_id"]) if claim["attempts"] > 1 else {}
    standing = release.active_stage(claim["stage_before"]) or release.default_stage
    if standing is None:
        raise ServerError("The business no longer has an active stage.")
    of_conversation = (
        "conversation_summary",
        "summarised_through",
        "start_time",
        "last_updated",
        "session_id",
        "stage_id",
    )
    turn = Turn(
        turn_id=claim["turn_id"],
        business_id=business_id,
        conversation_id=claim["conversation_id"],
        user_id=claim["user_id"],
        message_id=claim["message_id"],
        seq=claim["seq"],
        message=claim["message_content"],
        session_id=claim["session_id"],
        release=release,
        deadline=time.monotonic() + time_limit,
        conversation={name: claim[name] for name in of_conversation},
        current_stage=standing,
        stage_before=claim["stage_before"],
        collected_before=claim["collected"],
    )
    return turn, done
