"""The conversations behind the figures of the analytics, and questions without an answer."""

from typing import Any

from flask import Blueprint, Response, g, jsonify

from analytics import unanswered
from auth import require_business_api_key
from core.context import current_context
from db import Row
from repositories import analytics_examples
from routes.analytics import check_filters, describe, read_question
from routes.decorators import accepts_query, returns
from routes.pagination import cursor_after, page_response, read_page

blueprint = Blueprint("analytics_conversations", __name__)

_OF_CONVERSATIONS = frozenset({"conversations", "resolved", "handed_over", "abandoned", "open", "reopened"})
_DETAILS = ("from_stage_id", "field", "action", "outcome", "reason", "person_id")


@blueprint.get("/analytics/conversations")
@require_business_api_key
@accepts_query("analytics_conversations_query")
@returns(200, "analytics_conversations")
def list_conversations(query: dict[str, Any]) -> Response:
    """List the conversations, turns or handovers that a figure counts, the latest first."""
    page = read_page({**query, "order": "newest"})
    figure = query.get("figure", "conversations")
    check_filters(figure)
    details = {name: query[name] for name in _DETAILS if name in query}
    with current_context().database.read_only() as conn:
        question = read_question(conn, query)
        arguments = conn, g.business_id, question.scope, page
        if figure in _OF_CONVERSATIONS:
            rows = analytics_examples.list_conversations(*arguments, figure)
        elif figure == "handovers":
            rows = analytics_examples.list_handovers(*arguments, details)
        else:
            rows = analytics_examples.list_turns(*arguments, figure, details)
    return page_response(rows, page.limit, _cursor)


def _cursor(row: Row) -> str:
    return cursor_after(row["time"], row["takeover_id"] or row["turn_id"] or row["conversation_id"])


@blueprint.get("/analytics/unanswered")
@require_business_api_key
@accepts_query("analytics_unanswered_query")
@returns(200, "analytics_unanswered")
def list_unanswered(query: dict[str, Any]) -> Response:
    """Messages that matched no stage or article. Similar ones form a cluster."""
    with current_context().database.read_only() as conn:
        question = read_question(conn, query)
        messages = unanswered.find_messages(conn, question)
    return jsonify({**describe(question), **unanswered.report(messages)})
