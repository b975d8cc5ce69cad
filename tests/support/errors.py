"""Checks of an error response."""

from typing import Any

from werkzeug.test import TestResponse

from core.validation import conforms_to


def failure(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Checks the format of an error response and returns its body."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/json"
    body: dict[str, Any] = answer.get_json()
    assert conforms_to(body, "error") == []
    assert body["error_code"] == code
    assert body["message"]
    assert body["remediation"]
    assert body["request_id"] == answer.headers["X-Request-Id"]
    return body


def paths(body: dict[str, Any]) -> set[str]:
    """The paths of the fields that an error names."""
    return {problem["path"] for problem in body["details"]}
