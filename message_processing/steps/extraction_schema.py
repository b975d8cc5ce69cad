"""What a stage may ask for: a JSON Schema of an object whose properties are the fields."""

from typing import Any

from jsonschema.exceptions import UnknownType
from referencing.exceptions import Unresolvable

from core.client_schemas import check_client_schema, client_validator
from core.errors import InvalidRequest
from core.patterns import TooSlow

MOST_FIELDS = 100
LONGEST_NAME = 200  # characters of a field's name
_PATH = "$.extraction_schema"


def check_extraction_schema(schema: dict[str, Any]) -> None:
    """Raises InvalidRequest for what is no valid schema of an object with properties, and for one that no reply could
    be held against."""
    check_client_schema(schema, _PATH)
    properties = schema.get("properties")
    if schema.get("type", "object") != "object" or not properties:
        raise InvalidRequest.at(_PATH, "The schema must describe an object with `properties`, the fields to extract.")
    if len(properties) > MOST_FIELDS:
        raise InvalidRequest.at(_PATH, f"A stage may ask for at most {MOST_FIELDS} fields.")
    if any(not name.strip() or len(name) > LONGEST_NAME for name in properties):
        raise InvalidRequest.at(_PATH, f"A field's name has 1 to {LONGEST_NAME} characters.")
    unknown = [name for name in schema.get("required", []) if name not in properties]
    if unknown:
        raise InvalidRequest.at(f"{_PATH}.required", f"No property is called {unknown[0]!r}.")


def problems_with(fields: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str | None, str]]:
    """What is wrong with the fields of a reply: the field's name, or None for all of them together, and the problem.

    Whether a *message* says everything that the stage requires is no fault of the reply.
    """
    try:
        errors = list(client_validator({**schema, "required": []}).iter_errors(fields))
    except (Unresolvable, UnknownType, RecursionError, TooSlow):
        return [(None, "the reply cannot be held against the schema")]
    return [
        (str(error.absolute_path[0]) if error.absolute_path else None, f"{error.json_path}: {error.message}"[:200])
        for error in errors
    ]
