"""The declarations of a view: authorization, rate limit, schemas and responses.

Decorators in `auth` and `routes` write a view's `ViewSpec`; rate limits, the OpenAPI document and tests read it.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from weakref import WeakKeyDictionary

View = Callable[..., Any]
Auth = Literal[
    "public", "caller", "login", "signup", "operator", "business", "business_or_platform", "optional", "owner"
]
Role = Literal["viewer", "agent", "owner"]
Scope = Literal["full", "messages", "read"]  # of a business key
RateLimit = Literal["messages", "login", "events", "hooks", "channels", "widget", "widget_messages", "none", "default"]
MAX_BODY_KB = 512  # of a request, unless its view declares another limit


@dataclass
class ViewSpec:
    """The declarations of one view. The schemas are names of files in `schemas/`, without their extension."""

    auth: Auth | None = None
    role: Role | None = None  # the lowest role that may call the view
    is_for_messages: bool = False  # business keys with the scope `messages` may call the view
    rate_limit: RateLimit | None = None
    request_schema: str | None = None
    request_optional: bool = False
    max_body_kb: int = MAX_BODY_KB
    media_types: tuple[str, ...] = ()  # of a body that is not JSON, which the view receives piece by piece
    max_stream_kb: int = 0  # of such a body
    query_schema: str | None = None
    responses: dict[int, str | None] = field(default_factory=dict)  # status → schema, None without a JSON body
    errors: frozenset[int] = frozenset()  # in addition to the errors that every view can return
    media_type: str | None = None  # of a response that is not JSON
    streams: bool = False  # also responds with server-sent events
    file_type: str | None = None  # also responds with a file of this type
    accepts_idempotency_key: bool = False


_specs: WeakKeyDictionary[View, ViewSpec] = WeakKeyDictionary()


def spec_of(view: View) -> ViewSpec:
    """The view's declarations, shared by the view and all its decorated versions."""
    function = inspect.unwrap(view)
    if function not in _specs:
        _specs[function] = ViewSpec()
    return _specs[function]


def allows_scope(spec: ViewSpec, method: str, scope: Scope) -> bool:
    """Whether a business key of this scope may send the request, if the view allows business keys at all."""
    is_read = method in ("GET", "HEAD")
    if scope == "full":
        return True
    if spec.auth == "caller":  # about the key itself
        return is_read
    if scope == "messages":
        return spec.is_for_messages
    return is_read and spec.role == "viewer"
