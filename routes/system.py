"""Health, metrics, the OpenAPI document and product information."""

import logging

from flask import Blueprint, Response, current_app, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from auth import public, require_api_key
from core import metrics
from core.context import current_context
from core.server.signals import stopping
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
    """Check whether this process can answer messages.

    It is not stopping, its database can be written and its heartbeat is recorded."""
    if stopping.is_set():
        return jsonify({"status": "unavailable", "database": "ok", "cause": "The server is stopping."}), 503
    problem = current_context().scheduler.find_problem()
    if problem is not None:
        logger.warning("unhealthy", extra={"cause": problem})
        return jsonify({"status": "unavailable", "database": "unavailable", "cause": problem}), 503
    return jsonify({"status": "ok", "database": "ok"}), 200


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
