"""Tokens and signed identities of the chat widget's visitors."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import jwt
import pytest

from core.errors import Unauthorized
from security import visitors
from security.visitors import Identity, VisitorTokens, identified_visitor, new_visitor, read_identity

SECRET = "5" * 64
ANNA = {"sub": "c-1", "name": "Anna Berg", "email": "anna@example.com"}


def in_a_minute() -> int:
    return int(time.time()) + 60


def as_jwt(claims: dict[str, Any], secret: str = SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, secret, algorithm=algorithm)


def as_hmac(claims: Any, secret: str = SECRET) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{payload}.{hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()}"


@pytest.mark.parametrize("sign", [as_jwt, as_hmac])
def test_identity_is_read_if_it_is_signed(sign: Callable[..., str]) -> None:
    signed = sign({**ANNA, "exp": in_a_minute()})
    assert read_identity(signed, SECRET) == Identity("c-1", "Anna Berg", "anna@example.com")


@pytest.mark.parametrize("sign", [as_jwt, as_hmac])
@pytest.mark.parametrize(
    "change",
    [
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"sub": None},
        {"sub": 17},
        {"sub": "x" * 101},
        {"name": ["Anna"]},
        {"name": "\0"},
    ],
)
def test_identity_that_has_expired_or_is_malformed_is_refused(sign: Callable[..., str], change: dict[str, Any]) -> None:
    claims = {**ANNA, "exp": in_a_minute(), **change}
    with pytest.raises((Unauthorized, TypeError)):  # PyJWT does not sign every malformed one
        read_identity(sign({name: value for name, value in claims.items() if value is not None}), SECRET)


@pytest.mark.parametrize(
    "forge",
    [
        lambda claims: as_jwt(claims, "6" * 64),
        lambda claims: as_jwt(claims, algorithm="HS512"),
        lambda claims: jwt.encode(claims, None, algorithm="none"),
        lambda claims: as_hmac(claims, "6" * 64),
        lambda claims: as_hmac(claims).partition(".")[0] + ".",
        lambda claims: as_hmac(claims).partition(".")[0],
        lambda claims: as_hmac({**claims, "sub": "c-2"}).partition(".")[0] + "." + as_hmac(claims).partition(".")[2],
        lambda claims: as_hmac([claims]),
        lambda claims: json.dumps(claims),
        lambda claims: "é.é",
        lambda claims: as_jwt({**claims, "extra": "x" * 4000}),
    ],
)
def test_identity_that_is_not_signed_with_the_secret_is_refused(forge: Callable[[dict[str, Any]], str]) -> None:
    with pytest.raises(Unauthorized):
        read_identity(forge({**ANNA, "exp": in_a_minute()}), SECRET)


def test_token_is_valid_in_its_channel_only() -> None:
    channel_id, visitor = uuid4(), new_visitor()
    token = VisitorTokens("key", channel_id).create(visitor, "")
    assert VisitorTokens("key", channel_id).read(token, lambda: "") == visitor
    for tokens in (VisitorTokens("key", uuid4()), VisitorTokens("other key", channel_id)):
        with pytest.raises(Unauthorized):
            tokens.read(token, lambda: "")
    with pytest.raises(Unauthorized):
        VisitorTokens("key", channel_id).read(token[:-1] + ("A" if token[-1] != "A" else "B"), lambda: "")


def test_token_of_an_identified_visitor_ends_with_the_secret_and_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = VisitorTokens("key", uuid4())
    visitor = identified_visitor(Identity("c-1", name="Anna"))
    token = tokens.create(visitor, SECRET)
    assert tokens.read(token, lambda: SECRET) == visitor
    with pytest.raises(Unauthorized):
        tokens.read(token, lambda: "6" * 64)
    monkeypatch.setattr(visitors, "IDENTIFIED_SECONDS", -1)
    with pytest.raises(Unauthorized):
        tokens.read(token, lambda: SECRET)
