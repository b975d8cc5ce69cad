"""How often one may call, counted by flask-limiter: in memory, a process each, or in Redis for all of them. (SPEC 2)

    kind        counted for each                      limit
    messages    pair of business and customer         RATE_LIMIT_MESSAGES, beside the business's
    login       address                               RATE_LIMIT_LOGIN
    events      address without a credential          600 per minute
    none        nobody: health, documentation, pages
    (others)    business, by whichever credential     RATE_LIMIT_BUSINESS
                address without a credential          RATE_LIMIT_DEFAULT

A view says its kind with `@limited_as`, below its auth. When Redis goes away requests go on, counted in memory, and
the log says so once; when it comes back so do the common counters.
"""

import hashlib
import ipaddress
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Literal

from flask import Flask, Response, current_app, g, request
from flask_limiter import ApplicationLimit, Limiter, RateLimitExceeded, RequestLimit
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from auth import json_body, named_business
from config import Config
from core.errors import Forbidden, IcmpError, RateLimited, Unauthorized
from routes.counters import SCHEME
from routes.failures import render
from security.credentials import authenticate

EVENTS = "600 per minute"
LIMIT_HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
REDIS_WAIT = 0.5  # seconds until a Redis that does not answer counts as gone

Kind = Literal["messages", "login", "events", "none", "other"]
View = Callable[..., Any]


def limited_as(kind: Kind) -> Callable[[View], View]:
    """Which limits count the view's requests."""

    def decorate(view: View) -> View:
        view.limited_as = kind  # type: ignore[attr-defined]
        return view

    return decorate


def kind_of(view: View | None) -> Kind:
    """A view's kind; pages and files for browsers, which declare no answers, are not limited."""
    kind: Kind = getattr(view, "limited_as", "other" if getattr(view, "answers", None) else "none")
    return kind


def register_limits(app: Flask, config: Config) -> None:
    limiter = Limiter(
        _address,
        application_limits=[
            _limit(config.rate_limit_login, "login", _address, lambda: g.limited_as == "login"),
            _limit(EVENTS, "events", _address, lambda: g.limited_as == "events" and _is_anonymous()),
            _limit(config.rate_limit_default, "default", _address, lambda: g.limited_as == "other" and _is_anonymous()),
            _limit(
                config.rate_limit_messages, "messages", lambda: g.limited_customer, lambda: bool(g.limited_customer)
            ),
            _limit(
                config.rate_limit_business, "business", lambda: g.limited_business, lambda: bool(g.limited_business)
            ),
        ],
        storage_uri=config.redis_url or f"{SCHEME}://",
        storage_options=_redis_options() if config.redis_url else {},
        strategy="fixed-window",
        key_prefix="icmp",
        in_memory_fallback_enabled=bool(config.redis_url),
        swallow_errors=True,
    )
    limiter.logger.filters = [_OncePerOutage()]
    app.before_request(_identify)  # before the limiter, which asks what it finds out
    limiter.init_app(app)
    app.after_request(lambda response: _add_headers(limiter, response))
    app.register_error_handler(RateLimitExceeded, lambda error: _render_excess(limiter, error))


def _limit(rate: str, scope: str, key: Callable[[], str], applies: Callable[[], bool]) -> ApplicationLimit:
    return ApplicationLimit(rate, key_function=key, scope=scope, exempt_when=lambda: not applies())


def _redis_options() -> dict[str, Any]:
    """Short waits, and one more attempt at once, for a connection that Redis closed while it was idle."""
    return {
        "socket_timeout": REDIS_WAIT,
        "socket_connect_timeout": REDIS_WAIT,
        "retry": Retry(NoBackoff(), 1),
    }


def _identify() -> None:
    """Whom the request is counted for: `g.limited_business` and `g.limited_customer`, None where it is nobody. What is
    wrong with a credential or a body is for the view to say."""
    view = current_app.view_functions.get(request.endpoint or "")
    g.limited_as = "none" if request.method == "OPTIONS" else kind_of(view)
    g.limited_business = g.limited_customer = None
    if g.limited_as in ("none", "login") or (
        view and getattr(view, "auth", "") == "public" and g.limited_as == "other"
    ):
        return
    try:
        caller = authenticate()
        g.limited_business = str(business) if (business := caller.business_id or _named()) else None
    except (Unauthorized, Forbidden):
        return
    if g.limited_as == "messages" and g.limited_business:
        g.limited_customer = _customer(g.limited_business)


def _named() -> Any:
    try:
        return named_business()
    except IcmpError:
        return None


def _customer(business_id: str) -> str | None:
    """The pair of business and customer, hashed, since the customer's part is whatever the business calls them."""
    try:
        body = json_body()
    except IcmpError:
        return None
    if not isinstance(body, dict):
        return None
    user = body.get("user")
    customer = body.get("user_id") or (user.get("external_id") if isinstance(user, dict) else None)
    if "user_id" in body and isinstance(customer, str):
        customer = customer.lower()  # one id, however it is spelled
    return hashlib.sha256(f"{business_id} {customer}".encode()).hexdigest() if isinstance(customer, str) else None


def _is_anonymous() -> bool:
    """Whether no good credential came with the request."""
    return g.get("caller") is None


def _address() -> str:
    """Where the request comes from; of an IPv6 address the network, in which one host has as many as it likes."""
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


def _nearest(limiter: Limiter) -> RequestLimit | None:
    """Of the limits that counted this request the one that was broken, else the one that is nearest to it. None where
    there is none, or where Redis went away since it was counted."""
    try:
        limits = limiter.current_limits
        return min(limits, key=lambda each: (not each.breached, each.remaining), default=None)
    except RedisError:
        return None


def _add_headers(limiter: Limiter, response: Response) -> Response:
    limit = _nearest(limiter)
    if limit:
        response.headers["RateLimit-Limit"] = str(limit.limit.amount)
        response.headers["RateLimit-Remaining"] = str(limit.remaining)
        response.headers["RateLimit-Reset"] = str(_seconds_left(limit))
    return response


def _render_excess(limiter: Limiter, error: RateLimitExceeded) -> Response:
    limit = _nearest(limiter)
    seconds = _seconds_left(limit) if limit else 1
    message = f"Too many requests: no more than {error.limit.limit} are answered."
    return render(RateLimited(message, headers={"Retry-After": str(seconds)}))


def _seconds_left(limit: RequestLimit) -> int:
    """Until the limit counts anew: a second too much rather than one too few, since Redis tells whole seconds."""
    return max(1, limit.reset_at - int(time.time()))


class _OncePerOutage(logging.Filter):
    """Of what the limiter logs, that its Redis went away and that it came back: once each, though many requests notice
    at the same time, and trip over it. Never whose limit was broken."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._is_out = False

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.ERROR:
            return not self._is_out
        is_out = "unreachable" in record.msg
        if not is_out and "recovered" not in record.msg:
            return False
        with self._lock:
            is_news, self._is_out = is_out != self._is_out, is_out
        return is_news
