"""The rows that imports and hooks create or update: converts texts to the values of fields, and validates them."""

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

from core.errors import InvalidRequest
from core.validation import all_schemas, conforms_to, parse_json, read_time, storage_problems

Resource = Literal["orders", "products", "users"]
Problems = list[dict[str, str]]

MAX_PROBLEMS = 5  # of one row that are reported
# The field that names the row, and the length that it may have.
NAMES: dict[Resource, tuple[str, int]] = {
    "orders": ("order_number", 100),
    "products": ("sku", 100),
    "users": ("external_id", 200),
}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_COMMA_NUMBER = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d*)?")


class InvalidRow(Exception):
    """A row cannot be imported. `problems` are {path, message}."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("invalid row")
        self.problems = problems[:MAX_PROBLEMS]


@dataclass(frozen=True)
class ImportedRow:
    """A valid row: its name, such as an order number, and the fields to set."""

    line: int
    name: str
    values: dict[str, Any]


@cache
def fields_of(resource: Resource) -> dict[str, dict[str, Any]]:
    """The schema of each field of a row, such as `status` or `user.email`, and of the field that names it."""
    properties: dict[str, Any] = all_schemas()[f"{resource}_upsert"]["properties"]
    fields = {NAMES[resource][0]: {"type": "string"}}
    for name, schema in properties.items():
        if name == "user":
            fields |= {f"user.{inner}": inner_schema for inner, inner_schema in schema["properties"].items()}
        elif name != "business_id":
            fields[name] = schema
    return fields


def required_fields(resource: Resource) -> set[str]:
    """The fields without which a row cannot be created. The customer of an order may also be named by `user_id`."""
    required = {NAMES[resource][0], *all_schemas()[f"{resource}_upsert"].get("required", [])}
    return required | {"user.external_id"} if resource == "orders" else required


def from_texts(resource: Resource, texts: dict[str, str], *, decimal_comma: bool = False) -> dict[str, Any]:
    """The row of texts by field. Empty ones are left out. Raises InvalidRow."""
    row: dict[str, Any] = {}
    problems: Problems = []
    for field, text in texts.items():
        if not (text := text.strip()):
            continue
        try:
            put(row, field, from_text(text, fields_of(resource)[field], decimal_comma=decimal_comma))
        except InvalidRequest as error:
            problems += [{"path": f"$.{field}", "message": error.message}]
    if problems:
        raise InvalidRow(problems)
    return row


def from_text(text: str, schema: dict[str, Any], *, decimal_comma: bool = False) -> Any:
    """The value of a field that was given as text. With `decimal_comma`, numbers are written like 1.234,50. Raises
    InvalidRequest, whose message says what is wrong."""
    kinds = schema.get("type", "string")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "number" in kinds:
        if decimal_comma and not _COMMA_NUMBER.fullmatch(text):
            raise InvalidRequest("Must be a number with a decimal comma, such as 1.234,50.")
        text = text.replace(".", "").replace(",", ".") if decimal_comma else text
        if not _NUMBER.fullmatch(text) or len(text) > 50:
            raise InvalidRequest("Must be a number with a decimal point, such as 1234.50.")
        number = float(text)
        return int(number) if number.is_integer() and math.isfinite(number) else number
    if "array" in kinds or "object" in kinds:
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InvalidRequest("Must be JSON.") from error
    return with_offset(text) if schema.get("format") == "date-time" else text


def with_offset(text: str) -> str:
    """A date or time with the offset of UTC if it has none. Text that is no date stays as it is."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()


def from_json(text: bytes) -> dict[str, Any]:
    """The row of a line of NDJSON. Raises InvalidRow."""
    try:
        row = parse_json(text.strip(), "line")
    except InvalidRequest as error:
        raise InvalidRow(error.details) from error
    if not isinstance(row, dict):
        raise InvalidRow([{"path": "$", "message": "Must be a JSON object."}])
    return row


def checked(resource: Resource, row: dict[str, Any], line: int = 0) -> ImportedRow:
    """The row, validated. Raises InvalidRow."""
    name_field, max_length = NAMES[resource]
    name = row.get(name_field)
    if problems := storage_problems(row):
        raise InvalidRow(problems)
    if not isinstance(name, str) or not name.strip() or len(name) > max_length:
        problems = [{"path": f"$.{name_field}", "message": f"Must have 1 to {max_length} characters."}]
    values = {field: value for field, value in row.items() if field != name_field}
    problems += conforms_to(values, f"{resource}_upsert", quotes_values=False)
    if "business_id" in values:
        problems.append({"path": "$.business_id", "message": "Unknown field."})
    if problems:
        raise InvalidRow(problems)
    if "order_date" in values:
        try:
            values["order_date"] = read_time(values["order_date"], "$.order_date")
        except InvalidRequest as error:
            raise InvalidRow(error.details) from error
    return ImportedRow(line, str(name), values)


def put(row: dict[str, Any], field: str, value: Any) -> None:
    """Set a field such as `status` or `user.email`."""
    outer, _, inner = field.rpartition(".")
    (row.setdefault(outer, {}) if outer else row)[inner] = value
