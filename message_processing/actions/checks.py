"""Checks the actions of a stage when it is saved, so that one that can never work is rejected."""

from collections.abc import Collection, Mapping
from typing import Any

from core.client_schemas import check_client_schema
from core.errors import InvalidRequest
from message_processing import variables
from message_processing.actions.definition import (
    Action,
    WritableFields,
    changed_fields,
    placeholders_of,
    values_of,
)
from message_processing.api_calls.config import check_call, texts_of
from message_processing.templates.braces import Placeholder, normalise, placeholders, secret_name, texts_in

# The columns that a look-up in the business's own data returns.
LOOK_UP_COLUMNS = {
    "orders": "order_number status items order_total currency shipping_address tracking_number shipping_carrier"
    " order_date",
    "products": "product_name description price currency kind sku",
    "knowledge": "",  # a text
    "customer": "external_id first_name last_name email phone language timezone metadata",
}


def check_actions(
    actions: list[Action], stage: Mapping[str, Any], writable: WritableFields, business_variables: Collection[str]
) -> None:
    """Raises InvalidRequest for the first action that can never work in the stage.

    `stage` needs extraction_schema and data_retrieval. `writable` are the fields that the business allows to change.
    """
    fields = _fields_of(stage.get("extraction_schema"))
    found = _retrieved_names(stage.get("data_retrieval") or {})
    known = None if fields is None or found is None else {*map(normalise, fields), *found, *business_variables}
    for index, action in enumerate(actions):
        path = f"$.actions[{index}]"
        _check_condition(action, path, fields)
        _check_writable(action, path, writable)
        if action["do"] == "api_call":
            _check_call(action, path)
        _check_secrets(action, path)
        set_before = {
            normalise(name) for each in actions[:index] if each["do"] == "set_field" for name in values_of(each)
        }
        for placeholder in placeholders_of(action):
            if known is not None and not _is_known(placeholder, known | set_before):
                raise InvalidRequest.at(path, f"There is no variable or field {{{placeholder.written}}}.")


def _check_condition(action: Action, path: str, fields: list[str] | None) -> None:
    when = action.get("when", {})
    for index, name in enumerate(when.get("fields", [])):
        if fields is not None and name not in fields:
            raise InvalidRequest.at(
                f"{path}.when.fields[{index}]", f"The extraction schema of the stage has no field {name}."
            )
    if "if" in when:
        check_client_schema(when["if"], f"{path}.when.if")


def _check_writable(action: Action, path: str, writable: WritableFields) -> None:
    changed = changed_fields(action)
    if changed is None:
        return
    owner, names = changed
    for name in names:
        if name not in writable.get(owner, []):
            raise InvalidRequest.at(
                f"{path}.with.{name}",
                f"Actions may not change this field, unless it is in the setting `writable_fields.{owner}`.",
            )


def _check_call(action: Action, path: str) -> None:
    config: Any = values_of(action)
    check_call(config, f"{path}.with")
    for name in ("ask", "not_found"):
        if name in config:
            raise InvalidRequest.at(f"{path}.with.{name}", "Only data retrieval has this text.")


def _check_secrets(action: Action, path: str) -> None:
    config: Any = values_of(action)
    allowed = set(texts_of(config)) if action["do"] == "api_call" else set()
    others = [text for text in texts_in(config) if text not in allowed]
    for text in (*others, action.get("confirm", "")):
        if any(secret_name(each) is not None for each in placeholders(text)):
            raise InvalidRequest.at(path, "Secrets can only be used in the request of an `api_call`.")


def _is_known(placeholder: Placeholder, known: Collection[str]) -> bool:
    """Returns whether the placeholder has a value, or is literal text because it has several words."""
    root = placeholder.name.partition(".")[0]
    if secret_name(placeholder) is not None or placeholder.name in known or root in known:
        return True
    if any(variables.find_provider(name) for name in (placeholder.name, root)):
        return True
    return not placeholder.is_one_word


def _fields_of(schema: dict[str, Any] | None) -> list[str] | None:
    """Returns the fields that the stage extracts; None if it may extract any."""
    return None if schema is None else list(schema.get("properties", {}))


def _retrieved_names(retrieval: Mapping[str, Any]) -> list[str] | None:
    """Returns the names of the data that the stage looks up; None if they are not known before."""
    config = retrieval.get("config") or {}
    match retrieval.get("method"):
        case "database_query":
            return LOOK_UP_COLUMNS[config["source"]].split()
        case "api_call":
            return [normalise(name) for name in config["fields"]] if "fields" in config else None
    return []
