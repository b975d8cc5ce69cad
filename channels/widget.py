"""The chat widget on the pages of a business. Its requests do not go to the channel's webhook but to
`routes/widget.py`, and the visitor's browser fetches the replies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels.base import (
    Capabilities,
    Config,
    Forged,
    Http,
    Kind,
    Outgoing,
    Parsed,
    Request,
    Secret,
    Sent,
)

DEFAULT_COLOR = "#1f5fa8"
SIGNING_KEY_NAME = "identity_secret"
MAX_STARTERS = 6

_DEFAULT_PORTS = {"https": ":443", "http": ":80"}
_TAG = "^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$"
_TEXT_PER_LANGUAGE = {"type": "object", "propertyNames": {"pattern": _TAG}, "maxProperties": 30}


def _text_per_language(title: str, description: str, max_length: int) -> dict[str, Any]:
    text = {"type": "string", "maxLength": max_length}
    return {**_TEXT_PER_LANGUAGE, "title": title, "description": description, "additionalProperties": text}


_SETTINGS = {
    "type": "object",
    "properties": {
        "allowed_origins": {
            "type": "array",
            "title": "Websites",
            "description": "The addresses of the websites that show the widget, such as https://www.example.com, or"
            " https://*.example.com for all its subdomains. Other websites cannot use it.",
            "maxItems": 50,
            "uniqueItems": True,
            "items": {
                "type": "string",
                "maxLength": 260,
                "pattern": r"^https?://(?:\*\.)?[A-Za-z0-9.\-\[\]:]+$",
            },
            "default": [],
        },
        "color": {
            "type": "string",
            "title": "Colour",
            "description": "The color of the button and of the visitor's messages.",
            "pattern": "^#[0-9a-fA-F]{6}$",
            "default": DEFAULT_COLOR,
        },
        "position": {
            "type": "string",
            "title": "Position",
            "description": "The corner of the page in which the button is.",
            "enum": ["right", "left"],
            "default": "right",
        },
        "languages": {
            "type": "array",
            "title": "Languages",
            "description": "The languages of the widget, as tags such as de. Visitors with another language get the"
            " first one. Without any, the widget uses the language of the page.",
            "maxItems": 30,
            "uniqueItems": True,
            "items": {"type": "string", "maxLength": 35, "pattern": _TAG},
            "default": [],
        },
        "title": {
            **_text_per_language("Title", "At the top of the window. Without one, the channel's name.", 60),
            "default": {},
        },
        "greeting": {
            **_text_per_language("Greeting", "What visitors see before they have written anything.", 500),
            "default": {},
        },
        "starters": {
            **_TEXT_PER_LANGUAGE,
            "title": "Starter messages",
            "description": "Messages that visitors can send with one click.",
            "additionalProperties": {
                "type": "array",
                "maxItems": MAX_STARTERS,
                "items": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": r"\S"},
            },
            "default": {},
        },
        "away_message": {
            **_text_per_language(
                "Away message",
                "Shown outside the business hours. Without one, the widget says when the team is back.",
                300,
            ),
            "default": {},
        },
        "ratings": {
            "type": "boolean",
            "title": "Ratings",
            "description": "Visitors can rate each answer as good or bad, and the conversation once it has ended.",
            "default": True,
        },
    },
    "additionalProperties": False,
}


class WidgetKind(Kind):
    """A channel whose customers write in the browser."""

    name = "widget"
    title = "Chat widget"
    settings_schema = _SETTINGS
    secrets = (
        Secret(
            SIGNING_KEY_NAME,
            "Identity secret",
            "Your server signs the identities of signed-in customers with it.",
            generated=True,
        ),
    )
    capabilities = Capabilities(buttons=MAX_STARTERS, pushes=False)

    def verify(self, request: Request, config: Config) -> None:
        """Raises Forged: messages do not come this way."""
        raise Forged(f"The widget has no webhook ({request.method} {config.channel_id}).")

    def parse(self, request: Request, config: Config) -> Parsed:
        """Not called, because no request is genuine."""
        raise NotImplementedError

    def send(self, message: Outgoing, config: Config, http: Http) -> Sent:
        """Not called, because the visitor's browser fetches messages."""
        raise NotImplementedError


KIND = WidgetKind()


@dataclass(frozen=True)
class Appearance:
    """What the widget shows of a channel, in one language."""

    name: str
    greeting: str | None
    starters: list[str]
    away_message: str | None
    color: str
    position: str
    language: str
    ratings: bool


def appearance(name: str, settings: Mapping[str, Any], wanted_language: str) -> Appearance:
    """How the widget of the channel looks for a visitor who wants this language. Another one may be chosen."""
    offered = settings.get("languages") or []
    language = choose_language(offered, wanted_language)

    def text(name: str) -> Any:
        return text_in(settings.get(name) or {}, [language, *offered, "en"])

    return Appearance(
        name=text("title") or name,
        greeting=text("greeting"),
        starters=text("starters") or [],
        away_message=text("away_message"),
        color=settings.get("color", DEFAULT_COLOR),
        position=settings.get("position", "right"),
        language=language,
        ratings=allows_ratings(settings),
    )


def allows_ratings(settings: Mapping[str, Any]) -> bool:
    """Whether visitors can rate answers and conversations."""
    return bool(settings.get("ratings", True))


def choose_language(offered: list[str], wanted: str) -> str:
    """The wanted language if it is offered, also with or without its region; otherwise the first one. Any language is
    offered if none is named."""
    if not offered:
        return wanted if re.fullmatch(_TAG, wanted) else "en"
    matching = [each for each in offered if _main_tag(each) == _main_tag(wanted)]
    exact = [each for each in matching if each.lower() == wanted.lower()]
    return next(iter([*exact, *matching, *offered]))


def text_in(texts: Mapping[str, Any], languages: list[str]) -> Any:
    """The text in the first of these languages that has one, otherwise any. None if there is none."""
    given = {tag.lower(): text for tag, text in sorted(texts.items()) if text}
    for language in languages:
        if language.lower() in given:
            return given[language.lower()]
        for tag, text in given.items():
            if _main_tag(tag) == _main_tag(language):
                return text
    return next(iter(given.values()), None)


def allows_origin(settings: Mapping[str, Any], origin: str) -> bool:
    """Whether a page of this origin, as the browser sends it, may use the widget."""
    return any(_matches(allowed, origin) for allowed in settings.get("allowed_origins") or [])


def _matches(allowed: str, origin: str) -> bool:
    scheme, _, host = allowed.lower().rstrip("/").partition("://")
    origin_scheme, _, origin_host = origin.lower().partition("://")
    if scheme != origin_scheme:
        return False
    host = host.removesuffix(_DEFAULT_PORTS.get(scheme, ""))  # browsers leave it out
    if host.startswith("*."):
        return origin_host.endswith(host[1:]) and len(origin_host) > len(host[1:])
    return origin_host == host


def _main_tag(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()
