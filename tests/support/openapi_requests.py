"""Requests derived from the OpenAPI document, so that tests include new routes.

`OPERATIONS` are all operations. `Operation.sites` are the places in a request that contain an ID. `Operation.request`
returns a valid request with the IDs and secrets that the caller provides.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from core.validation import conforms_to
from routes.openapi import build_openapi
from tests.architecture.docs import bare_app

DOCUMENT = build_openapi(bare_app())
METHODS = ("get", "post", "put", "patch", "delete")

_count = itertools.count(1)
Fill = Callable[[str], Any]  # returns the value for the name of a field, or None for any value


@dataclass(frozen=True)
class Site:
    """A place in a request that contains an ID: "path", "query" or "body", and the keys that lead to it."""

    where: str
    way: tuple[str | int, ...]

    @property
    def field(self) -> str:
        """The name of the field."""
        return next(str(step) for step in reversed(self.way) if isinstance(step, str))

    def __str__(self) -> str:
        return f"{self.where} {'.'.join(map(str, self.way))}"


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, Any]
    body: Any
    file_type: str | None = None  # of a body that is an empty file

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments for a test client's `open`."""
        return {"method": self.method, "path": self.path, "query_string": self.query} | (
            {"data": b"", "content_type": self.file_type}
            if self.file_type
            else {}
            if self.body is None
            else {"json": self.body}
        )


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    document: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def schemes(self) -> set[str]:
        """Accepted kinds of credentials: masterKey, businessKey, ...; empty for public operations."""
        return {name for scheme in self.document["security"] for name in scheme}

    def admits(self, caller: str) -> bool:
        """Whether the operation accepts a business "key", its "cookie", a signed-in "owner" or the "master" key."""
        if not self.schemes:
            return True
        if caller == "owner":
            return any("operator" not in scheme.get("loginToken", ["operator"]) for scheme in self.document["security"])
        return {"key": "businessKey", "cookie": "businessCookie", "master": "masterKey"}[caller] in self.schemes

    @property
    def body_schema(self) -> str | None:
        """The name of the body's schema."""
        content = self.document.get("requestBody", {}).get("content", {})
        return _name(content["application/json"]["schema"]) if "application/json" in content else None

    @property
    def file_type(self) -> str | None:
        """The type of the file that is the body, if it is one."""
        types = self.document.get("requestBody", {}).get("content", {})
        return None if "application/json" in types else next(iter(types), None)

    def parameters(self, where: str) -> dict[str, dict[str, Any]]:
        """Schemas of the parameters in "path", "query" or "header", by name."""
        return {each["name"]: each["schema"] for each in self.document["parameters"] if each["in"] == where}

    @property
    def sites(self) -> list[Site]:
        """All places in a request that contain an ID."""
        found = [
            Site(where, (name,))
            for where in ("path", "query")
            for name, schema in self.parameters(where).items()
            if is_id(name, schema)
        ]
        if self.body_schema:
            ways = dict.fromkeys(_ways_to_ids(DOCUMENT["components"]["schemas"][self.body_schema], ()))
            found += [Site("body", way) for way in ways]
        return found

    def request(self, fill: Fill, site: Site | None = None, value: Any = None) -> Request:
        """A valid request with the required fields, and with `value` at the site."""
        path = self.path
        for name, schema in self.parameters("path").items():
            path = path.replace(f"{{{name}}}", str(_sample(schema, (), fill, name)))
        if site and site.where == "path":
            path = self.path
            for name, schema in self.parameters("path").items():
                here = value if name == site.field else _sample(schema, (), fill, name)
                path = path.replace(f"{{{name}}}", str(here))
        required = [
            each["name"] for each in self.document["parameters"] if each["in"] == "query" and each.get("required")
        ]
        query = {name: fill(name) for name in required}
        if site and site.where == "query":
            query[str(site.way[0])] = value
        body = None
        if self.body_schema:
            way = site.way if site and site.where == "body" else ()
            body = _body(self.body_schema, way, fill)
            if way:
                _put(body, way, value)
        return Request(self.method.upper(), path, query, body, self.file_type)


OPERATIONS = [
    Operation(method, path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if method in METHODS
]


def is_id(name: str, schema: dict[str, Any]) -> bool:
    """Whether a field is an ID, by its name or format."""
    return schema.get("format") == "uuid" or bool(re.search(r"(^|_)ids?$|[a-z]Id$", name))


def _name(reference: dict[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][_name(schema)]
    return schema


def _branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for word in ("oneOf", "anyOf", "allOf") for each in schema.get(word, [])]


def _ways_to_ids(schema: dict[str, Any], way: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if len(way) > 8:  # a schema that refers to itself
        return
    schema = _resolved(schema)
    for name, inner in schema.get("properties", {}).items():
        if is_id(name, _resolved(inner)):
            yield (*way, name) if _resolved(inner).get("type") != "array" else (*way, name, 0)
        yield from _ways_to_ids(inner, (*way, name))
    if isinstance(schema.get("items"), dict):
        yield from _ways_to_ids(schema["items"], (*way, 0))
    for branch in _branches(schema):
        yield from _ways_to_ids(branch, way)


def _body(schema_name: str, way: tuple[str | int, ...], fill: Fill) -> Any:
    """A valid body. If the schema has alternatives, the first that gives one."""
    schema = DOCUMENT["components"]["schemas"][schema_name]
    tried = []
    for branch in _branches(schema) or [{}]:
        merged = {
            **{name: value for name, value in schema.items() if name not in ("oneOf", "anyOf", "allOf")},
            "properties": {**schema.get("properties", {}), **branch.get("properties", {})},
            "required": [*schema.get("required", []), *branch.get("required", [])],
        }
        tried.append(body := _sample(merged, way, fill, ""))
        if not conforms_to(body, schema_name):
            return body
    raise AssertionError(f"no valid body for {schema_name} {way}: {tried}; give the field a value in the test's `fill`")


def _sample(schema: dict[str, Any], way: tuple[str | int, ...], fill: Fill, name: str) -> Any:
    schema = _resolved(schema)
    if not way and (given := fill(name)) is not None:
        is_id_of_list = schema.get("type") == "array" and isinstance(given, str)
        return [given] if is_id_of_list else given
    for branch in _branches(schema):
        if "properties" not in schema and (not way or way in [w[: len(way)] for w in _ways_to_ids(branch, ())]):
            return _sample(branch, way, fill, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kinds = schema.get("type", "object" if "properties" in schema else "string")
    kind = next(each for each in ([kinds] if isinstance(kinds, str) else kinds) if each != "null")
    if kind == "object":
        return _sample_object(schema, way, fill)
    if kind == "array":
        length = max(schema.get("minItems", 0), 1 if way else 0)
        return [_sample(schema["items"], way[1:], fill, name) for _ in range(length)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    return _sample_text(schema)


def _sample_object(schema: dict[str, Any], way: tuple[str | int, ...], fill: Fill) -> dict[str, Any]:
    properties = schema.get("properties", {})
    alternative = next(iter(_branches(schema)), {}).get("required", [])
    names = dict.fromkeys([*schema.get("required", []), *way[:1], *alternative])
    others = (each for each in properties if each not in names and not is_id(each, _resolved(properties[each])))
    while len(names) < schema.get("minProperties", 0):
        names[next(others)] = None
    return {each: _sample(properties[each], way[1:] if way[:1] == (each,) else (), fill, str(each)) for each in names}


def _sample_text(schema: dict[str, Any]) -> str:
    token = f"sample{next(_count)}"
    by_format = {
        "date-time": "2026-01-01T00:00:00+00:00",
        "date": "2026-01-01",
        "email": f"{token}@example.com",
        "uri": "https://example.com/",
        "uuid": "00000000-0000-4000-8000-000000000000",
    }
    return by_format.get(schema.get("format", ""), token.ljust(schema.get("minLength", 0), "x"))


def _put(body: Any, way: tuple[str | int, ...], value: Any) -> None:
    for step in way[:-1]:
        body = body[step]
    body[way[-1]] = value


def finds_nothing(answer: TestResponse) -> bool:
    """Whether the response is an empty list, or a report without a figure other than 0."""
    found = answer.get_json(silent=True)
    if found == [] or answer.status_code != 200:
        return bool(found == [])
    return isinstance(found, dict) and "totals" in found and not any(_figures(found["totals"]))


def _figures(value: Any) -> list[Any]:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return [value] if parts is None else [figure for part in parts for figure in _figures(part)]
