"""Decides which extracted values the customer has written."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from message_processing.engines.rules.field_extraction import find_fields
from message_processing.grounding.choices import find_choice
from message_processing.grounding.dates import find_date, find_moment, find_time
from message_processing.grounding.numbers import find_number
from message_processing.grounding.texts import find_text, shortened

OPT_OUT = "x-grounded"  # `false` in the schema of a field keeps its values unchecked
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d{1,2}[:.]\d\d")
_MAX_CHARACTERS = 20_000  # of the customer's messages


@dataclass
class Grounded:
    """The fields of an answer that the customer has written, the part of a message that contains each of them, and the
    values that were not said. The names in `quotes` and `not_said` are paths such as `address.city`. A field
    in both `fields` and `not_said` has the value that the message contains, instead of the model's."""

    fields: dict[str, Any] = field(default_factory=dict)
    quotes: dict[str, str] = field(default_factory=dict)
    not_said: dict[str, Any] = field(default_factory=dict)


class Grounding:
    """Compares values with the customer's messages."""

    def __init__(self, message: str, read_earlier: Callable[[], Sequence[str]], today: date) -> None:
        """`read_earlier` returns the customer's earlier messages, the latest first. It is only called if a value is not
        in `message`."""
        self._message = message[:_MAX_CHARACTERS]
        self._read_earlier = read_earlier
        self._earlier: list[str] | None = None
        self._today = today

    def ground(self, fields: Mapping[str, Any], schema: Mapping[str, Any] | None) -> Grounded:
        """Returns which fields are kept. `schema` is the extraction schema of the stage.

        If a value was not said, but the message contains exactly one value of the field's form, such as a date, that is
        the field's value. Numbers are too unspecific for that: "my 8 year old son" is not a party of eight.
        """
        result = Grounded()
        properties = (schema or {}).get("properties", {})
        for name, value in fields.items():
            kept = self._kept(name, value, properties.get(name), result)
            if kept is not None:
                result.fields[name] = kept
        if result.not_said.keys() & properties.keys():
            for each in find_fields(dict(schema or {}), self._message).found:
                if each.field in result.not_said and each.by not in ("integer", "number"):
                    result.fields[each.field] = each.value
                    result.quotes[each.field] = shortened(each.written)
        return result

    def _kept(self, path: str, value: Any, schema: Any, result: Grounded) -> Any:
        """Returns the value, of an object or a list the parts that are kept; None if nothing is."""
        schema = schema if isinstance(schema, dict) else {}
        if schema.get(OPT_OUT) is False:
            return value
        if isinstance(value, dict) and value:
            declared = schema.get("properties", {})
            members = {
                name: kept
                for name, item in value.items()
                if (kept := self._kept(f"{path}.{name}", item, declared.get(name), result)) is not None
            }
            return members or None
        if isinstance(value, list) and value:
            of_items = schema.get("items")
            items = [self._kept(f"{path}.{number}", item, of_items, result) for number, item in enumerate(value)]
            return [item for item in items if item is not None] or None
        if isinstance(value, dict | list):
            return value
        quote = self._find(value, schema)
        if quote is None:
            result.not_said[path] = value
            return None
        result.quotes[path] = shortened(quote)
        return value

    def _find(self, value: Any, schema: dict[str, Any]) -> str | None:
        """Returns the part of a message that contains the value."""
        if isinstance(value, bool):  # no word means true or false
            return self._message
        choices = [each for each in schema.get("enum", [schema.get("const")]) if isinstance(each, str)]
        if isinstance(value, str) and value in choices:
            return self._search(lambda message: find_choice(value, choices, message))
        return self._search(_finder(value, schema.get("format"), self._today))

    def _search(self, find: Callable[[str], str | None]) -> str | None:
        found = find(self._message)
        return found or next(filter(None, map(find, self._all_earlier())), None)

    def _all_earlier(self) -> Sequence[str]:
        if self._earlier is None:
            left = _MAX_CHARACTERS
            self._earlier = []
            for each in self._read_earlier():
                self._earlier.append(each[:left])
                left -= len(each)
                if left <= 0:
                    break
        return self._earlier


def _finder(value: Any, form: Any, today: date) -> Callable[[str], str | None]:
    if isinstance(value, int | float):
        return lambda message: find_number(value, message)
    text = str(value)
    if form == "date":
        return lambda message: find_date(text, message, today)
    if form == "time":
        return lambda message: find_time(text, message)
    if _DATE.fullmatch(text):  # a date or a time by its pattern
        return lambda message: find_text(text, message) or find_date(text, message, today)
    if _TIME.fullmatch(text):
        return lambda message: find_text(text, message) or find_time(text.replace(".", ":").zfill(5), message)
    if form == "date-time":
        return lambda message: find_moment(text, message, today)
    return lambda message: find_text(text, message)
