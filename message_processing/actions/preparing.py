"""Prepares an action: renders its templates, and finds out whether it can be done."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from core.client_schemas import CannotValidate, validation_errors
from core.tags import normalise_tag
from core.validation import conforms_to
from message_processing.actions.definition import Action, changed_fields, values_of
from message_processing.api_calls.request import ApiRequest
from message_processing.business_data import BusinessData
from message_processing.templates.braces import normalise
from message_processing.turn import Turn

MAX_PROPERTIES_BYTES = 32 * 1024  # of an event
MAX_FIELD_LENGTH = 5000  # characters of a value that set_field sets


@dataclass(frozen=True)
class Prepared:
    """An action with rendered templates.

    `values` is what the trace shows. `given` are the values of the variables, and `missing` the names of those without
    a value. `failure` is why it cannot be done, as a code and as a sentence. `is_done` is whether there is nothing to
    change. `change` is written with the checkpoint, `request` is sent.
    """

    values: dict[str, Any]
    given: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    failure: tuple[str, str] | None = None
    is_done: bool = False
    change: dict[str, Any] | None = None
    request: ApiRequest | None = None


def prepare(action: Action, index: int, turn: Turn, data: BusinessData, given: dict[str, Any]) -> Prepared:
    """Prepares an action. `given` values take precedence over the variables of the turn."""
    if action["do"] == "api_call":
        return _prepare_call(action, index, turn, data, given)
    renderer = _Renderer(turn, data, given)
    prepared = Prepared(renderer.render(values_of(action)), renderer.given, list(renderer.missing))
    if prepared.missing:
        return prepared
    if refused := _refused_field(action, turn):
        return _failed(prepared, "not_writable", f"Actions may not change {refused}.")
    return _PREPARE[action["do"]](prepared, turn, data) if action["do"] in _PREPARE else prepared


def render_question(
    text: str, turn: Turn, data: BusinessData, given: dict[str, Any]
) -> tuple[str, dict[str, Any], list[str]]:
    """Returns the question with its variables rendered, their values, and the names of those without a value."""
    renderer = _Renderer(turn, data, given)
    return str(renderer.render(text)), renderer.given, list(renderer.missing)


class _Renderer:
    """Renders templates, and collects the values of their variables."""

    def __init__(self, turn: Turn, data: BusinessData, given: dict[str, Any]) -> None:
        self._turn, self._data, self._given = turn, data, given
        self.given: dict[str, Any] = {}
        self.missing: dict[str, None] = {}

    def render(self, value: Any) -> Any:
        """Returns a JSON value with all its texts rendered."""
        if isinstance(value, list):
            return [self.render(item) for item in value]
        if isinstance(value, dict):
            return {name: self.render(item) for name, item in value.items()}
        if not isinstance(value, str):
            return value
        rendered = self._data.render(self._turn, value, self._given)
        self.given |= {normalise(used["name"]): used["value"] for used in rendered.variables}
        self.missing |= dict.fromkeys(field_names(rendered.missing))
        return rendered.content.strip()


def field_names(written: tuple[str, ...] | list[str]) -> list[str]:
    """Returns the fields that variables name: `{order_number}` and `{extracted.order_number}` name the same."""
    return list(dict.fromkeys(each.rpartition(".")[2].strip() for each in written))


def _prepare_call(action: Action, index: int, turn: Turn, data: BusinessData, given: dict[str, Any]) -> Prepared:
    config: Any = values_of(action)
    request = data.request(turn, config, given, idempotency_key=f"{turn.turn_id}:{index}")
    used = {normalise(each["name"]): each["value"] for each in request.variables}
    return Prepared(request.shown, used, field_names(request.missing), request=request)


def _refused_field(action: Action, turn: Turn) -> str | None:
    """Returns the first field that the business has not allowed to change; it may have changed its settings since."""
    changed = changed_fields(action)
    if changed is None:
        return None
    owner, names = changed
    allowed = turn.release.settings.get("writable_fields", {}).get(owner, [])
    return next((name for name in names if name not in allowed), None)


def _prepare_order(prepared: Prepared, turn: Turn, data: BusinessData) -> Prepared:
    number = prepared.values["order_number"]
    new = {name: value for name, value in prepared.values.items() if name != "order_number"}
    if problem := _problem_with(new, "orders_update"):
        return _failed(prepared, "invalid_value", problem)
    order = data.find_order(turn, number)
    if order is None:
        return _failed(prepared, "not_found", f"The customer has no order {number}.")
    return _update(prepared, new, order, {"do": "update_order", "order_id": str(order["order_id"])})


def _prepare_customer(prepared: Prepared, turn: Turn, data: BusinessData) -> Prepared:
    if problem := _problem_with(prepared.values, "users_update"):
        return _failed(prepared, "invalid_value", problem)
    rows = data.look_up(turn, "customer", {}, 1)
    return _update(prepared, prepared.values, rows[0] if rows else {}, {"do": "update_customer"})


def _prepare_event(prepared: Prepared, turn: Turn, data: BusinessData) -> Prepared:
    event_type, properties = prepared.values["event_type"], prepared.values.get("properties", {})
    if problem := _problem_with({"event_type": event_type}, "events_create"):
        return _failed(prepared, "invalid_value", problem)
    if len(json.dumps(properties, ensure_ascii=False).encode()) > MAX_PROPERTIES_BYTES:
        return _failed(prepared, "invalid_value", "The properties of the event are too large.")
    schema = data.find_event_schema(turn, event_type)
    try:
        errors = validation_errors(schema, properties) if schema else []
    except CannotValidate:
        return _failed(prepared, "invalid_value", "The properties of the event cannot be validated.")
    if errors:
        return _failed(prepared, "invalid_value", f"{errors[0].json_path}: {errors[0].message}"[:300])
    change = {"do": "create_event", "event_type": event_type, "properties": properties}
    stage = {"session_id": turn.session_id, "stage_id": turn.chosen_stage.stage_id}
    return replace(prepared, change={**change, **stage})


def _prepare_fields(prepared: Prepared, _turn: Turn, _data: BusinessData) -> Prepared:
    """Limits the values: one that contains earlier values would grow with each message."""
    for name, value in prepared.values.items():
        if len(value) > MAX_FIELD_LENGTH:
            problem = f"The value of {name} has more than {MAX_FIELD_LENGTH} characters."
            return _failed(prepared, "invalid_value", problem)
    return prepared


def _prepare_tags(prepared: Prepared, _turn: Turn, _data: BusinessData) -> Prepared:
    tags = {name: [normalise_tag(text) for text in prepared.values.get(name, [])] for name in ("add", "remove")}
    if None in (*tags["add"], *tags["remove"]):
        return _failed(prepared, "invalid_value", "A tag has 1 to 40 characters, without line breaks.")
    return replace(prepared, change={"do": "tag", **tags})


_PREPARE: dict[str, Callable[[Prepared, Turn, BusinessData], Prepared]] = {
    "update_order": _prepare_order,
    "update_customer": _prepare_customer,
    "create_event": _prepare_event,
    "set_field": _prepare_fields,
    "tag": _prepare_tags,
}


def _update(prepared: Prepared, new: dict[str, Any], old: dict[str, Any], change: dict[str, Any]) -> Prepared:
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    if not changed:
        return replace(prepared, is_done=True)
    return replace(prepared, change={**change, "set": changed})


def _problem_with(values: dict[str, Any], schema: str) -> str | None:
    problems = conforms_to(values, schema)
    return f"{problems[0]['path'].removeprefix('$.')}: {problems[0]['message']}" if problems else None


def _failed(prepared: Prepared, cause: str, message: str) -> Prepared:
    return replace(prepared, failure=(cause, message))
