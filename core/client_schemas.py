"""Validates JSON Schemas written by businesses, and values against them. References are never fetched. Schemas are
limited in size, and validation in processor time, so that a hostile schema or value does not slow down other tenants.
"""

import json
import time
from collections.abc import Iterator
from contextvars import ContextVar
from itertools import islice
from threading import Lock
from typing import Any

import jsonschema_specifications
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from jsonschema.exceptions import FormatError, UnknownType
from referencing import Registry
from referencing.exceptions import Unresolvable

from core.concurrency import run_in_thread
from core.errors import InvalidRequest
from core.patterns import MAX_PATTERN_LENGTH, UnusablePattern, contains_match, is_valid_pattern
from core.schema_size import ExpandedSize, check_size

MAX_PROBLEMS = 50
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CHECK_TIME = 0.3  # seconds of processor time for checking a schema
_VALIDATION_TIME = 0.05  # the same for validating a value
_SHORT_TIME = 0.005  # the same for the first attempt; the second one does not delay other requests
_MAX_FORMAT_LENGTH = 2000  # characters of a value with a `format`
# What the library raises if a schema is not valid. Schemas that an earlier version accepted may not be.
_LIBRARY_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
# Long validations run one at a time, because several at once would only slow down everything else in the process. Those
# of turns do not wait for those of requests, of which anyone can send many.
_turns, _requests = Lock(), Lock()
_deadline: ContextVar[float] = ContextVar("deadline")  # of this thread's validation, in its processor time


class CannotValidate(Exception):
    """The validation takes too long, or the schema is not usable."""


class _TookTooLong(CannotValidate):
    pass


def check_client_schema(schema: dict[str, Any], path: str) -> None:
    """Raises InvalidRequest, with paths below `path`, if the schema is not valid (draft 2020-12), too large or nested
    too deeply, or contains an unusable pattern or an external, unresolvable or circular reference."""
    if schema.get("$schema", DIALECT) != DIALECT:
        raise InvalidRequest.at(f"{path}.$schema", f"Only {DIALECT} is supported.")
    schema = _without_dialect(schema)
    check_size(schema, path)
    if found := _outermost_error(_SCHEMA_VALIDATOR, schema, path):
        place, message = found
        raise InvalidRequest.at(path + place, message)
    expanded = ExpandedSize(schema, path)
    expanded.size(schema, {})
    # A reference can lead to a place that is no schema, such as a value of an `enum` or of a keyword that is not known.
    if found := _outermost_error(_SCHEMAS_VALIDATOR, list(expanded.targets.values()), path):
        _, message = found
        raise InvalidRequest.at(path, f"A `$ref` refers to something that is not a valid schema: {message}")


def _outermost_error(validator: Any, instance: Any, path: str) -> tuple[str, str] | None:
    """The place, such as `.properties.city`, and the message of the outermost error in one or several schemas. Raises
    InvalidRequest if they are too complex to check."""
    try:
        errors = _errors(validator, instance, _CHECK_TIME, _requests)
    except CannotValidate as error:
        raise InvalidRequest.at(path, "The schema is too complex.") from error
    if not errors:
        return None
    first = min(errors, key=lambda error: len(error.absolute_path))
    message = _PATTERN_RULES if first.validator_value == "regex" else first.message[:300]
    return first.json_path.removeprefix("$"), message


def validation_errors(schema: dict[str, Any], instance: Any) -> list[ValidationError]:
    """The first MAX_PROBLEMS errors of an answer in a turn against a checked schema. Raises CannotValidate."""
    return _errors(_validator(schema), instance, _VALIDATION_TIME, _turns)


def problems_with(schema: dict[str, Any], instance: Any, path: str) -> list[dict[str, str]]:
    """The validation errors of a request against a checked schema, as {path, message} with paths below `path`."""
    try:
        errors = _errors(_validator(schema), instance, _VALIDATION_TIME, _requests)
        found = [problem for error in errors for problem in problems_of(error)]
    except CannotValidate:
        return [{"path": path, "message": "This cannot be validated against its schema."}]
    return sorted(
        ({**problem, "path": path + problem["path"].removeprefix("$")} for problem in found),
        key=lambda problem: problem["path"],
    )


def _validator(schema: dict[str, Any]) -> Any:
    registry: Registry[Any] = Registry()  # the default registry would fetch unknown references
    return _Validator(_without_dialect(schema), registry=registry, format_checker=_Formats())


def _without_dialect(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without `$schema`, for which the library would choose its own validator, without our limits."""
    return {name: value for name, value in schema.items() if name != "$schema"}


def _errors(validator: Any, instance: Any, seconds: float, one_at_a_time: Lock) -> list[ValidationError]:
    try:
        return _evaluate(validator, instance, _SHORT_TIME)  # enough for nearly all, and cheaper than a thread
    except _TookTooLong:
        with one_at_a_time:
            return run_in_thread(_evaluate, validator, instance, seconds)


def _evaluate(validator: Any, instance: Any, seconds: float) -> list[ValidationError]:
    token = _deadline.set(time.thread_time() + seconds)
    try:
        return list(islice(validator.iter_errors(instance), MAX_PROBLEMS))
    except (*_LIBRARY_ERRORS, UnusablePattern, Unresolvable, UnknownType) as error:
        raise CannotValidate from error
    finally:
        _deadline.reset(token)


class _Formats(FormatChecker):
    """Treats values that are too long or make a format check crash as invalid."""

    def check(self, instance: object, format: str) -> None:
        """Raises FormatError if the instance does not have the format."""
        problem = f"{str(instance)[:100]!r} is not a {format!r}"
        if isinstance(instance, str) and len(instance) > _MAX_FORMAT_LENGTH:
            raise FormatError(problem)
        if format == "regex":
            if isinstance(instance, str) and not is_valid_pattern(instance):
                raise FormatError(problem)
            return
        try:
            super().check(instance, format)
        except (ValueError, OverflowError, RecursionError) as error:
            raise FormatError(problem) from error


def _check_pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not contains_match(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _check_unique_items(_validator: Any, is_unique: bool, value: Any, _schema: Any) -> Iterator[ValidationError]:
    """Compares the items' texts: the library compares objects pairwise."""
    if is_unique and isinstance(value, list):
        texts = {json.dumps(_with_equal_numbers(item), sort_keys=True) for item in value}
        if len(texts) < len(value):
            yield ValidationError("has non-unique elements")


def _with_equal_numbers(value: Any) -> Any:
    """The value with integers for numbers such as 1.0, which equals 1 in JSON."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_with_equal_numbers(item) for item in value]
    return {name: _with_equal_numbers(item) for name, item in value.items()} if isinstance(value, dict) else value


def _with_time_limit(check: Any) -> Any:
    def limited(*arguments: Any) -> Any:
        if time.thread_time() > _deadline.get():
            raise _TookTooLong
        return check(*arguments)

    return limited


_Validator: Any = validators.extend(
    Draft202012Validator,
    {
        name: _with_time_limit(check)
        for name, check in {
            **Draft202012Validator.VALIDATORS,
            "pattern": _check_pattern,
            "uniqueItems": _check_unique_items,
        }.items()
    },
)


def _meta_schema() -> dict[str, Any]:
    """The meta-schema of draft 2020-12 in one piece, as `$defs/schema`. The original consists of one schema per
    vocabulary, with dynamic references between them, and takes twenty times as long to evaluate."""
    properties: dict[str, Any] = {"definitions": {"type": "object", "additionalProperties": {"$dynamicRef": "#meta"}}}
    definitions: dict[str, Any] = {}
    for reference in Draft202012Validator.META_SCHEMA["allOf"]:
        vocabulary = jsonschema_specifications.REGISTRY.contents(
            f"https://json-schema.org/draft/2020-12/{reference['$ref']}"
        )
        properties |= vocabulary["properties"]
        definitions |= vocabulary.get("$defs", {})
    definitions["schema"] = {"type": ["object", "boolean"], "properties": properties}
    as_text = json.dumps({"$defs": definitions}).replace('"$dynamicRef": "#meta"', '"$ref": "#/$defs/schema"')
    return dict(json.loads(as_text))


def _meta_validator(root: dict[str, Any]) -> Any:
    return _Validator(_meta_schema() | root, registry=Registry(), format_checker=_Formats())


_SCHEMA_VALIDATOR = _meta_validator({"$ref": "#/$defs/schema"})
_SCHEMAS_VALIDATOR = _meta_validator({"items": {"$ref": "#/$defs/schema"}})
_MASKING_PATTERN_RULES = (
    "Must be a regular expression in the syntax of RE2 (without look-around and backreferences) that is not too large"
    " and does not match an empty text."
)
_PATTERN_RULES = (
    f"Not a supported regular expression: RE2 syntax, at most {MAX_PATTERN_LENGTH} characters, no look-around and no"
    " backreferences."
)


def problems_of(error: Any, *, quotes_values: bool = True) -> list[dict[str, str]]:
    """A validation error as a list of {path, message}, each with the path of the field concerned. Messages that are
    stored must not quote values, which may be about a customer."""
    path = error.json_path
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return [
            {"path": f"{path}.{name}", "message": "This field is required."}
            for name in missing
            if error.message.startswith(repr(name))
        ]
    if error.validator == "additionalProperties" and error.schema["additionalProperties"] is False:
        known = error.schema.get("properties", {})
        return [{"path": f"{path}.{name}", "message": "Unknown field."} for name in error.instance if name not in known]
    if error.validator == "oneOf" and (errors := _errors_of_named_alternative(error)):
        return [problem for each in errors for problem in problems_of(each, quotes_values=quotes_values)]
    if error.validator == "oneOf" and (problem := _problem_of_choice(error)):
        return [{"path": path, "message": problem}]
    if error.validator in ("oneOf", "anyOf") and "description" in error.schema:
        return [{"path": path, "message": error.schema["description"]}]
    # The standard message would contain the value.
    if "password" in path or error.schema.get("writeOnly"):
        return [{"path": path, "message": "Must be text of the permitted length."}]
    if error.validator == "format" and error.validator_value == "visible":
        return [{"path": path, "message": "Must contain a visible character."}]
    if error.validator == "format" and error.validator_value == "masking-pattern":
        return [{"path": path, "message": _MASKING_PATTERN_RULES}]
    if error.validator == "format" and error.validator_value == "date-time":
        return [{"path": path, "message": "Must be a date and time such as 2026-01-31T09:30:00+01:00."}]
    if error.validator == "type":
        kinds = error.validator_value
        kind = kinds if isinstance(kinds, str) else " or ".join(kinds)
        return [{"path": path, "message": f"Must be of type {kind}."}]
    if error.validator == "pattern" and (examples := error.schema.get("examples")):
        return [{"path": path, "message": f"Must be written like {' or '.join(map(str, examples))}."[:300]}]
    message, value = error.message, repr(error.instance)
    if not quotes_values and error.validator == "format":  # whose message contains only the start of a long value
        message = f"The value is not a {error.validator_value!r}"
    elif not quotes_values and message.startswith(value):
        message = f"The value{message.removeprefix(value)}"
    return [{"path": path, "message": message[:300]}]


def _problem_of_choice(error: Any) -> str | None:
    """The message for an object that matches none or several of the alternatives that differ in required fields. None
    if the alternatives differ in another way."""
    choices = [each.get("required", []) for each in error.validator_value if isinstance(each, dict)]
    if not isinstance(error.instance, dict) or len(choices) < len(error.validator_value) or not all(choices):
        return None
    names = " or ".join(", ".join(f"`{name}`" for name in choice) for choice in choices)
    matches = sum(all(name in error.instance for name in choice) for choice in choices)
    if matches == 0:
        return f"One of these is required: {names}."
    return f"Only one of these is allowed: {names}." if matches > 1 else None


def _errors_of_named_alternative(error: Any) -> list[Any]:
    """The errors of the only alternative whose constants the value has, such as its `method`. Empty if there is none or
    if the alternatives do not differ in constants."""
    errors: dict[int, list[Any]] = {index: [] for index in range(len(error.validator_value))}
    for each in error.context:
        errors[each.schema_path[0]].append(each)
    named = [found for found in errors.values() if all(each.validator != "const" for each in found)]
    return named[0] if len(named) == 1 else []
