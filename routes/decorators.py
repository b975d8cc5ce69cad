"""Decorators that declare what a view accepts and returns. Requests are validated here; the OpenAPI document is built
from the same declarations."""

import functools
from collections.abc import Callable
from typing import Any

from flask import request

from auth import json_body
from core.validation import read_query, validate
from core.view_spec import MAX_BODY_KB, View, spec_of


def accepts(schema: str, optional: bool = False, max_kb: int = MAX_BODY_KB) -> Callable[[View], View]:
    """Validate the body against `schemas/<schema>.json` and pass it as `body`. An optional body may be omitted. A body
    of more than `max_kb` KB is rejected before it is parsed."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def validated(**kwargs: Any) -> Any:
            body = {} if optional and not request.get_data(cache=True) else json_body()
            validate(body, schema)
            return view(**kwargs, body=body)

        spec = spec_of(view)
        spec.request_schema, spec.request_optional, spec.max_body_kb = schema, optional, max_kb
        return validated

    return decorate


def accepts_query(schema: str) -> Callable[[View], View]:
    """Validate the query parameters against `schemas/<schema>.json` and pass them as `query`."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def validated(**kwargs: Any) -> Any:
            return view(**kwargs, query=read_query(request, schema))

        spec_of(view).query_schema = schema
        return validated

    return decorate


def returns(
    status: int,
    schema: str | None = None,
    *,
    media_type: str | None = None,
    streams: bool = False,
    also: tuple[int, ...] = (),
) -> Callable[[View], View]:
    """Document a response: its status, and its schema or (if it is not JSON) its media type. `streams` adds a response
    of server-sent events, `also` the errors that other views do not return."""

    def decorate(view: View) -> View:
        spec = spec_of(view)
        spec.responses[status] = schema
        spec.errors |= frozenset(also)
        spec.media_type = media_type or spec.media_type
        spec.streams |= streams
        return view

    return decorate
