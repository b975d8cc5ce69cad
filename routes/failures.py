"""Failures as answers: one shape for every one, whoever raised it."""

import logging
from typing import Any

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from core import logs
from core.errors import BY_STATUS, IcmpError, InvalidRequest, ServerError, as_body

logger = logging.getLogger("icmp")

_MESSAGES = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    413: "The body is too large.",
}


def register_failures(app: Flask) -> None:
    """Our own errors, those of the framework, and crashes, of which a client learns the request's id only."""
    app.register_error_handler(IcmpError, render)
    app.register_error_handler(HTTPException, _render_http_error)
    app.register_error_handler(Exception, _render_crash)


def render(error: IcmpError) -> Response:
    """A failure as the answer."""
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
    return render(kind(_MESSAGES.get(status, "The request could not be read."), headers=headers))


def _render_crash(error: Exception) -> Response:
    logger.exception("request failed", extra={"error_code": "SERVER_ERROR", "path": request.path})
    return render(ServerError("Something went wrong on the server."))
