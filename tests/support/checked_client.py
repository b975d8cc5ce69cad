"""A test client that validates every response against the OpenAPI document."""

import re
from fnmatch import fnmatch
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from core.validation import conforms_to
from core.view_spec import spec_of
from routes.openapi import build_openapi


class CheckedClient(FlaskClient):
    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        check_response(self.application, response)
        return response


def check_response(app: Flask, response: TestResponse) -> None:
    """Raises AssertionError if the status or body of the response is not documented."""
    request = response.request
    if request.method == "HEAD":  # has no body
        return
    try:
        rule, _ = app.url_map.bind("localhost").match(request.path, method=request.method, return_rule=True)
    except HTTPException:
        _check_error(response)
        return
    spec = spec_of(app.view_functions[rule.endpoint])
    if request.method == "OPTIONS" or not spec.responses:
        return
    documented = documented_responses(app, rule.rule, request.method)
    assert str(response.status_code) in documented, f"{response.status_code} is not documented: {response.text}"
    if response.mimetype == "text/event-stream":
        assert "text/event-stream" in documented[str(response.status_code)]["content"]
        return
    schema = spec.responses.get(response.status_code)
    if response.status_code not in spec.responses:
        _check_error(response)
    elif spec.file_type == response.mimetype:
        pass  # of any content
    elif spec.media_type:
        assert fnmatch(response.mimetype, spec.media_type)  # such as image/*
    elif schema is None:
        assert response.data == b""
    else:
        assert conforms_to(response.get_json(), schema) == []


def documented_responses(app: Flask, rule: str, method: str) -> dict[str, Any]:
    if "openapi_for_tests" not in app.extensions:
        app.extensions["openapi_for_tests"] = build_openapi(app)
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)
    responses: dict[str, Any] = app.extensions["openapi_for_tests"]["paths"][path][method.lower()]["responses"]
    return responses


def _check_error(response: TestResponse) -> None:
    assert conforms_to(response.get_json(), "error") == []
    assert response.get_json()["request_id"] == response.headers["X-Request-Id"]
