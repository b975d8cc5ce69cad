"""What a login is made of: passwords (argon2), tokens (JWT) and invitations. Whether a login still lives stands in the
database, which every request asks; a token alone opens nothing. (SPEC 6)
"""

import secrets
import threading
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token, decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt.exceptions import PyJWTError

from config import Config
from core.errors import Unauthorized

LOGIN_COOKIE = "icmpLogin"
TOKEN_TIME = timedelta(hours=12)  # a token's life; a refresh gives the next one
SESSION_TIME = timedelta(days=30)  # a login's life, however often it is refreshed
INVITATION_TIME = timedelta(days=7)

# OWASP's parameters with the least memory: 19 MiB a password, and at most four at a time, so that a burst of logins
# cannot take a small host's memory.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(4)


@dataclass(frozen=True)
class Token:
    """What a token says: who, by which login, for which business (None: for no one's), until when."""

    user_id: UUID
    session_id: UUID
    business_id: UUID | None
    expires_at: datetime


def register_login_tokens(app: Flask, config: Config) -> None:
    """How tokens are signed and their cookie is set. Requests from other sites are refused by their Origin (auth.py)
    in place of the library's second token."""
    app.config.update(
        JWT_SECRET_KEY=config.token_key,
        JWT_ACCESS_COOKIE_NAME=LOGIN_COOKIE,
        JWT_COOKIE_CSRF_PROTECT=False,
        JWT_COOKIE_SECURE=config.has_secure_cookies,
        JWT_COOKIE_SAMESITE=config.cookie_samesite,
    )
    JWTManager(app)


def make_token(user_id: UUID, session_id: UUID, business_id: UUID | None, session_ends: datetime) -> tuple[str, Token]:
    """A signed token, and what it says. It never outlives its login."""
    now = datetime.now(UTC).replace(microsecond=0)  # a token counts whole seconds
    token = Token(user_id, session_id, business_id, min(now + TOKEN_TIME, session_ends))
    signed = create_access_token(
        str(user_id),
        expires_delta=False,
        additional_claims={
            "session_id": str(session_id),
            "business_id": str(business_id) if business_id else None,
            "exp": int(token.expires_at.timestamp()),
        },
    )
    return signed, token


def looks_like_token(text: str) -> bool:
    """A JWT is three parts of base64, of which the first is a JSON object; no key of ours looks so."""
    return text.startswith("eyJ") and text.count(".") == 2


def read_token(signed: str) -> Token:
    """Raises Unauthorized for a token that is not ours or has expired."""
    try:
        claims = decode_token(signed)
        return Token(
            UUID(claims["sub"]),
            UUID(claims["session_id"]),
            UUID(claims["business_id"]) if claims["business_id"] else None,
            datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (PyJWTError, JWTExtendedException, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Unauthorized("This login is not valid or has expired.", remediation="Sign in again.") from error


def hash_password(password: str) -> str:
    """The hash to store."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one of the hash. Without a hash, because there is no such person or they never set a
    password, the same work is done for nothing, so that the time tells nobody which it was."""
    with _AT_ONCE:
        try:
            _HASHER.verify(password_hash or _dummy_hash(), _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _dummy_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def _normal(password: str) -> str:
    """One form for letters that keyboards write in two ways: é as one character or as e with an accent."""
    return unicodedata.normalize("NFC", password)
