"""Who is calling: the master key (operators and servers), a business's key, as a bearer token or as the cookie that
`/api/save-config` sets, or somebody of the staff who signed in, as a bearer token or as the cookie that `/auth/login`
sets. A kind of caller is a function in `_READERS`. (SPEC 6)
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

from flask import current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from config import Config
from core.errors import Forbidden, Unauthorized
from db import Database
from repositories import api_keys, sessions
from security.tokens import LOGIN_COOKIE, Token, looks_like_token, read_token

COOKIE = "businessApiKey"
COOKIE_SECONDS = 12 * 3600
ROLES = ("viewer", "agent", "owner")  # each may what those before it may
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

Role = Literal["viewer", "agent", "owner"]


@dataclass(frozen=True)
class Caller:
    """Whoever sent the request. `business_id` is the business that they act for, to which all but operators are
    confined; `login` is of somebody who signed in, and `role` theirs in that business."""

    kind: Literal["master", "business", "login"]
    business_id: UUID | None
    by_cookie: bool = False
    key_id: UUID | None = None  # the business key that was used
    login: Token | None = None
    role: Role | None = None
    is_operator: bool = False

    @property
    def actor_id(self) -> UUID | None:
        """Who the audit log says it was: the person, or the business key."""
        return self.user_id or self.key_id

    @property
    def user_id(self) -> UUID | None:
        """Who it is, where it is a person."""
        return self.login.user_id if self.login else None

    def has_role(self, least: Role) -> bool:
        """Whether they may what this role may in their business; its key may what an owner may."""
        if self.is_operator or self.kind == "business":
            return True
        return self.role is not None and ROLES.index(self.role) >= ROLES.index(least)


def new_business_key() -> tuple[str, str, str]:
    """A key of 256 random bits: the key itself, its hash to store, and the prefix by which people tell keys apart."""
    key = "icmp_" + secrets.token_urlsafe(32)
    return key, hash_key(key), key[:12]


def hash_key(key: str) -> str:
    """SHA-256, hexadecimal. Enough for a key of 256 random bits, which nobody can guess from a list."""
    return hashlib.sha256(key.encode()).hexdigest()


def authenticate() -> Caller:
    """The caller of this request; raises Unauthorized."""
    caller = find_caller()
    if caller is None:
        raise Unauthorized("This needs a key or a login.")
    return caller


def find_caller() -> Caller | None:
    """The caller of this request, None where it carries no credential; raises Unauthorized for one that is no good. An
    `Authorization` header never falls through to a cookie."""
    if "caller" not in g:
        caller = next((caller for read in _READERS if (caller := read()) is not None), None)
        if caller and caller.by_cookie and request.method in WRITES and not _comes_from_our_pages():
            raise Forbidden(
                "A cookie is not enough for a request from another site.",
                remediation="Send the key as a bearer token, or add the site to CORS_ORIGINS.",
            )
        g.caller = caller
    return cast(Caller | None, g.caller)


def find_business_key(key: str) -> tuple[UUID, UUID] | None:
    """The (business_id, key_id) of a business's key that is good; None for any other text."""
    with _database().statement() as conn:
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
        return Caller("master", None, is_operator=True)
    if looks_like_token(key):
        return _find_login(key, by_cookie=False)
    found = find_business_key(key)
    if found is None:
        raise Unauthorized("This key is not valid.")
    return Caller("business", found[0], key_id=found[1])


def _read_login_cookie() -> Caller | None:
    cookie = request.cookies.get(LOGIN_COOKIE)
    return _find_login(cookie, by_cookie=True) if cookie else None


def _find_login(signed: str, by_cookie: bool) -> Caller:
    """Whoever a token belongs to; raises Unauthorized where its login was ended. The role is read each time, so that
    it ends with the membership."""
    token = read_token(signed)
    with _database().transaction() as conn:
        row = sessions.find_login(conn, token.session_id, token.user_id, token.business_id)
    if row is None:
        raise Unauthorized("This login has ended.", remediation="Sign in again.")
    return Caller("login", token.business_id, by_cookie, login=token, role=row["role"], is_operator=row["is_admin"])


def _read_key_cookie() -> Caller | None:
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
    return Caller("business", business_id, by_cookie=True, key_id=key_id)


_READERS: tuple[Callable[[], Caller | None], ...] = (_read_bearer, _read_login_cookie, _read_key_cookie)


def _comes_from_our_pages() -> bool:
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    config: Config = current_app.extensions["icmp"].config
    return origin == request.host_url.rstrip("/") or origin in config.cors_origins


def _database() -> Database:
    return cast(Database, current_app.extensions["icmp"].database)


def _signer() -> URLSafeTimedSerializer:
    config: Config = current_app.extensions["icmp"].config
    return URLSafeTimedSerializer(config.secret_key, salt="business-key-session")
