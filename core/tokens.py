"""Random tokens of links. Only their hashes are stored."""

import hashlib
import secrets


def new_token() -> tuple[str, str]:
    """A random token of 256 bits, and its hash to store."""
    token = secrets.token_urlsafe(32)
    return token, hash_key(token)


def hash_key(key: str) -> str:
    """SHA-256 in hexadecimal. A slow hash is not needed, because keys and tokens are random and long."""
    return hashlib.sha256(key.encode()).hexdigest()
