"""Pages of lists: `limit` and `cursor` in, a `Link` header to the next page out."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, request

from core.errors import InvalidRequest
from core.validation import read_time, read_uuid
from db import Row
from repositories.page import LAST_ID, Page

DEFAULT_LIMIT = 50
_MOMENTS = ("from", "to")
_NO_FILTERS = frozenset({"business_id", "limit", "cursor", "offset", "order", *_MOMENTS})


def read_page(query: dict[str, Any]) -> Page:
    """The page that a query asks for; raises InvalidRequest for a cursor that is not one of ours."""
    limit, newest = query.get("limit", DEFAULT_LIMIT), query.get("order") == "newest"
    if "cursor" not in query:
        return Page(limit, "infinity", LAST_ID, is_newest_first=True) if newest else Page(limit)
    try:
        moment, row_id = _decode(query["cursor"]).split("|")
        after_time = datetime.fromisoformat(moment)
        if after_time.tzinfo is None:
            raise ValueError("no offset")
        return Page(limit, after_time, read_uuid(row_id, "$.cursor"), newest)
    except (ValueError, OverflowError) as error:
        raise _no_cursor() from error


def read_filters(query: dict[str, Any]) -> dict[str, Any]:
    """What a query asks for beside the page and the business; `from` and `to` as the moments from_time and to_time."""
    filters = {name: value for name, value in query.items() if name not in _NO_FILTERS}
    filters |= {f"{name}_time": read_time(query[name], f"$.{name}") for name in _MOMENTS if name in query}
    return filters


def read_sequence_page(query: dict[str, Any]) -> tuple[int, int]:
    """The (after_seq, limit) of a list in the order of seq."""
    limit = query.get("limit", DEFAULT_LIMIT)
    if "cursor" not in query:
        return 0, limit
    text = _decode(query["cursor"])
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _no_cursor()
    return int(text), limit


def page_response(rows: list[Row], limit: int, cursor_of: Callable[[Row], str]) -> Response:
    """The rows as a JSON array; one row more than `limit` was read, and makes the link to the next page."""
    response = jsonify(rows[:limit])
    if len(rows) > limit:
        query = {name: value for name, value in request.args.items() if name not in ("cursor", "offset")}
        cursor = base64.urlsafe_b64encode(cursor_of(rows[limit - 1]).encode()).decode()
        response.headers["Link"] = f'<{request.base_url}?{urlencode({**query, "cursor": cursor})}>; rel="next"'
    return response


def creation_cursor(time_column: str, id_column: str) -> Callable[[Row], str]:
    """The cursor of a list in the order of creation."""
    return lambda row: f"{row[time_column].isoformat()}|{row[id_column]}"


def _decode(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor.encode()).decode()
    except (ValueError, binascii.Error) as error:
        raise _no_cursor() from error


def _no_cursor() -> InvalidRequest:
    return InvalidRequest.at("$.cursor", "This is not a cursor of this list: take it from a `Link` header.")
