"""Who is calling, and the decorators that say who may.

Callers are the master key (operators and servers) and a business's key, as a bearer token or as the cookie that
`/api/save-config` sets. A kind of caller is a function in `_READERS`, so that a login can stand beside them. Every
view carries one of the decorators below; a test fails when one does not. (SPEC 6)
"""

import functools
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, cast
from uuid import UUID

from flask import current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from config import Config
from db import Database
from errors import Forbidden, InvalidRequest, Unauthorized
from repositories import api_keys, businesses
from validation import read_json_body, read_text, read_uuid

COOKIE = "businessApiKey"
COOKIE_SECONDS = 12 * 3600
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

View = Callable[..., Any]


@dataclass(frozen=True)
class Caller:
    """Whoever sent the request. `business_id` is the one business that it is confined to; None for an operator."""

    kind: Literal["master", "business"]
    business_id: UUID | None
    by_cookie: bool = False
    actor_id: UUID | None = None  # the business key that was used: who the audit log says it was


def new_business_key() -> tuple[str, str, str]:
    """A key of 256 random bits: the key itself, its hash to store, and the prefix by which people tell keys apart."""
    key = "icmp_" + secrets.token_urlsafe(32)
    return key, hash_key(key), key[:12]


def hash_key(key: str) -> str:
    """SHA-256, hexadecimal. Enough for a key of 256 random bits, which nobody can guess from a list."""
    return hashlib.sha256(key.encode()).hexdigest()


def public(view: View) -> View:
    """Anybody may."""
    return _declare(view, "public", lambda: None)


def require_api_key(view: View) -> View:
    """Operators only: the master key."""

    def check() -> None:
        if authenticate().kind != "master":
            raise Forbidden("Only the master key may do this.")

    return _declare(view, "master", check)


def require_business_api_key(view: View) -> View:
    """A business, or an operator who names one in path, query or body; `g.business_id` is the business."""
    return _declare(view, "business", _check_business)


def optional_business_api_key(view: View) -> View:
    """Anybody who names a business, which need not exist, and whoever `require_business_api_key` lets in: `g.verified`
    tells which. A credential that is no good is refused all the same."""

    def check() -> None:
        g.verified = find_caller() is not None
        if g.verified:
            _check_business()
            return
        g.business_id = _named_business()
        if g.business_id is None:
            raise InvalidRequest.at("$.business_id", "Without a key, name the business that this is for.")

    return _declare(view, "optional", check)


def _check_business() -> None:
    caller = authenticate()
    named = _named_business()
    if caller.business_id is not None and named not in (None, caller.business_id):
        raise Forbidden("This business is not yours.")
    business_id = caller.business_id or named
    if business_id is None:
        raise InvalidRequest.at("$.business_id", "With the master key, name the business that this is for.")
    if caller.kind == "master":
        with _database().transaction() as conn:
            businesses.get_business(conn, business_id)
    g.business_id = business_id


def require_any_key(view: View) -> View:
    """A business, confined to itself, or an operator, who may name a business or none: `g.business_id` may be None."""

    def check() -> None:
        caller = authenticate()
        named = _named_business()
        if caller.business_id is not None and named not in (None, caller.business_id):
            raise Forbidden("This business is not yours.")
        g.business_id = caller.business_id or named
        if caller.kind == "master" and named is not None:
            with _database().transaction() as conn:
                businesses.get_business(conn, named)

    return _declare(view, "any", check)


def _declare(view: View, auth: str, check: Callable[[], None]) -> View:
    @functools.wraps(view)
    def checked(**kwargs: Any) -> Any:
        check()
        # After the caller is known: an anonymous one learns nothing, not even that an id is malformed.
        read = {
            name: read_uuid(value, f"$.{name}") if name.endswith("_id") else read_text(value, f"$.{name}")
            for name, value in kwargs.items()
        }
        return view(**read)

    checked.auth = auth  # type: ignore[attr-defined]
    return checked


def authenticate() -> Caller:
    """The caller of this request; raises Unauthorized."""
    caller = find_caller()
    if caller is None:
        raise Unauthorized("This needs a key.")
    return caller


def find_caller() -> Caller | None:
    """The caller of this request, None where it carries no credential; raises Unauthorized for one that is no good. An
    `Authorization` header never falls through to a cookie."""
    if "caller" not in g:
        caller = next((caller for read in _READERS if (caller := read()) is not None), None)
        if caller and caller.by_cookie and request.method in _WRITES and not _comes_from_our_pages():
            raise Forbidden(
                "A cookie is not enough for a request from another site.",
                remediation="Send the key as a bearer token, or add the site to CORS_ORIGINS.",
            )
        g.caller = caller
    return cast(Caller | None, g.caller)


def find_business_key(key: str) -> tuple[UUID, UUID] | None:
    """The (business_id, key_id) of a business's key that is good; None for any other text."""
    with _database().transaction() as conn:
        row = api_keys.find_key_by_hash(conn, hash_key(key))
        if row is not None and row["is_stale"]:
            api_keys.touch_key(conn, row["business_id"], row["key_id"])
    return (row["business_id"], row["key_id"]) if row else None


def is_master_key(key: str) -> bool:
    config: Config = current_app.extensions["icmp"].config
    return hmac.compare_digest(key.encode(), config.master_key.encode())


def sign_key_session(business_id: UUID, key_id: UUID) -> str:
    """The value of the cookie: a signed, expiring session for a key, not the key itself."""
    return str(_signer().dumps([str(business_id), str(key_id)]))


def _read_bearer() -> Caller | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, key = header.partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key or not key.isascii():
        raise Unauthorized("The Authorization header must read `Bearer <key>`.")
    if is_master_key(key):
        return Caller("master", None)
    found = find_business_key(key)
    if found is None:
        raise Unauthorized("This key is not valid.")
    return Caller("business", found[0], actor_id=found[1])


def _read_cookie() -> Caller | None:
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        return None
    try:
        business_id, key_id = (UUID(text) for text in _signer().loads(cookie, max_age=COOKIE_SECONDS))
    except (BadSignature, ValueError, TypeError) as error:
        raise Unauthorized("The session has ended.", remediation="Connect the business again.") from error
    with _database().transaction() as conn:
        if api_keys.find_key(conn, business_id, key_id) is None:
            raise Unauthorized("The session's key is no longer valid.", remediation="Connect the business again.")
    return Caller("business", business_id, by_cookie=True, actor_id=key_id)


_READERS: tuple[Callable[[], Caller | None], ...] = (_read_bearer, _read_cookie)


def _comes_from_our_pages() -> bool:
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    config: Config = current_app.extensions["icmp"].config
    return origin == request.host_url.rstrip("/") or origin in config.cors_origins


def _named_business() -> UUID | None:
    """The business that the request names in its path, query or body; naming two different ones is a mistake."""
    named: set[UUID] = set()
    for where, text in _places_of_business():
        if not isinstance(text, str):
            raise InvalidRequest.at(where, "This is not a UUID.")
        named.add(read_uuid(text, where))
    if len(named) > 1:
        if authenticate().business_id is not None:  # one of them, at least, is not the caller's
            raise Forbidden("This business is not yours.")
        raise InvalidRequest.at("$.business_id", "The request names two different businesses.")
    return next(iter(named), None)


def _places_of_business() -> list[tuple[str, Any]]:
    places: list[tuple[str, Any]] = []
    if (request.view_args or {}).get("business_id"):
        places.append(("$.business_id", (request.view_args or {})["business_id"]))
    if request.args.get("business_id"):
        places.append(("$.business_id", request.args["business_id"]))
    if request.method in _WRITES and request.is_json and request.content_length != 0:
        body = json_body()
        if isinstance(body, dict) and body.get("business_id") is not None:
            places.append(("$.business_id", body["business_id"]))
    return places


def json_body() -> Any:
    """The request's body, read and checked once."""
    if "json_body" not in g:
        g.json_body = read_json_body(request)
    return g.json_body


def _database() -> Database:
    return cast(Database, current_app.extensions["icmp"].database)


def _signer() -> URLSafeTimedSerializer:
    config: Config = current_app.extensions["icmp"].config
    return URLSafeTimedSerializer(config.secret_key, salt="business-key-session")
