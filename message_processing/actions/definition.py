"""The declaration of an action, see `schemas/stage_action.json`."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Literal, NotRequired, TypedDict

from message_processing import variables
from message_processing.templates.braces import Placeholder, normalise, placeholders, secret_name, texts_in

ActionKind = Literal[
    "update_order", "update_customer", "api_call", "create_event", "hand_over", "complete", "set_field", "tag"
]

FIELD_VARIABLES = ("extracted_data", "collected_data")

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


class PendingAction(TypedDict):
    """An action that waits until the customer confirms it.

    `given` are the values of its variables, with which it is carried out. `times_asked` counts the questions.
    `is_early` is whether the customer wrote the message of the turn before the question was sent.
    """

    stage_id: str
    action_index: int
    action: Action
    given: dict[str, Any]
    question: str
    times_asked: int
    is_early: NotRequired[bool]


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


def changed_fields(action: Action) -> tuple[Literal["orders", "customer"], list[str]] | None:
    """Returns whose fields an update changes, and which; None for other actions."""
    match action["do"]:
        case "update_order":
            return "orders", [name for name in values_of(action) if name != "order_number"]
        case "update_customer":
            return "customer", list(values_of(action))
    return None


def required_fields(action: Action, schema: dict[str, Any] | None, business_variables: Collection[str]) -> set[str]:
    """Returns the normalised names of the fields that must be collected before the action runs: those of `when.fields`,
    and those of the stage's schema that its templates contain without a fallback."""
    without_fallback = (each for each in placeholders_of(action) if each.fallback is None)
    named = _declared_fields(schema).intersection(_fields_in(without_fallback, business_variables))
    return {*map(normalise, action.get("when", {}).get("fields", [])), *named}


def used_fields(action: Action, schema: dict[str, Any] | None, business_variables: Collection[str]) -> set[str]:
    """Returns the normalised names of the extracted fields on which the action depends."""
    when = action.get("when", {})
    condition = when.get("if", {})
    named = {
        *map(normalise, (*when.get("fields", []), *condition.get("properties", {}), *condition.get("required", []))),
        *_fields_in(placeholders_of(action), business_variables),
    }
    return named if schema is None else named & _declared_fields(schema)


def field_of(placeholder: Placeholder, business_variables: Collection[str]) -> str | None:
    """Returns the normalised name of the field that a placeholder names; None if it names something else."""
    root, _, rest = placeholder.name.partition(".")
    if secret_name(placeholder) is not None or not placeholder.is_one_word:
        return None
    found = variables.find_provider(placeholder.name)
    if found is None and placeholder.name in business_variables:
        return None
    found = found or variables.find_provider(root)
    if found is None:
        return root
    return rest.partition(".")[0] if rest and found[0].name in FIELD_VARIABLES else None


def _fields_in(found: Iterable[Placeholder], business_variables: Collection[str]) -> Iterator[str]:
    for placeholder in found:
        name = field_of(placeholder, business_variables)
        if name is not None:
            yield name


def _declared_fields(schema: dict[str, Any] | None) -> set[str]:
    return {normalise(name) for name in (schema or {}).get("properties", {})}
