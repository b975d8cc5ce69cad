"""What a stage may ask for: a JSON Schema of an object whose properties are the fields."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, SchemaError, ValidationError, validators
from referencing import Registry
from referencing.exceptions import Unresolvable

from errors import InvalidRequest
from message_processing.patterns import TooSlow, is_found, is_pattern

MOST_FIELDS = 100
LONGEST_NAME = 200  # characters of a field's name
_PATH = "$.extraction_schema"


def check_extraction_schema(schema: dict[str, Any]) -> None:
    """Raises InvalidRequest for what is no valid schema of an object with properties, for one that no reply could be
    held against, and for a `$ref` to elsewhere, since nothing is fetched."""
    try:
        Draft202012Validator.check_schema(schema)
        references = list(_values_of(schema, "$ref", "$dynamicRef"))
        patterns = list(_values_of(schema, "pattern"))
        by_pattern = list(_values_of(schema, "patternProperties"))
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
    if not all(is_pattern(pattern) for pattern in patterns if isinstance(pattern, str)):
        raise InvalidRequest.at(_PATH, "A `pattern` is no regular expression.")
    if by_pattern:
        raise InvalidRequest.at(_PATH, "Name each property: `patternProperties` is not taken.")
    if not all(reference.startswith("#") for reference in references if isinstance(reference, str)):
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
    except (Unresolvable, RecursionError, TooSlow):
        return [(None, "the reply cannot be held against the schema")]
    return [
        (str(error.absolute_path[0]) if error.absolute_path else None, f"{error.json_path}: {error.message}"[:200])
        for error in errors
    ]


def _check_pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not is_found(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


_Validator: Any = validators.extend(Draft202012Validator, {"pattern": _check_pattern})  # type: ignore[no-untyped-call]


def _validator(schema: dict[str, Any]) -> Any:
    registry: Registry[Any] = Registry()  # the default one would fetch what it does not know
    return _Validator(schema, registry=registry, format_checker=FormatChecker())


def _values_of(value: Any, *names: str) -> Iterator[Any]:
    """What stands under the names, at any depth."""
    if isinstance(value, list):
        for item in value:
            yield from _values_of(item, *names)
    elif isinstance(value, dict):
        yield from (value[name] for name in names if name in value)
        for item in value.values():
            yield from _values_of(item, *names)
