"""Maps the JSON of another system to a row, by JSON Pointer (RFC 6901)."""

import json
from typing import Any

from jsonpointer import EndOfList, JsonPointer, JsonPointerException

from background.imports.records import (
    NAMES,
    ImportedRow,
    InvalidRow,
    Problems,
    Resource,
    checked,
    fields_of,
    from_text,
    put,
)
from core.errors import InvalidRequest

ITEM_FIELDS = ("product_name", "quantity", "price")
_REQUIRED: dict[Resource, tuple[str, ...]] = {
    "orders": ("order_number",),
    "products": ("sku", "product_name"),
    "users": ("external_id",),
}
_ITEM = "items."
_MAX_ITEMS = 500

Rule = dict[str, Any]  # {field, pointers, separator} or {field, value}


def fields_to_map(resource: Resource) -> dict[str, dict[str, Any]]:
    """The schema of each field that a mapping may set. `items.price` is the price of each item."""
    fields = fields_of(resource)
    if resource != "orders":
        return fields
    return fields | {_ITEM + name: fields["items"]["items"]["properties"][name] for name in ITEM_FIELDS}


def check_mapping(resource: Resource, mapping: list[Rule]) -> None:
    """Raises InvalidRequest if a mapping cannot give a valid row."""
    known, names = fields_to_map(resource), [rule["field"] for rule in mapping]
    for index, rule in enumerate(mapping):
        path, field = f"$.mapping[{index}]", rule["field"]
        if field not in known:
            raise InvalidRequest.at(f"{path}.field", f"Unknown field. The fields of {resource}: {', '.join(known)}.")
        if field in names[:index]:
            raise InvalidRequest.at(f"{path}.field", "The field is mapped twice.")
        for number, pointer in enumerate(rule.get("pointers", [])):
            _check_pointer(pointer, f"{path}.pointers[{number}]")
    missing = [name for name in _REQUIRED[resource] if name not in names]
    if resource == "orders" and ("user_id" in names) == ("user.external_id" in names):
        missing.append("either user.external_id or user_id")
    if any(name.startswith(_ITEM) for name in names) and not {"items", "items.product_name"} <= {*names}:
        missing.append("items, the list, with items.product_name")
    if missing:
        raise InvalidRequest.at("$.mapping", f"These fields must be mapped: {', '.join(missing)}.")


def map_row(resource: Resource, mapping: list[Rule], body: Any) -> ImportedRow:
    """The row that the mapping finds in a body. Raises InvalidRow."""
    fields, row, problems = fields_to_map(resource), dict[str, Any](), Problems()
    of_items = [{**rule, "field": rule["field"].removeprefix(_ITEM)} for rule in mapping if _is_of_item(rule)]
    for rule in mapping:
        if _is_of_item(rule):
            continue
        value = _find(rule, body, fields[rule["field"]], problems)
        if rule["field"] == "items" and of_items and isinstance(value, list):
            schemas = {name: fields[_ITEM + name] for name in ITEM_FIELDS}
            value = [_map_item(of_items, item, schemas, problems) for item in value[: _MAX_ITEMS + 1]]
        if value is not None:
            put(row, rule["field"], value)
    if problems:
        raise InvalidRow(problems)
    return checked(resource, row)


def name_of(resource: Resource, mapping: list[Rule], body: Any) -> str | None:
    """The name of the row in a body, even if the row is not valid."""
    rule = next(rule for rule in mapping if rule["field"] == NAMES[resource][0])
    found = _find(rule, body, {"type": "string"}, [])
    return found[:200].replace("\0", "") if isinstance(found, str) else None


def _is_of_item(rule: Rule) -> bool:
    return str(rule["field"]).startswith(_ITEM)


def _map_item(rules: list[Rule], item: Any, schemas: dict[str, dict[str, Any]], problems: Problems) -> dict[str, Any]:
    found = {rule["field"]: _find(rule, item, schemas[rule["field"]], problems) for rule in rules}
    return {name: value for name, value in found.items() if value is not None}


def _find(rule: Rule, body: Any, schema: dict[str, Any], problems: Problems) -> Any:
    """The value of a field, converted to its type. None if there is none."""
    if "value" in rule:
        found = [rule["value"]]
    else:
        values = [_resolve(body, pointer) for pointer in rule["pointers"]]
        found = [value for value in values if not _is_absent(value, rule["field"])]
    try:
        if "separator" in rule:
            texts = [str(value) for value in found if isinstance(value, str | int | float)]
            return rule["separator"].join(texts) or None
        return _convert(found[0], schema) if found else None
    except InvalidRequest as error:
        problems.append({"path": f"$.{rule['field']}", "message": error.message})
        return None


def _is_absent(value: Any, field: str) -> bool:
    # An ID of 0 means that there is none, as for the guests of a shop, who must not become one customer.
    return (
        value is None or (isinstance(value, str) and not value.strip()) or (field.endswith("_id") and value in (0, "0"))
    )


def _convert(value: Any, schema: dict[str, Any]) -> Any:
    kinds = schema.get("type", "string")
    if isinstance(value, str):
        return from_text(value.strip(), schema)
    if isinstance(value, int | float) and not isinstance(value, bool) and "string" in kinds:
        return json.dumps(value)
    return value


def _resolve(body: Any, pointer: str) -> Any:
    try:
        found = JsonPointer(pointer).resolve(body, None)
    except (JsonPointerException, TypeError):  # also where a number or a text is asked for its members
        return None
    return None if isinstance(found, EndOfList) else found


def _check_pointer(pointer: str, path: str) -> None:
    try:
        JsonPointer(pointer)
    except JsonPointerException as error:
        raise InvalidRequest.at(path, "Must be a JSON Pointer such as /order/status.") from error
