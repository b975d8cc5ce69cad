"""What a stage may ask for: a JSON Schema of an object whose properties are the fields."""

from typing import Any

from jsonschema import Draft202012Validator, SchemaError

from errors import InvalidRequest

_PATH = "$.extraction_schema"
_MOST_PROPERTIES = 100


def check_extraction_schema(schema: dict[str, Any]) -> None:
    """Raises InvalidRequest for what is no valid schema of an object with properties, and for a `$ref` to elsewhere,
    since nothing is fetched."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise InvalidRequest.at(_PATH + error.json_path.removeprefix("$"), error.message[:300]) from error
    if schema.get("type", "object") != "object" or not schema.get("properties"):
        raise InvalidRequest.at(_PATH, "The schema must describe an object with `properties`, the fields to extract.")
    if len(schema["properties"]) > _MOST_PROPERTIES:
        raise InvalidRequest.at(_PATH, f"A stage may ask for at most {_MOST_PROPERTIES} fields.")
    if any(not reference.startswith("#") for reference in _references(schema)):
        raise InvalidRequest.at(_PATH, "A `$ref` may point into the schema itself only.")


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [reference for item in value for reference in _references(item)]
    if not isinstance(value, dict):
        return []
    own = [value[name] for name in ("$ref", "$dynamicRef") if isinstance(value.get(name), str)]
    return own + [reference for item in value.values() for reference in _references(item)]
