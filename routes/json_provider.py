"""How values become JSON in answers."""

from typing import Any
from uuid import UUID

from flask.json.provider import DefaultJSONProvider


class JSONProvider(DefaultJSONProvider):
    """Times in ISO 8601 with their offset, ids as text, amounts as numbers, letters as they are, fields in order."""

    ensure_ascii = False
    sort_keys = False

    @staticmethod
    def default(value: Any) -> Any:
        if hasattr(value, "isoformat"):
            return value.isoformat()
        if isinstance(value, UUID):
            return str(value)
        if hasattr(value, "as_tuple"):  # a Decimal
            return float(value)
        raise TypeError(f"{type(value).__name__} is not JSON")
