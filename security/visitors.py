"""Visitors of the chat widget: the tokens that ICMP gives them, and the identities that a business's server has signed.

An identity is a JWT with HS256, or `<payload>.<signature>`, where the payload is base64url of a JSON object, and the
signature is the HMAC-SHA256 of the payload's text in hexadecimal. Both contain the same claims: `sub` (the customer's
ID in the business's own system), `exp`, and optionally `name`, `email`, `phone` and `language`.
"""

import base64
import binascii
import hashlib
import hmac
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import jwt
from itsdangerous import BadData, URLSafeTimedSerializer

from core.errors import Unauthorized
from core.storable import storable_text

ANONYMOUS_SECONDS = 180 * 86400
RENEWAL_SECONDS = 86400  # the age from which a token is renewed when the widget starts
IDENTIFIED_SECONDS = 12 * 3600
MAX_IDENTITY = 4000  # characters
MAX_SUBJECT = 100
_LEEWAY = 10  # seconds by which clocks may differ
_JWT_OPTIONS: Any = {"require": ["exp", "sub"], "verify_aud": False}
_CLAIMS = {"name": 200, "email": 254, "phone": 50, "language": 35}  # with their maximum lengths


@dataclass(frozen=True)
class Identity:
    """Who the visitor is, as the business's server has signed."""

    subject: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Visitor:
    """Someone who uses the widget of a channel. `sender_id` identifies them in the channel."""

    sender_id: str
    identity: Identity | None = None

    @property
    def is_identified(self) -> bool:
        return self.identity is not None


def new_visitor() -> Visitor:
    """A visitor who is not known yet."""
    return Visitor(f"visitor-{uuid4()}")


def identified_visitor(identity: Identity) -> Visitor:
    """The visitor with this identity, who is the same one in all browsers."""
    return Visitor(f"user-{identity.subject}", identity)


class VisitorTokens:
    """The tokens of a channel's visitors."""

    def __init__(self, key: str, channel_id: UUID) -> None:
        """`key` signs the tokens of all channels."""
        self._serializer = URLSafeTimedSerializer(
            key, salt=f"icmp widget {channel_id}", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def create(self, visitor: Visitor, secret: str) -> str:
        """A token for the visitor's requests. That of an identified visitor ends when the secret is changed."""
        if visitor.identity is None:
            return str(self._serializer.dumps({"sender": visitor.sender_id}))
        identity = {name: value for name, value in vars(visitor.identity).items() if value}
        return str(self._serializer.dumps({"identity": identity, "secret": _fingerprint(secret)}))

    def renew(self, token: str, visitor: Visitor) -> str:
        """A token for an anonymous visitor who has a valid one: the same if it is recent, so that tabs agree on it."""
        try:
            self._serializer.loads(token, max_age=RENEWAL_SECONDS)
        except BadData:
            return self.create(visitor, "")
        return token

    def read(self, token: str, find_secret: Callable[[], str] | None = None) -> Visitor:
        """The visitor with this token. Raises Unauthorized if it is invalid or has expired.

        `find_secret` returns the channel's identity secret. It is only called for identified visitors, whose token is
        valid until the secret is changed.
        """
        try:
            content, signed_at = self._serializer.loads(token, max_age=ANONYMOUS_SECONDS, return_timestamp=True)
            if "sender" in content:
                return Visitor(str(content["sender"]))
            is_current = find_secret is None or hmac.compare_digest(content["secret"], _fingerprint(find_secret()))
            if is_current and time.time() - signed_at.timestamp() < IDENTIFIED_SECONDS:
                return identified_visitor(Identity(**content["identity"]))
        except (BadData, KeyError, TypeError) as error:
            raise _invalid_token() from error
        raise _invalid_token()


def read_identity(signed: str, secret: str) -> Identity:
    """The identity that the business's server has signed with the channel's secret. Raises Unauthorized if it is not
    signed with it, has expired or never expires, or if a claim is malformed."""
    try:
        if len(signed) > MAX_IDENTITY:
            raise ValueError("too long")
        claims = _jwt_claims(signed, secret) if signed.count(".") == 2 else _hmac_claims(signed, secret)
        texts = {name: _text(claims.get(name), limit) for name, limit in _CLAIMS.items()}
        subject = _text(claims.get("sub"), MAX_SUBJECT)
        if not subject:
            raise ValueError("no subject")
        return Identity(subject, **texts)
    except (jwt.PyJWTError, ArithmeticError, ValueError, TypeError, RecursionError) as error:
        raise Unauthorized(
            "The identity is not signed with the channel's identity secret, or has expired.",
            remediation="Sign a new one on your server, as docs/channels/widget.md describes.",
        ) from error


def _jwt_claims(signed: str, secret: str) -> Mapping[str, Any]:
    return jwt.decode(signed, secret, algorithms=["HS256"], leeway=_LEEWAY, options=_JWT_OPTIONS)


def _hmac_claims(signed: str, secret: str) -> Mapping[str, Any]:
    payload, _, signature = signed.partition(".")
    expected = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature.lower().encode(), expected.encode()):
        raise ValueError("wrong signature")
    try:
        claims = json.loads(base64.b64decode(payload + "=" * (-len(payload) % 4), altchars="-_", validate=True))
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if not isinstance(claims, dict):
        raise ValueError("not an object")
    expires_at = claims.get("exp")
    if isinstance(expires_at, bool) or not isinstance(expires_at, int | float):
        raise ValueError("no expiry")
    if not math.isfinite(expires_at) or expires_at < time.time() - _LEEWAY:
        raise ValueError("expired")
    return claims


def _text(value: object, limit: int) -> str | None:
    """A claim's text. Raises ValueError if it is another value or too long."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > limit or storable_text(value) != value:
        raise ValueError("malformed claim")
    return value


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(f"icmp widget {secret}".encode()).hexdigest()[:16]


def _invalid_token() -> Unauthorized:
    return Unauthorized("The visitor's token is invalid or has expired.", remediation="Start a new session.")
