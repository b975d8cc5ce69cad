"""Replays of recorded turns. docs/replay.md explains them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import Conflict
from db import Connection
from message_processing.replay import sets
from message_processing.replay.choices import choose_model, find_release, with_overrides
from message_processing.replay.estimate import estimate_turns
from message_processing.replay.recorded import load_turn
from message_processing.replay.result import compare
from repositories import businesses, llm_calls, releases, replayed_turns, replays, stages
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit
from routes.pagination import creation_cursor, page_response, read_filters, read_page, read_sequence_page

blueprint = Blueprint("replays", __name__)

MAX_RUNNING = 5  # of a business
MAX_TURNS = 1_000


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
        which = str(recorded.release.release_id) if which == "recorded" else which
        release, number = find_release(conn, g.business_id, which, context.releases)
        release = with_overrides(release, body.get("overrides", {}))
        audit(conn, g.business_id, "replay", "turn", turn_id, body)
    replayed = context.replayer.run(recorded, release, body.get("model"))
    with context.database.transaction() as conn:
        if replayed_turns.lock_customer(conn, g.business_id, turn_id):
            llm_calls.insert_calls(conn, g.business_id, replayed.call_rows)
    return jsonify(compare(recorded, replayed, release, number))


@blueprint.post("/replays")
@require_business_api_key
@accepts("replays_create", max_kb=2048)
@returns(201, "replay", also=(404,))
def create_replay(body: dict[str, Any]) -> tuple[Response, int]:
    """Select turns to replay, and estimate what that costs. No model is called before the replay is started."""
    context = current_context()
    which, overrides, model = body.get("release", "draft"), body.get("overrides", {}), body.get("model")
    with context.database.transaction() as conn:
        release, number = find_release(conn, g.business_id, "live" if which == "recorded" else which, context.releases)
        if which != "recorded":
            with_overrides(release, overrides)  # whether they fit
        chosen = choose_model(context.models, g.business_id, release, model)
        turn_ids = _select_turns(conn, body["turns"])
        calls = replayed_turns.list_calls(conn, g.business_id, turn_ids)
        values = {
            "name": body.get("name"),
            "release": which,
            "release_id": release.release_id if number is not None and which != "recorded" else None,
            "draft": releases.draft_design(conn, g.business_id) if which == "draft" else None,
            "overrides": overrides,
            "model": model,
            "turns": body["turns"],
            "limit_usd": body.get("limit_usd"),
        }
        estimates = estimate_turns(turn_ids, calls, release, chosen)
        replay_id = replays.insert_replay(conn, g.business_id, values, estimates)
        audit(conn, g.business_id, "create", "replay", replay_id, body)
        return jsonify(replays.get_replay(conn, g.business_id, replay_id)), 201


@blueprint.get("/replays")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "replays")
def list_replays(query: dict[str, Any]) -> Response:
    """List the latest 100 replays without their results, newest first."""
    page = read_page({**query, "order": "newest"})
    with current_context().database.transaction() as conn:
        rows = replays.list_replays(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "replay_id"))


@blueprint.get("/replays/<replay_id>")
@require_business_viewer
@returns(200, "replay")
def read_replay(replay_id: UUID) -> Response:
    """Retrieve a replay with its progress, without its results."""
    with current_context().database.transaction() as conn:
        return jsonify(replays.get_replay(conn, g.business_id, replay_id))


@blueprint.get("/replays/<replay_id>/results")
@require_business_viewer
@accepts_query("replay_results_list")
@returns(200, "replay_results", also=(404,))
def list_replay_results(replay_id: UUID, query: dict[str, Any]) -> Response:
    """List what became of the turns of a replay so far, in their order, optionally only one kind of difference."""
    after, limit = read_sequence_page(query)
    with current_context().database.transaction() as conn:
        replays.get_replay(conn, g.business_id, replay_id)
        rows = replays.list_results(conn, g.business_id, replay_id, after, limit, query.get("difference"))
    return page_response(rows, limit, lambda row: str(row["position"]))


@blueprint.post("/replays/<replay_id>/start")
@require_business_api_key
@accepts("replays_start", optional=True)
@returns(200, "replay", also=(404, 409))
def start_replay(replay_id: UUID, body: dict[str, Any]) -> Response:
    """Start a replay that is estimated, or continue one that is paused, perhaps with another limit."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)
        _check_status(conn, replay_id, "estimated", "paused")
        if replays.count_running(conn, g.business_id) >= MAX_RUNNING:
            raise Conflict("Too many replays are running.", remediation="Pause one, or wait until one has finished.")
        if "limit_usd" in body:
            replays.set_limit(conn, g.business_id, replay_id, body["limit_usd"])
        sets.start(conn, g.business_id, replay_id)
        audit(conn, g.business_id, "start", "replay", replay_id, body)
        replay = replays.get_replay(conn, g.business_id, replay_id)
    current_context().jobs.wake_up()
    return jsonify(replay)


@blueprint.post("/replays/<replay_id>/pause")
@require_business_api_key
@returns(200, "replay", also=(404, 409))
def pause_replay(replay_id: UUID) -> Response:
    """Pause a replay. The turns that are being replayed are still finished."""
    return _end(replay_id, "pause", "paused", "running")


@blueprint.post("/replays/<replay_id>/cancel")
@require_business_api_key
@returns(200, "replay", also=(404, 409))
def cancel_replay(replay_id: UUID) -> Response:
    """End a replay. The turns that are being replayed are still finished, and the results so far are kept."""
    return _end(replay_id, "cancel", "cancelled", "estimated", "running", "paused")


def _end(replay_id: UUID, action: str, status: str, *allowed: str) -> Response:
    with current_context().database.transaction() as conn:
        _check_status(conn, replay_id, *allowed)
        replays.set_status(conn, g.business_id, replay_id, status)
        audit(conn, g.business_id, action, "replay", replay_id)
        return jsonify(replays.get_replay(conn, g.business_id, replay_id))


def _check_status(conn: Connection, replay_id: UUID, *allowed: str) -> None:
    """Locks the replay. Raises NotFound, and Conflict if it has another status."""
    status = replays.lock_replay(conn, g.business_id, replay_id)["status"]
    if status not in allowed:
        raise Conflict(f"The replay is {status}.", remediation=f"It must be {' or '.join(allowed)}.")


def _select_turns(conn: Connection, turns: dict[str, Any]) -> list[UUID]:
    """The turns that a request selects. Raises NotFound for an unknown stage or replay."""
    if "stage_id" in turns:
        stages.get_stage(conn, g.business_id, UUID(turns["stage_id"]))
    if "same_as" in turns:
        replays.get_replay(conn, g.business_id, UUID(turns["same_as"]))
    return replayed_turns.find_turns(conn, g.business_id, {"last": MAX_TURNS, **read_filters(turns)})
