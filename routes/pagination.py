"""Pagination: reads `limit` and `cursor`, and links to the next page in the `Link` header."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, current_app, request

from core.errors import InvalidRequest
from core.validation import read_text, read_time, read_uuid
from db import Row
from repositories.page import LAST_ID, Page

DEFAULT_LIMIT = 50
MAX_SEQ = 2**31 - 1
MAX_PAGE_BYTES = 2 * 1024 * 1024
_TIME_RANGE = ("from", "to")
_NOT_FILTERS = frozenset({"business_id", "limit", "cursor", "offset", "order", "sort", *_TIME_RANGE})
_SECOND_PART = "rest"


def read_page(query: dict[str, Any]) -> Page:
    """The page that a query requests. Raises InvalidRequest for an invalid cursor."""
    limit, is_newest_first = query.get("limit", DEFAULT_LIMIT), query.get("order") == "newest"
    if "cursor" not in query:
        return Page(limit, "infinity", LAST_ID, is_newest_first=True) if is_newest_first else Page(limit)
    try:
        timestamp, row_id, *rest = _decode(query["cursor"]).split("|")
        if rest not in ([], [_SECOND_PART]):
            raise ValueError("not a part")
        after_time = datetime.fromisoformat(timestamp)
        if after_time.tzinfo is None:
            raise ValueError("no offset")
        return Page(limit, after_time, read_uuid(row_id, "$.cursor"), is_newest_first, is_second_part=bool(rest))
    except (ValueError, OverflowError) as error:
        raise _invalid_cursor() from error


def read_filters(query: dict[str, Any]) -> dict[str, Any]:
    """The query parameters other than pagination and business, with `from` and `to` as the timestamps `from_time` and
    `to_time`."""
    filters = {name: value for name, value in query.items() if name not in _NOT_FILTERS}
    filters |= {f"{name}_time": read_time(query[name], f"$.{name}") for name in _TIME_RANGE if name in query}
    return filters


def read_sequence_page(query: dict[str, Any]) -> tuple[int, int]:
    """The (seq, limit) of a list ordered by seq: the page starts after this seq, or, newest first, before it. Raises
    InvalidRequest for an invalid cursor."""
    limit = query.get("limit", DEFAULT_LIMIT)
    if "cursor" not in query:
        return MAX_SEQ if query.get("order") == "newest" else 0, limit
    text = _decode(query["cursor"])
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _invalid_cursor()
    return int(text), limit


def read_text_page(query: dict[str, Any]) -> tuple[str, int]:
    """The text after which the page starts, and the limit, of a list ordered by a text. Raises InvalidRequest for an
    invalid cursor."""
    after = read_text(_decode(query["cursor"]), "$.cursor") if "cursor" in query else ""
    return after, query.get("limit", DEFAULT_LIMIT)


def page_response(rows: list[Row], limit: int, cursor_of: Callable[[Row], str]) -> Response:
    """The rows as a JSON array of at most MAX_PAGE_BYTES, but at least one. The caller reads one row more than `limit`;
    if some of the rows are left over, there is a link to the next page."""
    texts: list[bytes] = []
    size = 0
    for row in rows[:limit]:
        text = current_app.json.dumps(row, separators=(",", ":")).encode()
        size += len(text)
        if texts and size > MAX_PAGE_BYTES:
            break
        texts.append(text)
    response = Response(b"[" + b",".join(texts) + b"]\n", mimetype="application/json")
    if len(rows) > len(texts):
        query = {name: value for name, value in request.args.items() if name not in ("cursor", "offset")}
        cursor = base64.urlsafe_b64encode(cursor_of(rows[len(texts) - 1]).encode()).decode()
        response.headers["Link"] = f'<{request.base_url}?{urlencode({**query, "cursor": cursor})}>; rel="next"'
    return response


def creation_cursor(time_column: str, id_column: str) -> Callable[[Row], str]:
    """Cursors for a list ordered by creation time."""
    return lambda row: cursor_after(row[time_column], row[id_column])


def cursor_after(time: datetime, row_id: UUID, *, is_second_part: bool = False) -> str:
    """The cursor after a row, in a list ordered by this time. Some lists have two parts, each with its own order."""
    return f"{time.isoformat()}|{row_id}" + (f"|{_SECOND_PART}" if is_second_part else "")


def _decode(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor.encode()).decode()
    except (ValueError, binascii.Error) as error:
        raise _invalid_cursor() from error


def _invalid_cursor() -> InvalidRequest:
    return InvalidRequest.at("$.cursor", "Must be a cursor from the `Link` header of this list.")
