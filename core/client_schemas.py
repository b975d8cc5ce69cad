"""JSON Schemas that a business writes itself, checked before one is kept: nothing is ever fetched for them, and none
can keep a process busy for ever."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, SchemaError, ValidationError, validators
from jsonschema.exceptions import FormatError
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from core.errors import InvalidRequest
from core.patterns import TooSlow, is_found, is_pattern

# Those that a `$ref` brings in counted each time: a few nested references can stand for billions.
_MOST_PARTS = 5000
_REFERENCES = ("$ref", "$dynamicRef")
_NOT_TAKEN = {
    "patternProperties": "Name each property: `patternProperties` is not taken.",
    # They look at everything beside them once more: with each level that they stand in the work doubles.
    "unevaluatedProperties": "Use `additionalProperties`: `unevaluatedProperties` is not taken.",
    "unevaluatedItems": "Use `items`: `unevaluatedItems` is not taken.",
}
_NAMES = ("$id", "$dynamicAnchor")  # with these a reference may mean another place than the one it seems to
# What holds for the parts of an instance rather than for the instance itself.
_INTO = frozenset(
    {
        "properties",
        "additionalProperties",
        "items",
        "prefixItems",
        "contains",
    }
)


def check_client_schema(schema: dict[str, Any], path: str) -> None:
    """Raises InvalidRequest, naming places below `path`, for what is no valid schema (draft 2020-12), for references
    to elsewhere, to nothing or in a circle, for a schema that is too large or too deep, and for what is no pattern."""
    try:
        Draft202012Validator.check_schema(schema)
        _Measure(schema, path).size(schema, {})
    except SchemaError as error:
        raise InvalidRequest.at(path + error.json_path.removeprefix("$"), error.message[:300]) from error
    except (RecursionError, OverflowError) as error:  # a pattern that repeats something too often overflows
        raise InvalidRequest.at(
            path, "The schema is nested too deeply, or a pattern in it repeats too much."
        ) from error


def client_validator(schema: dict[str, Any]) -> Any:
    """A validator for a checked schema. Its errors are found in time, whatever the patterns, or TooSlow is raised."""
    registry: Registry[Any] = Registry()  # the default one would fetch what it does not know
    return _Validator(schema, registry=registry, format_checker=_Formats())


class _Formats(FormatChecker):
    """What a format's check trips over is not of that format."""

    def check(self, instance: object, format: str) -> None:
        try:
            super().check(instance, format)
        except (ValueError, OverflowError, RecursionError) as error:
            raise FormatError(f"{instance!r} is not a {format!r}") from error


def _check_pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not is_found(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


_Validator: Any = validators.extend(Draft202012Validator, {"pattern": _check_pattern})


def problems_with(schema: dict[str, Any], instance: Any, path: str) -> list[dict[str, str]]:
    """The ways in which an instance breaks a checked schema, as {path, message}, paths below `path`."""
    try:
        found = [problem for error in client_validator(schema).iter_errors(instance) for problem in problems_of(error)]
    except (RecursionError, TooSlow):
        return [{"path": path, "message": "This cannot be held against its schema."}]
    return sorted(
        ({**problem, "path": path + problem["path"].removeprefix("$")} for problem in found),
        key=lambda problem: problem["path"],
    )


def problems_of(error: Any) -> list[dict[str, str]]:
    """A validation error as {path, message}, at the field that it is about."""
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
        return [
            {"path": f"{path}.{name}", "message": "This field is unknown."}
            for name in error.instance
            if name not in known
        ]
    if error.validator == "oneOf" and (problem := _problem_of_choice(error)):
        return [{"path": path, "message": problem}]
    if error.validator in ("oneOf", "anyOf") and "description" in error.schema:
        return [{"path": path, "message": error.schema["description"]}]
    if "password" in path:  # not said again: answers are logged by others
        return [{"path": path, "message": "This is too short, too long, or no text."}]
    return [{"path": path, "message": error.message[:300]}]


def _problem_of_choice(error: Any) -> str | None:
    """What is wrong with an object that must have the fields of one alternative, where it has those of none or of
    several; None where it is something else."""
    choices = [each.get("required", []) for each in error.validator_value if isinstance(each, dict)]
    if not isinstance(error.instance, dict) or len(choices) < len(error.validator_value) or not all(choices):
        return None
    names = " or ".join(", ".join(f"`{name}`" for name in choice) for choice in choices)
    there = sum(all(name in error.instance for name in choice) for choice in choices)
    if there == 0:
        return f"One of these is required: {names}."
    return f"Only one of these may be given: {names}." if there > 1 else None


class _Measure:
    """How large a schema is once its references are followed.

    `following` are the references that led to a place, and whether what they are held against has become smaller since:
    a reference back, as in a tree, ends with the tree. There may be one of these only: two of them could double the
    work at every level.
    """

    def __init__(self, schema: dict[str, Any], path: str) -> None:
        self._path = path
        registry: Registry[Any] = Registry().with_resource("", DRAFT202012.create_resource(schema))
        self._resolver = registry.resolver("")
        self._sizes: dict[str, int] = {}
        self._back: set[int] = set()

    def size(self, value: Any, following: dict[str, bool]) -> int:
        if isinstance(value, list):
            return self._checked(sum(self.size(item, following) for item in value))
        if not isinstance(value, dict):
            return 0
        if any(isinstance(value.get(name), str) for name in _NAMES):
            raise self._refused(f"{' and '.join(_NAMES)} are not supported.")
        for name, why in _NOT_TAKEN.items():
            if name in value:
                raise self._refused(why)
        if isinstance(value.get("pattern"), str) and not is_pattern(value["pattern"]):
            raise self._refused("A `pattern` is no regular expression.")
        total = 1
        for name, item in value.items():
            total += self.size(item, dict.fromkeys(following, True) if name in _INTO else following)
            if name in _REFERENCES and isinstance(item, str):
                total += self._size_of_target(item, following, id(value))
        return self._checked(total)

    def _size_of_target(self, reference: str, following: dict[str, bool], place: int) -> int:
        if not reference.startswith("#"):
            raise self._refused("A `$ref` may point into the schema itself only.")
        if reference in following:
            if not following[reference]:
                raise self._refused("A `$ref` leads back to itself.")
            self._back.add(place)
            if len(self._back) > 1:
                raise self._refused("Only one `$ref` may lead back to what it stands in.")
            return 0
        if reference not in self._sizes:
            try:
                target = self._resolver.lookup(reference).contents
            except Unresolvable as error:
                raise self._refused(f"The `$ref` {reference[:100]} points to nothing.") from error
            self._sizes[reference] = self.size(target, {**following, reference: False})
        return self._sizes[reference]

    def _checked(self, total: int) -> int:
        if total > _MOST_PARTS:
            raise self._refused(f"The schema has more than {_MOST_PARTS} parts.")
        return total

    def _refused(self, problem: str) -> InvalidRequest:
        return InvalidRequest.at(self._path, problem)
