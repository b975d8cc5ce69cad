"""A request against its schema, every problem at once.

The schemas are the files of `schemas/` (JSON Schema, draft 2020-12, formats checked), and are served as they are in
the OpenAPI.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Request
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.exceptions import RequestEntityTooLarge

from core.client_schemas import problems_of
from core.errors import InvalidRequest, PayloadTooLarge, UnsupportedMediaType

FOLDER = Path(__file__).parent.parent / "schemas"
MOST_PROBLEMS = 50
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_DEEPEST = 100
_WIDEST_OFFSET = timedelta(hours=16)  # the database's limit
_TOO_LARGE = 1e100


@cache
def all_schemas() -> dict[str, dict[str, Any]]:
    """Every file of `schemas/`, by its name without the ending."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


@cache
def _validator(name: str) -> Draft202012Validator:
    # Schemas refer to each other by file name; nothing is ever fetched from elsewhere.
    resources = [
        (f"{stem}.json", Resource.from_contents(schema, DRAFT202012)) for stem, schema in all_schemas().items()
    ]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator({"$ref": f"{name}.json"}, registry=registry, format_checker=_formats())


@cache
def _formats() -> FormatChecker:
    """The usual formats, and two that the database is stricter about than they are."""
    checker = FormatChecker()
    is_moment = checker.checkers["date-time"][0]

    @checker.checks("uuid")
    def _is_uuid(value: object) -> bool:
        return not isinstance(value, str) or bool(_UUID.fullmatch(value))

    @checker.checks("date-time", raises=(ValueError, OverflowError))
    def _is_moment_with_a_place(value: object) -> bool:
        if not isinstance(value, str):
            return True
        if not is_moment(value):
            return False
        moment = datetime.fromisoformat(value.upper())
        moment.astimezone(UTC)  # the first and last hours of the calendar have no place in every timezone
        return abs(moment.utcoffset() or timedelta()) < _WIDEST_OFFSET

    return checker


def conforms_to(instance: Any, schema_name: str) -> list[dict[str, str]]:
    """The ways in which an instance breaks `schemas/<schema_name>.json`, as {path, message}; none if it conforms."""
    errors = _validator(schema_name).iter_errors(instance)
    return sorted((problem for error in errors for problem in problems_of(error)), key=lambda problem: problem["path"])


def validate(instance: Any, schema_name: str) -> None:
    """Raises InvalidRequest that lists every way in which the instance breaks the schema."""
    problems = conforms_to(instance, schema_name)
    if problems:
        raise InvalidRequest("The request is not valid.", details=problems[:MOST_PROBLEMS])


def read_json_body(request: Request) -> Any:
    """The body's JSON. Raises UnsupportedMediaType, PayloadTooLarge, or InvalidRequest for what is no JSON, or holds
    NaN, a field twice, a NUL character or half of a surrogate pair, which no database column can keep."""
    try:
        raw = request.get_data(cache=True)
    except RequestEntityTooLarge as error:
        raise PayloadTooLarge("The body is too large.") from error
    if not request.is_json:
        raise UnsupportedMediaType("The body must be JSON.")
    if not raw.strip():
        raise InvalidRequest.at("$", "The body is empty.")
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_read_object)
        problems = list(_unstorable(body, "$", 0))
    except _NotTaken as error:
        raise InvalidRequest.at("$", error.problem) from error
    except UnicodeDecodeError as error:
        raise InvalidRequest.at("$", "The body is not in UTF-8.") from error
    except json.JSONDecodeError as error:
        raise InvalidRequest.at("$", f"The body is not JSON (line {error.lineno}, column {error.colno}).") from error
    except RecursionError as error:
        raise InvalidRequest.at("$", "The body is nested too deeply.") from error
    except ValueError as error:  # Python reads no number of thousands of digits
        raise InvalidRequest.at("$", "A number in the body is too long.") from error
    if problems:
        raise InvalidRequest("The request is not valid.", details=problems[:MOST_PROBLEMS])
    return body


class _NotTaken(Exception):
    """What some readers of JSON take and we do not; `problem` is the sentence for the client."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):  # its reader and its writer may mean different values
        raise _NotTaken("A field stands twice in one object.")
    return found


def _refuse_constant(constant: str) -> None:
    raise _NotTaken(f"{constant} is not JSON.")


def _unstorable(value: Any, path: str, depth: int) -> Iterator[dict[str, str]]:
    """The places of a body that hold what no column can keep."""
    if depth > _DEEPEST:
        yield {"path": path[:200], "message": "This is nested too deeply."}
    elif isinstance(value, str):
        if _NOT_TEXT.search(value):
            yield {"path": path, "message": "A NUL or a lone surrogate is not text."}
    elif isinstance(value, int | float) and abs(value) >= _TOO_LARGE:
        yield {"path": path, "message": "This number is too large."}
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _unstorable(item, f"{path}[{at}]", depth + 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            if _NOT_TEXT.search(name):
                yield {"path": path, "message": "A field's name holds a NUL or a lone surrogate."}
            else:
                yield from _unstorable(item, f"{path}.{name}", depth + 1)


def read_query(request: Request, schema_name: str) -> dict[str, Any]:
    """The query parameters that the schema knows, whole numbers as such; an empty one counts as not given."""
    properties = all_schemas()[schema_name]["properties"]
    query: dict[str, Any] = {}
    for name, schema in properties.items():
        text = request.args.get(name, "")
        if text == "":
            continue
        is_number = schema.get("type") == "integer" and re.fullmatch(r"-?[0-9]{1,15}", text)
        query[name] = int(text) if is_number else text
    problems = list(_unstorable(query, "$", 0))
    if problems:
        raise InvalidRequest("The request is not valid.", details=problems)
    validate(query, schema_name)
    return query


def read_text(text: str, path: str) -> str:
    """Raises InvalidRequest for a part of the address that no column can hold."""
    if _NOT_TEXT.search(text):
        raise InvalidRequest.at(path, "A NUL or a lone surrogate is not text.")
    return text


def read_time(text: str, path: str) -> datetime:
    """A moment whose shape a schema has checked; raises InvalidRequest for one that no calendar has, or no column."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidRequest.at(path, "This is not a moment in time.") from error


def read_uuid(text: str, path: str) -> UUID:
    """Raises InvalidRequest for anything but the usual form of 36 characters."""
    if not _UUID.fullmatch(text):
        raise InvalidRequest.at(path, "This is not a UUID.")
    return UUID(text)
