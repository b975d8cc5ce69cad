"""Health, metrics, the OpenAPI document and product information."""

import logging
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, g, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from auth import public, require_api_key, require_business_viewer
from core import metrics
from core.context import current_context
from core.server.signals import stopping
from llm.recent_calls import MAX_CALLS, NO_MODEL, WINDOW, ModelStatus, judge, results_of
from repositories import businesses, llm_calls
from routes.decorators import returns
from routes.limits import rate_limit
from routes.openapi import VERSION, build_openapi

blueprint = Blueprint("system", __name__)

logger = logging.getLogger(__name__)


@blueprint.get("/ping")
@public
@rate_limit("none")
@returns(200, "pong")
def ping() -> Response:
    """Check whether the server responds."""
    return jsonify({"message": "pong"})


@blueprint.get("/health")
@public
@rate_limit("none")
@returns(200, "health")
@returns(503, "health")
def read_health() -> tuple[Response, int]:
    """Check whether this process can answer messages, and whether its model does.

    200: it is not stopping, its database can be written and its heartbeat is recorded. A model that is down is reported
    too, but with 200: the process still stores messages and sends fixed replies, and restarting it would not help."""
    context = current_context()
    model = context.recent_calls.status() if context.config.has_model else NO_MODEL
    if stopping.is_set():
        return _unavailable(model, "ok", "The server is stopping.")
    problem = context.scheduler.find_problem()
    if problem is not None:
        logger.warning("unhealthy", extra={"cause": problem})
        return _unavailable(model, "unavailable", problem)
    return jsonify({"status": "ok", "database": "ok", "model": model}), 200


def _unavailable(model: ModelStatus, database: str, cause: str) -> tuple[Response, int]:
    return jsonify({"status": "unavailable", "database": database, "model": model, "cause": cause}), 503


@blueprint.get("/model-status")
@require_business_viewer
@returns(200, "model_status")
def read_model_status() -> Response:
    """Check whether the model answers this business, by its calls of the last ten minutes."""
    context, now = current_context(), datetime.now(UTC)
    with context.database.transaction() as conn:
        settings = businesses.get_business(conn, g.business_id)["settings"]
        if not context.config.has_model and "model_server" not in settings:
            return jsonify(NO_MODEL)
        rows = llm_calls.list_ended_since(conn, g.business_id, now - WINDOW, MAX_CALLS)
    return jsonify(judge(results_of(rows), now))


@blueprint.get("/openapi.json")
@public
@returns(200, "openapi")
def read_openapi() -> Response:
    """Retrieve the OpenAPI 3.1 document of this API."""
    return jsonify(build_openapi(current_app))


@blueprint.get("/metrics")
@require_api_key
@rate_limit("none")
@returns(200, media_type=metrics.MEDIA_TYPE)
def read_metrics() -> Response:
    """Retrieve the Prometheus metrics of all processes of this server."""
    return Response(metrics.render(), content_type=metrics.CONTENT_TYPE)


@public
def welcome() -> BaseResponse:
    """A welcome text. Browsers are redirected to the front-end."""
    if request.accept_mimetypes.best_match(["text/plain", "text/html"]) == "text/html":
        return redirect("/app/")
    return Response("Welcome to ICMP!", mimetype="text/plain")


@public
@returns(200, "product_info")
def read_product() -> Response:
    """The product's name, version and links."""
    return jsonify(
        {
            "name": "ICMP",
            "version": VERSION,
            "model_connected": current_context().config.has_model,
            "engine": "model" if current_context().config.has_model else "rules",
            "links": {
                "openapi": "/api/v1/openapi.json",
                "docs": "/api/v1/docs",
                "health": "/api/v1/health",
                "api": "/api/v1",
            },
        }
    )
