"""Health, metrics, the OpenAPI document and product information."""

import threading
from queue import Empty, SimpleQueue

from flask import Blueprint, Response, current_app, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from auth import public, require_api_key
from core import metrics
from core.context import current_context
from core.errors import IcmpError
from db import Database
from repositories import health
from routes.decorators import returns
from routes.limits import rate_limit
from routes.openapi import VERSION, build_openapi

blueprint = Blueprint("system", __name__)

HEALTH_TIMEOUT = 5.0  # seconds until an unresponsive database counts as unavailable
_check_running = threading.Lock()


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
    """Check whether the server and its database respond."""
    if not _responds_in_time(current_context().database):
        return jsonify({"status": "unavailable", "database": "unavailable"}), 503
    return jsonify({"status": "ok", "database": "ok"}), 200


def _responds_in_time(database: Database) -> bool:
    """Whether the database responds within HEALTH_TIMEOUT. Queries run one at a time in a separate thread, because an
    unresponsive database blocks the thread."""
    if not _check_running.acquire(timeout=HEALTH_TIMEOUT):
        return False
    result: SimpleQueue[bool] = SimpleQueue()

    def check() -> None:
        try:
            with database.transaction() as conn:
                health.check(conn)
            result.put(True)
        except IcmpError:
            result.put(False)
        finally:
            _check_running.release()

    threading.Thread(target=check, name="health", daemon=True).start()
    try:
        return result.get(timeout=HEALTH_TIMEOUT)
    except Empty:
        return False


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
