"""Turns and LLM calls: how replies were created."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import for_messages, require_business_viewer
from core.context import current_context
from db import Row
from repositories import conversations, llm_calls, turn_steps, turns
from routes.decorators import accepts_query, returns
from routes.pagination import creation_cursor, page_response, read_page, read_sequence_page

blueprint = Blueprint("turns", __name__)


@blueprint.get("/conversations/<conversation_id>/turns")
@require_business_viewer
@for_messages
@accepts_query("turns_list")
@returns(200, "turns")
def list_turns(conversation_id: UUID, query: dict[str, Any]) -> Response:
    """List the turns of a conversation in order."""
    seq, limit = read_sequence_page(query)
    is_newest_first = query.get("order") == "newest"
    with current_context().database.transaction() as conn:
        conversations.get_conversation(conn, g.business_id, conversation_id)
        rows = turns.list_turns(conn, g.business_id, conversation_id, seq, limit + 1, is_newest_first=is_newest_first)
    return page_response(rows, limit, lambda row: str(row["seq"]))


@blueprint.get("/turns/<turn_id>")
@require_business_viewer
@returns(200, "turn_detail")
def read_turn(turn_id: UUID) -> Response:
    """Retrieve a turn with every step: prompt, variables, response, tokens, cost, time and decision."""
    with current_context().database.transaction() as conn:
        turn = turns.get_turn(conn, g.business_id, turn_id)
        steps = turn_steps.list_steps(conn, g.business_id, turn_id)
        calls = llm_calls.list_calls_of_turn(conn, g.business_id, turn_id)
    return jsonify({**turn, "steps": _with_calls(steps, calls)})


@blueprint.get("/llm-calls")
@require_business_viewer
@accepts_query("llm_calls_list")
@returns(200, "llm_calls")
def list_llm_calls(query: dict[str, Any]) -> Response:
    """List requests to language models, without their prompts and responses."""
    page = read_page(query)
    names = ("turn_id", "conversation_id", "template_id", "step", "status")
    with current_context().database.transaction() as conn:
        list_calls = llm_calls.list_latest_calls if page.is_newest_first else llm_calls.list_calls
        rows = list_calls(conn, g.business_id, page, {name: query[name] for name in names if name in query})
    return page_response(rows, page.limit, creation_cursor("created_at", "call_id"))


@blueprint.get("/llm-calls/<call_id>")
@require_business_viewer
@returns(200, "llm_call_detail")
def read_llm_call(call_id: UUID) -> Response:
    """Retrieve a request to a language model with its prompt and response."""
    with current_context().database.transaction() as conn:
        return jsonify(llm_calls.get_call(conn, g.business_id, call_id))


def _with_calls(steps: list[Row], calls: list[Row]) -> list[dict[str, Any]]:
    """Each attempt at a step with its LLM calls."""
    by_attempt: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for call in calls:
        by_attempt[call["step"], call["step_attempt"]].append(call)
    return [{**step, "calls": by_attempt[step["step"], step["attempt"]]} for step in steps]
