"""Login tokens (JWT). A token is only valid while its session exists in the database, which every request checks."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token, decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt.exceptions import PyJWTError

from config import Config
from core.errors import Unauthorized

LOGIN_COOKIE = "icmpLogin"
TOKEN_LIFETIME = timedelta(hours=12)  # a refresh issues the next token
SESSION_LIFETIME = timedelta(days=30)  # regardless of refreshes


@dataclass(frozen=True)
class Token:
    """The content of a token. `business_id` is the business that the user acts for, None for none."""

    user_id: UUID
    session_id: UUID
    business_id: UUID | None
    expires_at: datetime


def register_login_tokens(app: Flask, config: Config) -> None:
    """Configure how tokens are signed. The library's cookies and CSRF tokens are not used (see security.cookies and
    security.cross_site)."""
    app.config["JWT_SECRET_KEY"] = config.token_key
    JWTManager(app)


def create_token(
    user_id: UUID, session_id: UUID, business_id: UUID | None, session_expires_at: datetime
) -> tuple[str, Token]:
    """A signed token and its content. It expires no later than its session."""
    now = datetime.now(UTC).replace(microsecond=0)  # JWT timestamps are whole seconds
    token = Token(user_id, session_id, business_id, min(now + TOKEN_LIFETIME, session_expires_at))
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
    """Whether the text has the form of a JWT (three base64 parts, the first a JSON object). API keys never do."""
    return text.startswith("eyJ") and text.count(".") == 2


def read_token(signed: str) -> Token:
    """The content of a signed token. Raises Unauthorized if it is invalid or has expired."""
    try:
        claims = decode_token(signed)
        return Token(
            UUID(claims["sub"]),
            UUID(claims["session_id"]),
            UUID(claims["business_id"]) if claims["business_id"] else None,
            datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (PyJWTError, JWTExtendedException, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Unauthorized("Your login is invalid or has expired.", remediation="Sign in again.") from error
