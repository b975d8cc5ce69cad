"""Gives every request an ID, which its response and its log lines carry, and logs and counts the request."""

import logging
import secrets
import time

from flask import Flask, Response, g, request

from core import logs, metrics

logger = logging.getLogger("icmp")

HEALTH_CHECKS = ("/health", "/ping")


def register_request_log(app: Flask) -> None:
    """Adds the hooks that run before and after each request."""
    app.before_request(_start_request)
    app.after_request(_log_request)


def _start_request() -> None:
    g.started = time.monotonic()
    logs.request_id.set(secrets.token_hex(8))


def _log_request(response: Response) -> Response:
    response.headers["X-Request-Id"] = logs.request_id.get() or ""
    seconds = time.monotonic() - g.started
    route = request.url_rule.rule if request.url_rule else None
    metrics.count_request(request.method, route, response.status_code, g.get("handshake_seconds", seconds))
    fields = {
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "duration_ms": round(seconds * 1000),
        "business_id": g.get("business_id"),
    }
    # Set by the view and by the error handler, where there is a turn or an error.
    fields |= {name: value for name in ("turn_id", "error_code") if (value := g.get(name)) is not None}
    # Hosts ask for the health every few seconds. A check that fails is logged like any other request.
    is_health_check = route is not None and route.endswith(HEALTH_CHECKS) and response.status_code < 400
    logger.log(logging.DEBUG if is_health_check else logging.INFO, "request", extra=fields)
    return response
