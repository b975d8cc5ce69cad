"""What the platform says about itself."""

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

HEALTH_WAIT = 5.0  # seconds until a database that says nothing counts as one that does not answer
_asking = threading.Lock()


@blueprint.get("/ping")
@public
@rate_limit("none")
@returns(200, "pong")
def ping() -> Response:
    """Whether the server answers."""
    return jsonify({"message": "pong"})


@blueprint.get("/health")
@public
@rate_limit("none")
@returns(200, "health")
@returns(503, "health")
def read_health() -> tuple[Response, int]:
    """Whether the server and its database answer."""
    if not _answers_in_time(current_context().database):
        return jsonify({"status": "unavailable", "database": "unavailable"}), 503
    return jsonify({"status": "ok", "database": "ok"}), 200


def _answers_in_time(asked: Database) -> bool:
    """One question at a time, in a thread of its own: a database that is silent, and not gone, keeps whoever asks for
    as long as it is."""
    if not _asking.acquire(timeout=HEALTH_WAIT):
        return False
    said: SimpleQueue[bool] = SimpleQueue()

    def ask() -> None:
        try:
            with asked.transaction() as conn:
                health.check(conn)
            said.put(True)
        except IcmpError:
            said.put(False)
        finally:
            _asking.release()

    threading.Thread(target=ask, name="health", daemon=True).start()
    try:
        return said.get(timeout=HEALTH_WAIT)
    except Empty:
        return False


@blueprint.get("/openapi.json")
@public
@returns(200, "openapi")
def read_openapi() -> Response:
    """This API, described: OpenAPI 3.1."""
    return jsonify(build_openapi(current_app))


@blueprint.get("/metrics")
@require_api_key
@rate_limit("none")
@returns(200, media_type=metrics.MEDIA_TYPE)
def read_metrics() -> Response:
    """What this server counts and times, all its processes together, as Prometheus reads it."""
    return Response(metrics.render(), content_type=metrics.CONTENT_TYPE)


def welcome() -> BaseResponse:
    """A greeting; a browser is sent to the front-end."""
    if request.accept_mimetypes.best_match(["text/plain", "text/html"]) == "text/html":
        return redirect("/app/")
    return Response("Welcome to ICMP!", mimetype="text/plain")


def read_product() -> Response:
    """The product, its version and its links."""
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


welcome = public(welcome)
read_product = returns(200, "product_info")(public(read_product))
