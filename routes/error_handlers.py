"""Turns every error into a response with the same JSON shape."""

import logging
from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from core import logs
from core.errors import BY_STATUS, IcmpError, InvalidRequest, ServerError, as_body

logger = logging.getLogger("icmp")

_MESSAGES = {
    404: "Not found.",
    405: "Method not allowed.",
    413: "The request body is too large.",
}


def register_error_handlers(app: Flask) -> None:
    """Handle our own errors, those of the framework, and unexpected exceptions, which are logged and not disclosed."""
    app.register_error_handler(IcmpError, render_error)
    app.register_error_handler(HTTPException, _render_http_error)
    app.register_error_handler(Exception, _render_unexpected_error)


def render_error(error: IcmpError) -> Response:
    """The response for an error."""
    g.error_code = error.code  # for the request's log line, like the turn's ID
    if "turn_id" in error.ids:
        g.turn_id = error.ids["turn_id"]
    response = Response(current_app.json.dumps(as_body(error, logs.request_id.get())), error.status)
    response.mimetype = "application/json"
    response.headers.update(error.headers)
    return response


def _render_http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:  # a redirect
        return error.get_response()
    kind = BY_STATUS.get(status) or (InvalidRequest if status < 500 else ServerError)
    methods = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    headers = {"Allow": ", ".join(sorted(methods))} if methods else {}
    return render_error(kind(_MESSAGES.get(status, "The request could not be parsed."), headers=headers))


def _render_unexpected_error(error: Exception) -> Response:
    logger.exception("request failed", extra={"error_code": "SERVER_ERROR", "path": request.path})
    return render_error(ServerError("An unexpected error occurred."))
