"""What a view takes and answers: checked here, and read by the OpenAPI from the view itself."""

import functools
from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request

from auth import json_body
from core.errors import InvalidRequest, PreconditionFailed
from core.validation import read_query, validate

View = Callable[..., Any]


def accepts(schema: str, optional: bool = False) -> Callable[[View], View]:
    """The body, valid by `schemas/<schema>.json`, as the argument `body`. An optional one may be left out."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def checked(**kwargs: Any) -> Any:
            body = {} if optional and not request.get_data(cache=True) else json_body()
            validate(body, schema)
            return view(**kwargs, body=body)

        checked.request_schema = schema  # type: ignore[attr-defined]
        checked.request_optional = optional  # type: ignore[attr-defined]
        return checked

    return decorate


def accepts_query(schema: str) -> Callable[[View], View]:
    """The query parameters, valid by `schemas/<schema>.json`, as the argument `query`."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def checked(**kwargs: Any) -> Any:
            return view(**kwargs, query=read_query(request, schema))

        checked.query_schema = schema  # type: ignore[attr-defined]
        return checked

    return decorate


def answers(
    status: int, schema: str | None = None, *, media_type: str | None = None, also: tuple[int, ...] = ()
) -> Callable[[View], View]:
    """Documents the answer: its status and schema, or for what is no JSON its media type, and the errors that this view
    alone adds to the usual ones."""

    def decorate(view: View) -> View:
        view.answers = {**getattr(view, "answers", {}), status: schema}  # type: ignore[attr-defined]
        view.errors = (*getattr(view, "errors", ()), *also)  # type: ignore[attr-defined]
        if media_type:
            view.media_type = media_type  # type: ignore[attr-defined]
        return view

    return decorate


def with_etag(row: dict[str, Any], status: int = 200) -> Response:
    """A versioned row as the answer, with its ETag."""
    response = jsonify(row)
    response.status_code = status
    response.set_etag(str(row["version"]))
    return response


def check_if_match(row: dict[str, Any]) -> None:
    """Raises PreconditionFailed, with the present ETag, where `If-Match` names another version of the row, and
    InvalidRequest where it names none: somebody means to be careful who would not be."""
    wanted = request.if_match
    if not wanted and "If-Match" in request.headers:
        raise InvalidRequest.at("$.headers.If-Match", "Name a version as its ETag does, or leave the header out.")
    if wanted and not wanted.contains(str(row["version"])):
        raise PreconditionFailed("The row has changed since.", headers={"ETag": f'"{row["version"]}"'})
