"""JSON encoding of responses."""

from typing import Any
from uuid import UUID

from flask.json.provider import DefaultJSONProvider


class JSONProvider(DefaultJSONProvider):
    """Encodes timestamps in ISO 8601 with offset, UUIDs as text and decimals as numbers. Keeps non-ASCII characters and
    the order of fields."""

    ensure_ascii = False
    sort_keys = False

    @staticmethod
    def default(value: Any) -> Any:
        """The JSON representation of a value that the standard encoder does not know."""
        if hasattr(value, "isoformat"):
            return value.isoformat()
        if isinstance(value, UUID):
            return str(value)
        if hasattr(value, "as_tuple"):  # a Decimal
            return float(value)
        raise TypeError(f"{type(value).__name__} is not JSON")
