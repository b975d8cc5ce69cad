"""Values as PostgreSQL and JSON can keep them, whoever made them: a model, a provider, a look-up."""

import math
import re
from typing import Any

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL's text has neither NUL nor lone surrogates
_DEEPEST = 50


def storable_text(text: str) -> str:
    """The text without what no column can keep."""
    return _UNSTORABLE.sub("", text)


def storable_value(value: Any, depth: int = 0) -> Any:
    """The value if JSON can say it, its texts cleaned; ValueError for a set, a tuple, bytes, NaN, a key that is no
    text, a number beyond every float, and for what is nested too deeply to be data."""
    if depth > _DEEPEST:
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
    except OverflowError:  # an integer of hundreds of digits
        return False
