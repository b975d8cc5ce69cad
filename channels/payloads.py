"""Reads JSON of providers, which may contain anything, without exceptions for unexpected values."""

import json
from datetime import UTC, datetime
from typing import Any

from core.storable import storable_text

JsonObject = dict[str, Any]
MAX_ID = 500  # characters of an ID of a provider


def read_object(body: bytes) -> JsonObject:
    """The JSON object in a body. Raises ValueError if there is none."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError("The body is not JSON.") from error
    if not isinstance(value, dict):
        raise ValueError("The body is not a JSON object.")
    return value


def child(parent: JsonObject, name: str) -> JsonObject:
    """The object in a field, or an empty one."""
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def children(parent: JsonObject, name: str) -> list[JsonObject]:
    """The objects in the list of a field; other values in it are left out."""
    value = parent.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text_in(parent: JsonObject, name: str) -> str:
    """The text, or the whole number as a text, in a field. Empty if it contains anything else."""
    value = parent.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def is_storable_id(value: object) -> bool:
    """Whether the database can store and index an ID of a provider exactly as it is."""
    return isinstance(value, str) and 0 < len(value) <= MAX_ID and storable_text(value) == value


def time_in(parent: JsonObject, name: str, units_per_second: int = 1) -> datetime | None:
    """The time in a field that counts units since 1970, as a number or a text; None if there is no valid one."""
    try:
        return datetime.fromtimestamp(int(text_in(parent, name)) / units_per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None
