"""Validates JSON Schemas written by businesses, and values against them. References are never fetched, and schemas that
could make validation very slow are rejected."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, SchemaError, ValidationError, validators
from jsonschema.exceptions import FormatError
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from core.errors import InvalidRequest
from core.patterns import PatternTimeout, contains_match, is_valid_pattern

# Subschemas, where the target of a `$ref` counts every time: a few nested references can expand to billions.
_MAX_SIZE = 5000
_REFERENCES = ("$ref", "$dynamicRef")
_UNSUPPORTED = {
    "patternProperties": "`patternProperties` is not supported. Use `properties`.",
    # Validation evaluates the adjacent keywords a second time, so the work doubles with each level of nesting.
    "unevaluatedProperties": "`unevaluatedProperties` is not supported. Use `additionalProperties`.",
    "unevaluatedItems": "`unevaluatedItems` is not supported. Use `items`.",
}
_IDENTIFIERS = ("$id", "$dynamicAnchor")  # they change what a reference refers to
# Keywords whose subschemas apply to parts of the instance instead of the instance itself.
_APPLIED_TO_PARTS = frozenset(
    {
        "properties",
        "additionalProperties",
        "items",
        "prefixItems",
        "contains",
    }
)


def check_client_schema(schema: dict[str, Any], path: str) -> None:
    """Raises InvalidRequest, with paths below `path`, if the schema is not valid (draft 2020-12), too large or nested
    too deeply, or contains an invalid pattern or an external, unresolvable or circular reference."""
    try:
        Draft202012Validator.check_schema(schema)
        _SchemaSize(schema, path).size(schema, {})
    except SchemaError as error:
        raise InvalidRequest.at(path + error.json_path.removeprefix("$"), error.message[:300]) from error
    except (RecursionError, OverflowError) as error:  # a pattern with too many repetitions overflows
        raise InvalidRequest.at(
            path, "The schema is nested too deeply, or one of its patterns has too many repetitions."
        ) from error


def client_validator(schema: dict[str, Any]) -> Any:
    """A validator for a checked schema. Validation raises PatternTimeout if a pattern takes too long."""
    registry: Registry[Any] = Registry()  # the default registry would fetch unknown references
    return _Validator(schema, registry=registry, format_checker=_Formats())


class _Formats(FormatChecker):
    """Treats values that make a format check crash as invalid."""

    def check(self, instance: object, format: str) -> None:
        try:
            super().check(instance, format)
        except (ValueError, OverflowError, RecursionError) as error:
            raise FormatError(f"{instance!r} is not a {format!r}") from error


def _check_pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not contains_match(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


_Validator: Any = validators.extend(Draft202012Validator, {"pattern": _check_pattern})


def problems_with(schema: dict[str, Any], instance: Any, path: str) -> list[dict[str, str]]:
    """The validation errors of an instance against a checked schema, as {path, message} with paths below `path`."""
    try:
        found = [problem for error in client_validator(schema).iter_errors(instance) for problem in problems_of(error)]
    except (RecursionError, PatternTimeout):
        return [{"path": path, "message": "This cannot be validated against its schema."}]
    return sorted(
        ({**problem, "path": path + problem["path"].removeprefix("$")} for problem in found),
        key=lambda problem: problem["path"],
    )


def problems_of(error: Any) -> list[dict[str, str]]:
    """A validation error as a list of {path, message}, each with the path of the field concerned."""
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
    if error.validator == "oneOf" and (problem := _problem_of_choice(error)):
        return [{"path": path, "message": problem}]
    if error.validator in ("oneOf", "anyOf") and "description" in error.schema:
        return [{"path": path, "message": error.schema["description"]}]
    if "password" in path:  # the standard message would contain the password
        return [{"path": path, "message": "Must be text of the permitted length."}]
    return [{"path": path, "message": error.message[:300]}]


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


class _SchemaSize:
    """Measures a schema with its references resolved, and rejects what could make validation expensive.

    `following` maps the references that lead to the current subschema to whether validation has moved on to a smaller
    part of the instance since then. If it has, the reference may lead back, as in a tree: the recursion ends with the
    instance. Only one reference may do so, because two could double the work at every level.
    """

    def __init__(self, schema: dict[str, Any], path: str) -> None:
        self._path = path
        registry: Registry[Any] = Registry().with_resource("", DRAFT202012.create_resource(schema))
        self._resolver = registry.resolver("")
        self._sizes: dict[str, int] = {}
        self._recursive: set[int] = set()

    def size(self, value: Any, following: dict[str, bool]) -> int:
        """The number of subschemas in `value`. Raises InvalidRequest."""
        if isinstance(value, list):
            return self._checked(sum(self.size(item, following) for item in value))
        if not isinstance(value, dict):
            return 0
        if any(isinstance(value.get(name), str) for name in _IDENTIFIERS):
            raise self._invalid(f"{' and '.join(_IDENTIFIERS)} are not supported.")
        for name, problem in _UNSUPPORTED.items():
            if name in value:
                raise self._invalid(problem)
        if isinstance(value.get("pattern"), str) and not is_valid_pattern(value["pattern"]):
            raise self._invalid("A `pattern` is not a valid regular expression.")
        total = 1
        for name, item in value.items():
            total += self.size(item, dict.fromkeys(following, True) if name in _APPLIED_TO_PARTS else following)
            if name in _REFERENCES and isinstance(item, str):
                total += self._size_of_target(item, following, id(value))
        return self._checked(total)

    def _size_of_target(self, reference: str, following: dict[str, bool], place: int) -> int:
        if not reference.startswith("#"):
            raise self._invalid("A `$ref` must refer to a place in the same schema.")
        if reference in following:
            if not following[reference]:
                raise self._invalid("A `$ref` refers to itself.")
            self._recursive.add(place)
            if len(self._recursive) > 1:
                raise self._invalid("At most one `$ref` can be recursive.")
            return 0
        if reference not in self._sizes:
            try:
                target = self._resolver.lookup(reference).contents
            except Unresolvable as error:
                raise self._invalid(f"The `$ref` {reference[:100]} cannot be resolved.") from error
            self._sizes[reference] = self.size(target, {**following, reference: False})
        return self._sizes[reference]

    def _checked(self, total: int) -> int:
        if total > _MAX_SIZE:
            raise self._invalid(f"The schema has more than {_MAX_SIZE} subschemas.")
        return total

    def _invalid(self, problem: str) -> InvalidRequest:
        return InvalidRequest.at(self._path, problem)
