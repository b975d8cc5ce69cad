"""Rate limits, counted by flask-limiter in Redis or, without Redis, in the memory of each process.

    limit       counted per                           setting
    messages    business and customer                 RATE_LIMIT_MESSAGES, in addition to the business's
    login       address                               RATE_LIMIT_LOGIN
    events      address, without a credential         600 per minute
    hooks       address and hook                      600 per minute
                address                               3,000 per minute
    channels    address and channel                   3,000 per minute
                address                               12,000 per minute
    widget      address                               600 per minute
                channel                               6,000 per minute
    widget_     visitor                               RATE_LIMIT_MESSAGES
    messages    address                               120 per minute
                channel                               1,200 per minute
    default     the caller's business                 RATE_LIMIT_BUSINESS
                address, without a credential         RATE_LIMIT_DEFAULT, also for messages
    none        not limited: health, metrics, pages

A request that names another business counts for the caller's own. Users without a business are counted by user;
operators count for the business that they specify. The limits apply to any period of their length (a moving window).

A view selects its limit with `@rate_limit`, placed below its authorization decorator. Without Redis, each process
allows its share of each limit. While Redis is unreachable, each process counts alone, up to the whole limit; this is
logged once per outage.
"""

import hashlib
import ipaddress
import logging
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, g, request
from flask_limiter import ApplicationLimit, Limiter, RateLimitExceeded, RequestLimit
from limits import parse
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from auth import json_body, requested_business
from config import Config
from core.errors import Forbidden, IcmpError, RateLimited, Unauthorized
from core.view_spec import RateLimit, View, ViewSpec, spec_of
from routes.counters import SCHEME
from routes.error_handlers import render_error
from routes.widget_access import counted_visitor
from security.credentials import Caller, authenticate

EVENTS = "600 per minute"
HOOK = "600 per minute"
HOOKS = "3000 per minute"  # of all hooks: the shops of one provider have few addresses
CHANNEL = "3000 per minute"
WIDGET = "600 per minute"
WIDGET_CHANNEL = "6000 per minute"  # of all visitors
WIDGET_MESSAGES = "120 per minute"  # an office has one address
WIDGET_CHANNEL_MESSAGES = "1200 per minute"  # of all visitors
CHANNELS = "12000 per minute"  # of all channels: a provider sends the messages of all its customers
LIMIT_HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
REDIS_TIMEOUT = 0.5  # seconds until an unresponsive Redis counts as unreachable


def rate_limit(name: RateLimit) -> Callable[[View], View]:
    """Declare which limit counts the view's requests."""

    def decorate(view: View) -> View:
        spec_of(view).rate_limit = name
        return view

    return decorate


def rate_limit_of(spec: ViewSpec) -> RateLimit:
    """The limit of a view. Pages and files for browsers, which declare no responses, are not limited."""
    return spec.rate_limit or ("default" if spec.responses else "none")


def register_rate_limits(app: Flask, config: Config) -> None:
    """Count the application's requests and respond with 429 above the limits."""

    def limit(rate: str, scope: str, key: Callable[[], str], applies: Callable[[], bool]) -> ApplicationLimit:
        share = rate if config.redis_url else _share_of(rate, config.web_concurrency)
        return ApplicationLimit(share, key_function=key, scope=scope, exempt_when=lambda: not applies())

    limiter = Limiter(
        _address,
        application_limits=[
            limit(config.rate_limit_login, "login", _address, lambda: g.rate_limit == "login"),
            limit(EVENTS, "events", _address, lambda: _is_anonymous("events")),
            limit(HOOK, "hook", lambda: f"{_address()} {_hook()}", lambda: g.rate_limit == "hooks"),
            limit(HOOKS, "hooks", _address, lambda: g.rate_limit == "hooks"),
            limit(CHANNEL, "channel", lambda: f"{_address()} {_channel()}", lambda: g.rate_limit == "channels"),
            limit(CHANNELS, "channels", _address, lambda: g.rate_limit == "channels"),
            *_widget_limits(config, limit),
            limit(config.rate_limit_default, "default", _address, lambda: _is_anonymous("default", "messages")),
            limit(config.rate_limit_messages, "messages", lambda: g.limited_customer, lambda: bool(g.limited_customer)),
            limit(config.rate_limit_business, "business", lambda: g.limited_business, lambda: bool(g.limited_business)),
        ],
        storage_uri=config.redis_url or f"{SCHEME}://",
        storage_options=_redis_options() if config.redis_url else {},
        strategy="moving-window",
        key_prefix="icmp",
        in_memory_fallback_enabled=bool(config.redis_url),
        swallow_errors=True,
    )
    limiter.logger.filters = [_OncePerOutage()]
    app.before_request(_identify)  # before the limiter, which uses its results
    limiter.init_app(app)
    app.after_request(lambda response: _add_headers(limiter, response))
    app.register_error_handler(RateLimitExceeded, lambda error: _render_rate_limited(limiter, error))


def _widget_limits(config: Config, limit: Callable[..., ApplicationLimit]) -> list[ApplicationLimit]:
    """The limits of the chat widget. Its visitors have no credential of ICMP."""

    def is_message() -> bool:
        return bool(g.rate_limit == "widget_messages")

    return [
        limit(WIDGET, "widget", _address, lambda: g.rate_limit == "widget"),
        limit(WIDGET_CHANNEL, "widget channel", _channel, lambda: g.rate_limit == "widget"),
        limit(config.rate_limit_messages, "visitor", lambda: g.limited_visitor, lambda: bool(g.limited_visitor)),
        limit(WIDGET_MESSAGES, "widget messages", _address, is_message),
        limit(WIDGET_CHANNEL_MESSAGES, "widget channel messages", _channel, is_message),
    ]


def _share_of(rate: str, processes: int) -> str:
    """The rate that each process allows when they do not count together. At least one request."""
    whole = parse(rate)
    unit = whole.GRANULARITY.name
    return f"{max(1, whole.amount // processes)} per {whole.multiples} {unit}"


def _redis_options() -> dict[str, Any]:
    """Short timeouts, and one immediate retry, because Redis may have closed an idle connection."""
    return {
        "socket_timeout": REDIS_TIMEOUT,
        "socket_connect_timeout": REDIS_TIMEOUT,
        "retry": Retry(NoBackoff(), 1),
    }


def _identify() -> None:
    """Set what the request is counted for: `g.limited_business` (or user), `g.limited_customer` and
    `g.limited_visitor`, None if it has none. Invalid credentials and bodies are ignored here, because the view reports
    them."""
    view = current_app.view_functions.get(request.endpoint or "")
    spec = spec_of(view) if view else ViewSpec()
    # Before the body is parsed, to find its customer. Only a view that receives a body in pieces accepts a large one.
    request.max_content_length = max(spec.max_body_kb, 0 if request.is_json else spec.max_stream_kb) * 1024
    g.rate_limit = "none" if request.method == "OPTIONS" else rate_limit_of(spec)
    g.limited_business = g.limited_customer = None
    g.limited_visitor = counted_visitor() if g.rate_limit == "widget_messages" else None
    is_counted_by_address = spec.auth == "public" and g.rate_limit in (
        "default",
        "hooks",
        "channels",
        "widget",
        "widget_messages",
    )
    if g.rate_limit in ("none", "login") or is_counted_by_address:
        return
    try:
        caller = authenticate()
    except (Unauthorized, Forbidden):
        return
    counted = _counted_for(caller)
    g.limited_business = str(counted) if counted else None
    if g.rate_limit == "messages" and g.limited_business:
        g.limited_customer = _customer(g.limited_business)


def _counted_for(caller: Caller) -> UUID | None:
    """The business, or the user without a business, for which the caller's request counts. None for operators who
    specify no business."""
    if caller.is_operator:
        return caller.business_id or _requested_business()
    is_member = caller.kind == "business" or caller.role is not None  # a membership may end before the login does
    return caller.business_id if is_member and caller.business_id else caller.user_id


def _requested_business() -> UUID | None:
    try:
        return requested_business()
    except IcmpError:
        return None


def _customer(business_id: str) -> str | None:
    """Identifies the business's customer in the counters. Hashed, because an external id can be any text."""
    try:
        body = json_body()
    except IcmpError:
        return None
    if not isinstance(body, dict):
        return None
    user = body.get("user")
    customer = body.get("user_id") or (user.get("external_id") if isinstance(user, dict) else None)
    if "user_id" in body and isinstance(customer, str):
        customer = customer.lower()  # UUIDs are case-insensitive
    return hashlib.sha256(f"{business_id} {customer}".encode()).hexdigest() if isinstance(customer, str) else None


def _hook() -> str:
    """The ID of the hook to which the request was sent."""
    return str((request.view_args or {}).get("hook_id", "")).lower()[:36]


def _channel() -> str:
    """The ID of the channel to which the request was sent."""
    return str((request.view_args or {}).get("channel_id", "")).lower()[:36]


def _is_anonymous(*rate_limits: RateLimit) -> bool:
    """Whether the request has no valid credential and its view has one of these limits."""
    return g.rate_limit in rate_limits and g.get("caller") is None


def _address() -> str:
    """The client's IPv4 address or IPv6 /64 network: a single host usually controls a whole /64."""
    text = request.remote_addr or "unknown"
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv4Address):
        return text
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _most_restrictive(limiter: Limiter) -> RequestLimit | None:
    """The limit that the request exceeded, otherwise the one with the fewest requests left. None if no limit applies
    or Redis has become unreachable since the request was counted."""
    try:
        limits = limiter.current_limits
        return min(limits, key=lambda each: (not each.breached, each.remaining), default=None)
    except RedisError:
        return None


def _add_headers(limiter: Limiter, response: Response) -> Response:
    limit = _most_restrictive(limiter)
    if limit:
        response.headers["RateLimit-Limit"] = str(limit.limit.amount)
        response.headers["RateLimit-Remaining"] = str(limit.remaining)
        response.headers["RateLimit-Reset"] = str(_seconds_until_reset(limit))
    return response


def _render_rate_limited(limiter: Limiter, error: RateLimitExceeded) -> Response:
    limit = _most_restrictive(limiter)
    seconds = _seconds_until_reset(limit) if limit else 1
    message = f"Rate limit exceeded: {error.limit.limit}."
    return render_error(RateLimited(message, headers={"Retry-After": str(seconds)}))


def _seconds_until_reset(limit: RequestLimit) -> int:
    """At least one second, because Redis reports whole seconds."""
    return max(1, limit.reset_at - int(time.time()))


class _OncePerOutage(logging.Filter):
    """Passes only the limiter's messages that Redis became unreachable and that it recovered, once each, although many
    requests notice at the same time. Exceeded limits are not logged, because the key identifies the client."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._is_outage = False

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log the record."""
        if record.levelno >= logging.ERROR:
            return not self._is_outage
        is_outage = "unreachable" in record.msg
        if not is_outage and "recovered" not in record.msg:
            return False
        with self._lock:
            has_changed, self._is_outage = is_outage != self._is_outage, is_outage
        return has_changed
