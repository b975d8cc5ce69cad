"""Decorators that declare what a view accepts and returns. Requests are validated here; the OpenAPI document is built
from the same declarations."""

import functools
from collections.abc import Callable
from typing import Any

from flask import request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from auth import json_body
from core.errors import InvalidRequest, PayloadTooLarge, UnsupportedMediaType
from core.server.client_socket import receive_piece
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


def reads_body(schema: str, max_kb: int = MAX_BODY_KB, file_types: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Document a body of at most `max_kb` KB that the view reads and validates itself. Instead of JSON, it may have one
    of the `file_types`."""

    def decorate(view: View) -> View:
        spec = spec_of(view)
        spec.request_schema, spec.max_body_kb, spec.media_types = schema, max_kb, file_types
        return view

    return decorate


def accepts_stream(*media_types: str, max_kb: int) -> Callable[[View], View]:
    """Accept a body of these types that is too large for the memory, and pass `read`, which returns its next bytes, at
    most as many as it is given, and none at the end.

    `read` raises PayloadTooLarge, and InvalidRequest if the client disconnects or sends too slowly.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def with_stream(**kwargs: Any) -> Any:
            if request.mimetype not in media_types:
                raise UnsupportedMediaType(
                    "The request body has an unsupported type.",
                    remediation=f"Send it with `Content-Type: {' or '.join(media_types)}`.",
                )
            return view(**kwargs, read=_read_piece)

        spec = spec_of(view)
        spec.media_types, spec.max_stream_kb = media_types, max_kb
        return with_stream

    return decorate


def _read_piece(size: int) -> bytes:
    try:
        return receive_piece(request.environ, lambda: request.stream.read(size))
    except RequestEntityTooLarge as error:
        limit = (request.max_content_length or 0) // (1024 * 1024)
        raise PayloadTooLarge(f"The file has more than {limit} MB.") from error
    except (ClientDisconnected, OSError) as error:
        raise InvalidRequest("The request body did not arrive.", remediation="Send the request again.") from error


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
    file_type: str | None = None,
    also: tuple[int, ...] = (),
) -> Callable[[View], View]:
    """Document a response: its status, and its schema or (if it is not JSON) its media type. `streams` adds a response
    of server-sent events, `file_type` a response with a file of this type, `also` the errors that other views do not
    return."""

    def decorate(view: View) -> View:
        spec = spec_of(view)
        spec.responses[status] = schema
        spec.errors |= frozenset(also)
        spec.media_type = media_type or spec.media_type
        spec.streams |= streams
        spec.file_type = file_type
        return view

    return decorate
