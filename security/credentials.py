"""Authenticates the caller of a request. These credentials are accepted:

- the master key of operators, or the key of a business, as a bearer token;
- the session cookie of a page connected with a business key, set by `/save-config`;
- the login of a staff user, as a bearer token or as the cookie set by `/auth/login`.

To add a credential, add a function to `_READERS`.
"""

import hmac
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, cast
from uuid import UUID

from flask import g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.context import current_context
from core.errors import Unauthorized
from core.tokens import hash_key
from core.view_spec import Role, Scope
from db import Row
from repositories import api_keys, sessions
from security.cross_site import check_same_site
from security.tokens import LOGIN_COOKIE, Token, looks_like_token, read_token

KEY_COOKIE = "businessApiKey"
KEY_SESSION_LIFETIME = timedelta(hours=12)
ROLES: tuple[Role, ...] = ("viewer", "agent", "owner")  # each role includes the permissions of the previous ones
WRITE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Caller:
    """The authenticated sender of a request. All callers except operators are limited to `business_id`. `login` is set
    for signed-in users, `role` for members of `business_id`."""

    kind: Literal["master", "business", "login"]
    business_id: UUID | None
    by_cookie: bool = False
    key_id: UUID | None = None  # the business key that was used
    scope: Scope = "full"  # of the business key; the other callers are not limited by a scope
    session_id: UUID | None = None  # None for keys sent as bearer tokens
    login: Token | None = None
    role: Role | None = None
    is_operator: bool = False

    @property
    def actor_id(self) -> UUID | None:
        """The caller in the audit log: the user's or the business key's id."""
        return self.user_id or self.key_id

    @property
    def user_id(self) -> UUID | None:
        """The signed-in user, None for keys."""
        return self.login.user_id if self.login else None

    def has_role(self, minimum: Role) -> bool:
        """Whether the caller has the permissions of this role. A business key has those of an owner, in its scope."""
        if self.is_operator or self.kind == "business":
            return True
        return self.role is not None and ROLES.index(self.role) >= ROLES.index(minimum)


def new_business_key() -> tuple[str, str, str]:
    """A random key of 256 bits: the key, its hash to store, and the prefix that identifies it in lists."""
    key = "icmp_" + secrets.token_urlsafe(32)
    return key, hash_key(key), key[:12]


def authenticate() -> Caller:
    """The caller of the current request. Raises Unauthorized if there is no valid credential."""
    caller = find_caller()
    if caller is None:
        raise Unauthorized("Authentication is required.")
    return caller


def find_caller() -> Caller | None:
    """The caller of the current request, None if it has no credential. Raises Unauthorized for an invalid credential;
    an invalid `Authorization` header is not replaced by a valid cookie."""
    if "caller" not in g:
        caller = next((caller for read in _READERS if (caller := read()) is not None), None)
        if caller and caller.by_cookie and request.method in WRITE_METHODS:
            check_same_site()
        g.caller = caller
    return cast(Caller | None, g.caller)


def find_business_key(key: str) -> Row | None:
    """The business_id, key_id and scope of a valid business key, None for any other text."""
    with current_context().database.statement() as conn:
        row = api_keys.find_key_by_hash(conn, hash_key(key))
        if row is not None and row["is_stale"]:
            api_keys.record_key_use(conn, row["business_id"], row["key_id"])
    return row


def is_master_key(key: str) -> bool:
    """Whether this is the master key, compared in constant time."""
    return hmac.compare_digest(key.encode(), current_context().config.master_key.encode())


def sign_key_session(session_id: UUID) -> str:
    """The value of the key cookie: a signed, expiring reference to the session, not the key itself."""
    return str(_signer().dumps(str(session_id)))


def sessions_of_cookies() -> list[UUID]:
    """The sessions that the request's cookies refer to, which may have ended. Invalid cookies are ignored."""
    readers = {LOGIN_COOKIE: lambda cookie: read_token(cookie).session_id, KEY_COOKIE: _read_key_session}
    found = []
    for name, read in readers.items():
        if cookie := request.cookies.get(name):
            with suppress(Unauthorized):
                found.append(read(cookie))
    return found


def _read_bearer() -> Caller | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, key = header.partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key or not key.isascii():
        raise Unauthorized("The Authorization header is invalid.")
    return caller_of_token(key)


def caller_of_token(key: str) -> Caller:
    """The caller whose bearer token this is. Raises Unauthorized if it is not valid."""
    if not key.isascii():
        raise Unauthorized("This key is invalid or has expired.")
    if is_master_key(key):
        return Caller("master", None, is_operator=True)
    if looks_like_token(key):
        return _find_login(key, by_cookie=False)
    found = find_business_key(key)
    if found is None:
        raise Unauthorized("This key is invalid or has expired.")
    return Caller("business", found["business_id"], key_id=found["key_id"], scope=found["scope"])


def _read_login_cookie() -> Caller | None:
    cookie = request.cookies.get(LOGIN_COOKIE)
    return _find_login(cookie, by_cookie=True) if cookie else None


def _find_login(signed: str, by_cookie: bool) -> Caller:
    """The user of a token. Raises Unauthorized if the session has ended. The role is read on every request, so that it
    ends together with the membership."""
    token = read_token(signed)
    with current_context().database.transaction() as conn:
        row = sessions.find_login(conn, token.session_id, token.user_id, token.business_id)
    if row is None:
        raise Unauthorized("Your login has ended.", remediation="Sign in again.")
    return Caller(
        "login",
        token.business_id,
        by_cookie,
        session_id=token.session_id,
        login=token,
        role=row["role"],
        is_operator=row["is_admin"],
    )


def _read_key_cookie() -> Caller | None:
    cookie = request.cookies.get(KEY_COOKIE)
    if cookie is None:
        return None
    session_id = _read_key_session(cookie)
    with current_context().database.statement() as conn:
        row = sessions.find_key_session(conn, session_id)
    if row is None:
        raise Unauthorized("The session has ended.", remediation="Connect the business again.")
    return Caller(
        "business",
        row["business_id"],
        by_cookie=True,
        key_id=row["key_id"],
        scope=row["scope"],
        session_id=session_id,
    )


def _read_key_session(cookie: str) -> UUID:
    try:
        return UUID(_signer().loads(cookie, max_age=int(KEY_SESSION_LIFETIME.total_seconds())))
    except (BadSignature, ValueError, TypeError, AttributeError) as error:
        raise Unauthorized(
            "The session is invalid or has expired.", remediation="Connect the business again."
        ) from error


_READERS: tuple[Callable[[], Caller | None], ...] = (_read_bearer, _read_login_cookie, _read_key_cookie)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_context().config.secret_key, salt="business-key-session")
