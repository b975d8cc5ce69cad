"""Parses and validates requests.

The schemas are the files in `schemas/` (JSON Schema, draft 2020-12). The OpenAPI document contains the same files.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

import regex
from flask import Request
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.exceptions import RequestEntityTooLarge

from core.client_schemas import MAX_PROBLEMS, problems_of
from core.errors import InvalidRequest, PayloadTooLarge, UnsupportedMediaType
from core.masking import MAX_MESSAGE_LENGTH
from core.names import has_visible_character
from core.patterns import can_replace

FOLDER = Path(__file__).parent.parent / "schemas"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = regex.compile(r"[^\s@\p{C}]+@[^\s@\p{C}]+|\"[^\p{C}]+\"@[^\s@\p{C}]+")
_INVALID_TEXT = re.compile("[\x00\ud800-\udfff]")
_MAX_DEPTH = 100
_MAX_OFFSET = timedelta(hours=16)  # PostgreSQL's limit for UTC offsets
_MAX_NUMBER = 1e100


@cache
def all_schemas() -> dict[str, dict[str, Any]]:
    """Every file in `schemas/` by its name without extension."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def _check_max_bytes(_validator: Any, limit: int, value: Any, _schema: Any) -> Iterator[ValidationError]:
    """The keyword `x-max-bytes` of our own schemas: the maximum size of a value as JSON in UTF-8."""
    if len(json.dumps(value, ensure_ascii=False).encode()) > limit:
        yield ValidationError(f"Must be at most {limit // 1024} KB of JSON.")


_RequestValidator: Any = validators.extend(Draft202012Validator, {"x-max-bytes": _check_max_bytes})


@cache
def _validator(name: str) -> Any:
    # Schemas refer to each other by file name. The registry never fetches anything.
    resources = [
        # Without `$schema`, for which the library would choose its own validator instead of ours.
        (
            f"{stem}.json",
            Resource.from_contents({name: value for name, value in schema.items() if name != "$schema"}, DRAFT202012),
        )
        for stem, schema in all_schemas().items()
    ]
    registry: Registry[Any] = Registry().with_resources(resources)
    return _RequestValidator({"$ref": f"{name}.json"}, registry=registry, format_checker=_formats())


@cache
def _timezones() -> set[str]:
    return available_timezones()  # reads the whole database


@cache
def _formats() -> FormatChecker:
    """The standard formats, except that UUIDs and timestamps must also be valid for PostgreSQL, that email addresses
    have no invisible characters, and the formats `timezone`, `visible` (not only invisible characters) and
    `masking-pattern` (see `core/masking.py`)."""
    checker = FormatChecker()
    is_date_time = checker.checkers["date-time"][0]

    @checker.checks("uuid")
    def _is_uuid(value: object) -> bool:
        return not isinstance(value, str) or bool(_UUID.fullmatch(value))

    @checker.checks("email")
    def _is_email(value: object) -> bool:
        # Not what a mail server accepts, but no two addresses that look alike because of invisible characters.
        return not isinstance(value, str) or bool(_EMAIL.fullmatch(value.strip()))

    @checker.checks("date-time", raises=(ValueError, OverflowError))
    def _is_timestamp(value: object) -> bool:
        if not isinstance(value, str):
            return True
        if not is_date_time(value):
            return False
        timestamp = datetime.fromisoformat(value.upper())
        timestamp.astimezone(UTC)  # raises OverflowError just before year 1 and just after year 9999 in UTC
        return abs(timestamp.utcoffset() or timedelta()) < _MAX_OFFSET

    @checker.checks("visible")
    def _is_visible(value: object) -> bool:
        # Of text without any characters but spaces, the keyword `pattern` of the schema says what is wrong.
        return not isinstance(value, str) or not value.strip() or has_visible_character(value)

    @checker.checks("masking-pattern")
    def _is_masking_pattern(value: object) -> bool:
        return not isinstance(value, str) or can_replace(value, MAX_MESSAGE_LENGTH)

    @checker.checks("timezone")
    def _is_timezone(value: object) -> bool:
        return not isinstance(value, str) or value in _timezones()

    return checker


def conforms_to(instance: Any, schema_name: str, *, quotes_values: bool = True) -> list[dict[str, str]]:
    """The validation errors of an instance against `schemas/<schema_name>.json`, as {path, message}."""
    errors = _validator(schema_name).iter_errors(instance)
    problems = (problem for error in errors for problem in problems_of(error, quotes_values=quotes_values))
    return sorted(problems, key=lambda problem: problem["path"])


def validate(instance: Any, schema_name: str) -> None:
    """Raises InvalidRequest with all validation errors of the instance."""
    problems = conforms_to(instance, schema_name)
    if problems:
        raise InvalidRequest("The request is invalid.", details=problems[:MAX_PROBLEMS])


def read_json_body(request: Request) -> Any:
    """The parsed JSON body. Raises UnsupportedMediaType, PayloadTooLarge, or InvalidRequest if the body is not JSON or
    contains NaN, duplicate fields, or text that PostgreSQL cannot store (NUL, unpaired surrogates)."""
    try:
        raw = request.get_data(cache=True)
    except RequestEntityTooLarge as error:
        raise PayloadTooLarge("The request body is too large.") from error
    if not request.is_json:
        raise UnsupportedMediaType("The request body must be JSON.")
    if not raw.strip():
        raise InvalidRequest.at("$", "The request body is empty.")
    return parse_json(raw, "request body")


def parse_json(raw: bytes, what: str) -> Any:
    """The parsed JSON of `what`, such as "request body". Raises InvalidRequest if it is not JSON or contains NaN,
    duplicate fields, or text that PostgreSQL cannot store (NUL, unpaired surrogates)."""
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_read_object)
        problems = storage_problems(body)
    except _InvalidJson as error:
        raise InvalidRequest.at("$", error.problem) from error
    except UnicodeDecodeError as error:
        raise InvalidRequest.at("$", f"The {what} is not valid UTF-8.") from error
    except json.JSONDecodeError as error:
        raise InvalidRequest.at(
            "$", f"The {what} is not valid JSON (line {error.lineno}, column {error.colno})."
        ) from error
    except RecursionError as error:
        raise InvalidRequest.at("$", f"The {what} is nested too deeply.") from error
    except ValueError as error:  # Python refuses to parse integers with thousands of digits
        raise InvalidRequest.at("$", f"A number in the {what} is too long.") from error
    if problems:
        raise InvalidRequest("The request is invalid.", details=problems[:MAX_PROBLEMS])
    return body


def storage_problems(value: Any) -> list[dict[str, str]]:
    """What PostgreSQL cannot store of a JSON value, as {path, message}."""
    return list(_unstorable(value, "$", 0))


class _InvalidJson(Exception):
    """Input that Python's parser accepts although it is not JSON. `problem` is the message for the client."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    parsed = dict(pairs)
    if len(parsed) < len(pairs):  # parsers disagree about which of the values counts
        raise _InvalidJson("Duplicate field.")
    return parsed


def _refuse_constant(constant: str) -> None:
    raise _InvalidJson(f"{constant} is not valid JSON.")


def _unstorable(value: Any, path: str, depth: int) -> Iterator[dict[str, str]]:
    """The values of a body that PostgreSQL cannot store, as {path, message}."""
    if depth > _MAX_DEPTH:
        yield {"path": path[:200], "message": "Nested too deeply."}
    elif isinstance(value, str):
        if _INVALID_TEXT.search(value):
            yield {"path": path, "message": "Text contains a NUL or invalid Unicode."}
    elif isinstance(value, int | float) and abs(value) >= _MAX_NUMBER:
        yield {"path": path, "message": "Number is too large."}
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unstorable(item, f"{path}[{index}]", depth + 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            if _INVALID_TEXT.search(name):
                yield {"path": path, "message": "A field name contains a NUL or invalid Unicode."}
            else:
                yield from _unstorable(item, f"{path}.{name}", depth + 1)


def read_query(request: Request, schema_name: str) -> dict[str, Any]:
    """The query parameters that are in the schema, validated and with integers and booleans parsed. Empty parameters
    are ignored, and unknown ones in requests that change nothing. Raises InvalidRequest."""
    properties = all_schemas()[schema_name]["properties"]
    if request.method not in ("GET", "HEAD"):
        for name in request.args.keys() - properties.keys() - {"business_id"}:  # such as a misspelt `dry_run`
            raise InvalidRequest.at(f"$.{name}", "Unknown query parameter.")
    query: dict[str, Any] = {}
    for name, schema in properties.items():
        given = [text for text in request.args.getlist(name) if text]
        if len(given) > 1:
            raise InvalidRequest.at(f"$.{name}", "Must be given only once.")
        for text in given:
            is_number = schema.get("type") == "integer" and re.fullmatch(r"-?[0-9]{1,15}", text)
            is_boolean = schema.get("type") == "boolean" and text in ("true", "false")
            query[name] = int(text) if is_number else text == "true" if is_boolean else text
    problems = storage_problems(query)
    if problems:
        raise InvalidRequest("The request is invalid.", details=problems)
    validate(query, schema_name)
    return query


def read_text(text: str, path: str) -> str:
    """The text of a path parameter. Raises InvalidRequest if PostgreSQL cannot store it."""
    if _INVALID_TEXT.search(text):
        raise InvalidRequest.at(path, "Text contains a NUL or invalid Unicode.")
    return text


def read_time(text: str, path: str) -> datetime:
    """The timestamp, in UTC, of text that matches the format. Raises InvalidRequest if the date does not exist or is
    out of range."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidRequest.at(path, "Must be a valid timestamp.") from error


def is_id(name: str) -> bool:
    """Whether a parameter with this name is a UUID. A customer's `external_id` is the business's own."""
    return name.endswith("_id") and name != "external_id"


def read_uuid(text: str, path: str) -> UUID:
    """The UUID. Raises InvalidRequest unless the text has the standard form of 36 characters."""
    if not _UUID.fullmatch(text):
        raise InvalidRequest.at(path, "Must be a UUID.")
    return UUID(text)
