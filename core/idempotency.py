"""Idempotency keys: a request that is sent again with the same key is not carried out twice."""

import hashlib
import json
from typing import Any

from core.errors import Conflict


def request_hash(body: dict[str, Any]) -> str:
    """A hash of everything that two requests with the same idempotency key must have in common."""
    relevant = {name: value for name, value in body.items() if name != "stream"}
    return hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()


def key_conflict() -> Conflict:
    """The error for a key that was used with another request."""
    return Conflict(
        "This idempotency key was used with a different request.", remediation="Use a new key for a new message."
    )
