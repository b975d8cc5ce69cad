"""Looks up the values of placeholders."""

import json
from typing import Any

from message_processing.templates.braces import Placeholder, normalise, secret_name

# Where a single word that is not a variable is looked up, in this order.
FIELD_SOURCES = ("extracted_data", "collected_data", "retrieved_data", "action_result")
# The maximum length of all values in a prompt, so that a template with many long variables stays limited.
MAX_CHARACTERS = 1_000_000
_ABSENT = object()


class Values:
    """Looks up the values of a template's placeholders, and records which were used and which were missing."""

    def __init__(self, context: dict[str, Any], business_variables: dict[str, str], fields: dict[str, Any]) -> None:
        self._context = context
        self._business_variables = business_variables
        self._fields = fields
        self._characters_left = MAX_CHARACTERS
        self.used: dict[str, Any] = {}
        self.missing: dict[str, None] = {}

    def __call__(self, placeholder: Placeholder) -> str | None:
        """Returns the text for a placeholder, or None to leave it unchanged."""
        value = self._value(placeholder)
        if value is _ABSENT and not placeholder.is_one_word:
            return None
        if value is _ABSENT or value is None or value == "" or value == [] or value == {}:
            if placeholder.fallback is not None:
                value = placeholder.fallback
            elif value is _ABSENT or value is None:
                self.missing[placeholder.written] = None
                value = None
        text = as_text(value)[: self._characters_left]
        self._characters_left -= len(text)
        self.used[placeholder.written] = value
        return text

    def _value(self, placeholder: Placeholder) -> Any:
        name = placeholder.name
        if secret_name(placeholder) is not None:  # also where a customer's field has this name
            return _ABSENT
        if name in self._context:
            return self._context[name]
        if name in self._business_variables:
            return self._business_variables[name]
        root, *path = name.split(".")
        if path and root in self._context:
            return _field(self._context[root], path)
        if not placeholder.is_one_word:
            return _ABSENT
        for source in FIELD_SOURCES:
            value = _field(self._fields.get(source), [root, *path])
            if value is not None:
                return value
        return _ABSENT


def as_text(value: Any) -> str:
    """Returns text unchanged, None as an empty string, and everything else as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _field(value: Any, path: list[str]) -> Any:
    for part in path:
        if not isinstance(value, dict):
            return None
        value = next((item for name, item in value.items() if normalise(name) == part), None)
    return value
