"""ETags of versioned rows, and the `If-Match` header."""

from typing import Any

from flask import Response, jsonify, request

from core.errors import InvalidRequest, PreconditionFailed


def with_etag(row: dict[str, Any], status: int = 200) -> Response:
    """A response with a versioned row and its ETag."""
    response = jsonify(row)
    response.status_code = status
    response.set_etag(str(row["version"]))
    return response


def check_if_match(row: dict[str, Any]) -> None:
    """Raises PreconditionFailed, with the current ETag, if `If-Match` names another version of the row, and
    InvalidRequest if the header is present but names no version: such a client expects to be protected."""
    wanted = request.if_match
    if not wanted and "If-Match" in request.headers:
        raise InvalidRequest.at("$.headers.If-Match", "Must contain an ETag.")
    if wanted and not wanted.contains(str(row["version"])):
        raise PreconditionFailed(
            "The resource was modified by another request.", headers={"ETag": f'"{row["version"]}"'}
        )
