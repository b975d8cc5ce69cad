"""Extraction schemas of stages: a JSON Schema of an object whose properties are the fields to extract."""

from typing import Any

from core.client_schemas import CannotValidate, check_client_schema, validation_errors
from core.errors import InvalidRequest
from core.names import has_visible_character

MAX_FIELDS = 100
MAX_NAME_LENGTH = 200  # characters
_PATH = "$.extraction_schema"


def check_extraction_schema(schema: dict[str, Any]) -> None:
    """Raises InvalidRequest unless the schema is valid, can be applied and describes an object with properties."""
    check_client_schema(schema, _PATH)
    properties = schema.get("properties")
    if schema.get("type", "object") != "object" or not properties:
        raise InvalidRequest.at(_PATH, "The schema must describe an object with `properties`, the fields to extract.")
    if len(properties) > MAX_FIELDS:
        raise InvalidRequest.at(_PATH, f"A stage can have at most {MAX_FIELDS} fields.")
    if any(not has_visible_character(name) or len(name) > MAX_NAME_LENGTH for name in properties):
        raise InvalidRequest.at(_PATH, f"A field name must be visible, and have 1 to {MAX_NAME_LENGTH} characters.")
    unknown = [name for name in schema.get("required", []) if name not in properties]
    if unknown:
        raise InvalidRequest.at(f"{_PATH}.required", f"There is no property named {unknown[0]!r}.")


def problems_with(fields: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str | None, str]]:
    """Validates the fields of a reply. Returns pairs of a field name (None: all fields together) and a problem.

    Missing required fields are not reported: the customer's message may not contain them.
    """
    try:
        errors = validation_errors({**schema, "required": []}, fields)
    except CannotValidate:
        return [(None, "the reply cannot be checked against the schema")]
    return [
        (str(error.absolute_path[0]) if error.absolute_path else None, f"{error.json_path}: {error.message}"[:200])
        for error in errors
    ]
