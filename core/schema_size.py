"""Limits the size of JSON Schemas written by businesses, before anything expensive is done with them."""

import json
from collections.abc import Iterable
from typing import Any

from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from core.errors import InvalidRequest

MAX_SCHEMA_BYTES = 64 * 1024
_MAX_DEPTH = 100
_MAX_VALUES = 10_000  # JSON values in a schema, for example the choices of an `enum`
# Subschemas, where the target of a `$ref` counts every time: a few nested references can expand to billions.
_MAX_SUBSCHEMAS = 1000
_REFERENCES = ("$ref", "$dynamicRef")
_UNSUPPORTED = {
    "patternProperties": "`patternProperties` is not supported. Use `properties`.",
    # Validation evaluates the adjacent keywords a second time, so the work doubles with each level of nesting.
    "unevaluatedProperties": "`unevaluatedProperties` is not supported. Use `additionalProperties`.",
    "unevaluatedItems": "`unevaluatedItems` is not supported. Use `items`.",
}
# They change what a reference refers to, and which validator is used.
_IDENTIFIERS = ("$id", "$dynamicAnchor", "$schema")
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


def check_size(schema: dict[str, Any], path: str) -> None:
    """Raises InvalidRequest if the schema is too large, nested too deeply or has too many values."""
    if len(json.dumps(schema, ensure_ascii=False).encode(errors="replace")) > MAX_SCHEMA_BYTES:
        raise InvalidRequest.at(path, f"The schema is larger than {MAX_SCHEMA_BYTES // 1024} KB.")
    values: list[Any] = [schema]
    count = objects = 0
    for _ in range(_MAX_DEPTH):
        count += len(values)
        objects += sum(isinstance(value, dict) for value in values)
        if count > _MAX_VALUES or objects > _MAX_SUBSCHEMAS:
            raise InvalidRequest.at(
                path, f"The schema has more than {_MAX_VALUES} values or {_MAX_SUBSCHEMAS} subschemas."
            )
        values = [item for value in values for item in _items_of(value)]
    if values:
        raise InvalidRequest.at(path, "The schema is nested too deeply.")


def _items_of(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


class ExpandedSize:
    """Measures a schema with its references resolved, and rejects what could make validation expensive.

    `following` maps the references that lead to the current subschema to whether validation has moved on to a smaller
    part of the instance since then. If it has, the reference may lead back, as in a tree: the recursion ends with the
    instance. Only one reference may do so, because two could double the work at every level.
    """

    def __init__(self, schema: dict[str, Any], path: str) -> None:
        self._path = path
        registry: Registry[Any] = Registry().with_resource("", DRAFT202012.create_resource(schema))
        self._resolver = registry.resolver("")
        self.targets: dict[str, Any] = {}  # by reference
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
            self.targets[reference] = target
            self._sizes[reference] = self.size(target, {**following, reference: False})
        return self._sizes[reference]

    def _checked(self, total: int) -> int:
        if total > _MAX_SUBSCHEMAS:
            raise self._invalid(f"The schema has more than {_MAX_SUBSCHEMAS} subschemas.")
        return total

    def _invalid(self, problem: str) -> InvalidRequest:
        return InvalidRequest.at(self._path, problem)
