"""The header `Idempotency-Key`, of the requests that store messages."""

import re

from flask import request

from core.errors import InvalidRequest

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def read_idempotency_key() -> str | None:
    """The request's key, or None. Raises InvalidRequest if it is malformed."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise InvalidRequest.at(
            "$.headers.Idempotency-Key", "Must have 1 to 200 printable ASCII characters and no spaces."
        )
    return key
