"""The declaration of an action, see `schemas/stage_action.json`."""

from collections.abc import Iterator
from typing import Any, Literal, NotRequired, TypedDict

from message_processing.templates.braces import Placeholder, placeholders

ActionKind = Literal[
    "update_order", "update_customer", "api_call", "create_event", "hand_over", "complete", "set_field", "tag"
]

# `if` and `with` are keywords of Python.
Condition = TypedDict("Condition", {"fields": list[str], "if": dict[str, Any]}, total=False)
Action = TypedDict(
    "Action",
    {
        "do": ActionKind,
        "name": NotRequired[str],
        "when": NotRequired[Condition],
        "with": NotRequired[dict[str, Any]],
        "confirm": NotRequired[str],
        "on_failure": NotRequired[Literal["continue", "hand_over"]],
    },
)


class WritableFields(TypedDict, total=False):
    """The fields that actions may change, see `schemas/business_settings.json`."""

    orders: list[str]
    customer: list[str]


def values_of(action: Action) -> dict[str, Any]:
    """Returns the templates of the action, by name."""
    return action.get("with", {})


def placeholders_of(action: Action) -> Iterator[Placeholder]:
    """Yields the placeholders of all templates of the action."""
    for text in (*texts_in(values_of(action)), action.get("confirm", "")):
        yield from placeholders(text)


def texts_in(value: Any) -> Iterator[str]:
    """Yields the texts of a JSON value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)


def changed_fields(action: Action) -> tuple[Literal["orders", "customer"], list[str]] | None:
    """Returns whose fields an update changes, and which; None for other actions."""
    match action["do"]:
        case "update_order":
            return "orders", [name for name in values_of(action) if name != "order_number"]
        case "update_customer":
            return "customer", list(values_of(action))
    return None
