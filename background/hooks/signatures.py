"""Checks the signatures of deliveries."""

import base64
import hmac
from hashlib import sha256
from typing import Literal

Encoding = Literal["hex", "base64"]


def sign(secret: str, body: bytes, encoding: Encoding) -> str:
    """The HMAC-SHA256 of a body as text."""
    digest = hmac.new(secret.encode(), body, sha256).digest()
    return digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()


def is_valid(secret: str, body: bytes, signature: str, encoding: Encoding) -> bool:
    """Whether a header contains the signature of the body, also after `sha256=`, as some systems write it."""
    given = signature.strip().removeprefix("sha256=")
    if encoding == "hex":
        given = given.lower()
    return hmac.compare_digest(given.encode(), sign(secret, body, encoding).encode())
