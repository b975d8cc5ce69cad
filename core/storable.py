"""Makes values from models, providers and lookups storable in PostgreSQL and JSON."""

import math
import re
from typing import Any

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL text cannot contain NUL or unpaired surrogates
_MAX_DEPTH = 50


def storable_text(text: str) -> str:
    """The text without characters that PostgreSQL cannot store."""
    return _UNSTORABLE.sub("", text)


def storable_value(value: Any, depth: int = 0) -> Any:
    """The JSON value with storable texts. Raises ValueError if it is not JSON (a set, a tuple, bytes, NaN, a key that
    is not text), contains an integer too large for a float, or is nested too deeply."""
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return storable_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and _is_finite(value):
        return value
    if isinstance(value, list):
        return [storable_value(item, depth + 1) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {storable_text(key): storable_value(item, depth + 1) for key, item in value.items()}
    raise ValueError("not JSON")


def _is_finite(number: int | float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # an integer with hundreds of digits
        return False
