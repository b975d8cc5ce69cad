"""What a stage may ask for: a JSON Schema of an object whose properties are the fields."""

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable

from errors import InvalidRequest

MOST_FIELDS = 100
LONGEST_NAME = 200  # characters of a field's name
_PATH = "$.extraction_schema"


def check_extraction_schema(schema: dict[str, Any]) -> None:
    """Raises InvalidRequest for what is no valid schema of an object with properties, for one that no reply could be
    held against, and for a `$ref` to elsewhere, since nothing is fetched."""
    try:
        Draft202012Validator.check_schema(schema)
        references = _references(schema)
    except SchemaError as error:
        raise InvalidRequest.at(_PATH + error.json_path.removeprefix("$"), error.message[:300]) from error
    except RecursionError as error:
        raise InvalidRequest.at(_PATH, "The schema is nested too deeply.") from error
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
    if any(not reference.startswith("#") for reference in references):
        raise InvalidRequest.at(_PATH, "A `$ref` may point into the schema itself only.")
    samples: tuple[Any, ...] = ("", 0, [""], [{}], {})
    for sample in samples:
        try:
            list(_validator(schema).iter_errors(dict.fromkeys(properties, sample)))
        except Unresolvable as error:
            raise InvalidRequest.at(_PATH, "A `$ref` points to nothing.") from error
        except RecursionError as error:
            raise InvalidRequest.at(_PATH, "A `$ref` leads back to itself.") from error


def problems_with(fields: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str | None, str]]:
    """What is wrong with the fields of a reply: the field's name, or None for all of them together, and the problem.

    Whether a *message* says everything that the stage requires is no fault of the reply.
    """
    try:
        errors = list(_validator({**schema, "required": []}).iter_errors(fields))
    except (Unresolvable, RecursionError):
        return [(None, "the reply cannot be held against the schema")]
    return [
        (str(error.absolute_path[0]) if error.absolute_path else None, f"{error.json_path}: {error.message}"[:200])
        for error in errors
    ]


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    registry: Registry[Any] = Registry()  # the default one would fetch what it does not know
    return Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [reference for item in value for reference in _references(item)]
    if not isinstance(value, dict):
        return []
    own = [value[name] for name in ("$ref", "$dynamicRef") if isinstance(value.get(name), str)]
    return own + [reference for item in value.values() for reference in _references(item)]
