"""Password hashing with argon2, in threads, because a hash takes longer than other requests should wait."""

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.concurrency import run_in_thread

# The OWASP parameters that need the least memory: 19 MiB per hash. The semaphore limits the total, so that many
# simultaneous logins cannot exhaust the memory of a small host.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_CONCURRENT_HASHES = threading.BoundedSemaphore(4)


def hash_password(password: str) -> str:
    """The hash to store for a password."""
    with _CONCURRENT_HASHES:
        return run_in_thread(_HASHER.hash, _normalise(password))


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether the password matches the hash. Without a hash (the user does not exist or has no password) this takes
    the same time and returns False, so that the response time does not reveal which addresses exist."""
    with _CONCURRENT_HASHES:
        try:
            run_in_thread(_verify, password_hash, _normalise(password))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was created with parameters other than the current ones."""
    return _HASHER.check_needs_rehash(password_hash)


def _verify(password_hash: str | None, password: str) -> None:
    _HASHER.verify(password_hash or _dummy_hash(), password)


@cache
def _dummy_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def _normalise(password: str) -> str:
    """Unicode NFC: keyboards enter é either as one character or as e followed by an accent."""
    return unicodedata.normalize("NFC", password)
