"""Tries a call to another system before a stage uses it."""

from typing import Any

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key
from core.context import current_context
from core.outgoing.client import MAX_SECONDS
from message_processing.accept import live_release
from message_processing.api_calls.config import check_call, texts_of
from message_processing.api_calls.request import ApiRequest
from message_processing.preview import data_of_conversation
from message_processing.templates.braces import normalise
from message_processing.templates.template_service import VariableCache, values_for
from routes.decorators import accepts, returns

blueprint = Blueprint("api_calls", __name__)


@blueprint.post("/api-calls/try")
@require_business_api_key
@accepts("api_calls_try")
@returns(200, "api_call_tried")
def try_api_call(body: dict[str, Any]) -> Response:
    """Send the request of a stage's call with the given `values`, and show what comes back. Nothing is stored."""
    context, config = current_context(), body["config"]
    check_call(config, "$.config")
    with context.database.transaction() as conn:
        release = live_release(conn, g.business_id, context.releases)
        known = data_of_conversation(conn, g.business_id, release, None).arguments
    given = {normalise(name): value for name, value in body.get("values", {}).items()}
    cache = VariableCache(context.database.read_only, search=context.knowledge)
    request = ApiRequest(config, values_for(texts_of(config), known, release.variables, cache, given))
    answer = {"outcome": "missing", "missing": request.missing, "request": request.shown}
    if request.missing:
        return jsonify({**answer, "call": None, "data": None, "body": None})
    result = context.api_calls.run(g.business_id, request, MAX_SECONDS)
    return jsonify(
        {**answer, "outcome": result.status, "call": result.record, "data": result.data, "body": result.body}
    )
