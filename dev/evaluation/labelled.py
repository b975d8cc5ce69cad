"""The labelled messages, and the customers and orders that they need."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from dev.demo.__main__ import next_evening
from dev.evaluation import FOLDER

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
_DATE = {"en": "{day} {month} {year}", "de": "{day}. {month} {year}", "es": "{day} de {month} de {year}"}


@dataclass(frozen=True)
class Labelled:
    """A message and what is right for it.

    `earlier` are the customer's messages before it, after which the conversation is in `stage_before`. Each of `stages`
    is right. `fields` must be extracted, if the selected stage declares them, and `optional` ones may be. `forbidden`
    are regular expressions that the reply must not match, because the message asks for it or it is not true.
    """

    id: str
    language: str
    kind: str
    message: str
    stages: tuple[str, ...]
    fields: dict[str, Any]
    optional: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    stage_before: str | None = None

    @property
    def said(self) -> str:
        """All that the customer has written."""
        return "\n".join((*self.earlier, self.message))


def read_labelled(today: date) -> list[Labelled]:
    """The labelled messages, with the dates of the next pottery evenings."""
    evening = next_evening(today)
    dates = {"{evening}": evening.isoformat()} | {f"{{evening_{each}}}": _in_words(evening, each) for each in _DATE}
    text = (FOLDER / "messages.json").read_text()
    for placeholder, written in dates.items():
        text = text.replace(placeholder, written)
    return [_labelled(each) for each in json.loads(text)]


def _labelled(values: dict[str, Any]) -> Labelled:
    lists = ("optional", "forbidden", "earlier")
    return Labelled(
        id=values["id"],
        language=values["language"],
        kind=values["kind"],
        message=values["message"],
        stages=tuple(values["stages"]),
        fields=values.get("fields", {}),
        stage_before=values.get("stage_before"),
        **{name: tuple(values.get(name, ())) for name in lists},
    )


def read_shop() -> dict[str, Any]:
    """The customers by language, and their orders in the form of the demo's `shop.json`."""
    shop: dict[str, Any] = json.loads((FOLDER / "shop.json").read_text())
    return shop


def _in_words(day: date, language: str) -> str:
    month = _MONTHS[language].split()[day.month - 1]
    return _DATE[language].format(day=day.day, month=month, year=day.year)
