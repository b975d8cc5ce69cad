"""Maps the JSON of a response to the data of a turn, by JSON Pointer (RFC 6901)."""

import json
from typing import Any

from jsonpointer import EndOfList, JsonPointer, JsonPointerException

from core.storable import storable_value
from message_processing.release import LookUp
from message_processing.step_outputs import MAX_ROWS

_ABSENT: tuple[Any, ...] = (None, "", [], {})


def parse_json(body: bytes) -> Any:
    """Returns the JSON value of a body, None if it is empty. Raises ValueError."""
    if not body.strip():
        return None
    try:
        return storable_value(json.loads(body))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def map_value(value: Any, config: LookUp) -> Any:
    """Returns what the configuration selects from a response, None if that is nothing.

    `result` selects a part. `fields` selects fields of it, or of each of its first rows if it is a list.
    """
    result = _resolve(value, config.get("result", ""))
    if isinstance(result, list):
        result = result[:MAX_ROWS]
    fields = config.get("fields")
    if fields and result not in _ABSENT:
        rows = [
            {name: _resolve(row, pointer) for name, pointer in fields.items()}
            for row in (result if isinstance(result, list) else [result])
        ]
        result = [row for row in rows if any(each not in _ABSENT for each in row.values())]
    if isinstance(result, list) and len(result) == 1:
        result = result[0]
    return None if result in _ABSENT else result


def _resolve(value: Any, pointer: str) -> Any:
    try:
        found = JsonPointer(pointer).resolve(value, None)
    except (JsonPointerException, TypeError):  # also where a number or a text is asked for its members
        return None
    return None if isinstance(found, EndOfList) else found
