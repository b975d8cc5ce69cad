"""Every request has an id, which its answer and its log lines carry."""

import logging
import secrets
import time

from flask import Flask, Response, g, request

from core import logs, metrics

logger = logging.getLogger("icmp")


def register_request_log(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.started = time.monotonic()
    logs.request_id.set(secrets.token_hex(8))


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = logs.request_id.get() or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    seconds = time.monotonic() - g.started
    route = request.url_rule.rule if request.url_rule else None
    metrics.count_request(request.method, route, response.status_code, seconds)
    logger.info(
        "request",
        extra={
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "duration_ms": round(seconds * 1000),
            "business_id": g.get("business_id"),
        },
    )
    return response
