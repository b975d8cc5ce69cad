"""The declaration of a call: its parts are templates."""

import re
from collections.abc import Iterator

from jsonpointer import JsonPointer, JsonPointerException

from core.errors import InvalidRequest
from core.outgoing.failures import CallFailed
from core.outgoing.urls import parse_url
from message_processing.release import LookUp
from message_processing.templates.braces import placeholders, render, secret_name, texts_in

_ORIGIN = re.compile(r"(?:https?)://[^/?#{}]*", re.IGNORECASE)
# Headers that belong to the connection, or that the client sets itself.
_OWN_HEADERS = re.compile(
    r"host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|accept-encoding|proxy-.*",
    re.IGNORECASE,
)


def texts_of(config: LookUp) -> Iterator[str]:
    """Yields all templates of a call."""
    yield config["url"]
    yield from config.get("headers", {}).values()
    yield from config.get("query", {}).values()
    yield from texts_in(config.get("body"))


def secrets_of(config: LookUp) -> set[str]:
    """Returns the names of the secrets that a call uses."""
    names = (secret_name(each) for text in texts_of(config) for each in placeholders(text))
    return {name for name in names if name is not None}


def check_call(config: LookUp, path: str) -> None:
    """Raises InvalidRequest if a call that matches its schema can never work. `path` is that of the configuration."""
    origin = _ORIGIN.match(config["url"])
    rest = config["url"][origin.end() :] if origin else ""
    if origin is None or rest[:1] not in ("", "/", "?") or "#" in rest:
        raise InvalidRequest.at(
            f"{path}.url", "Write the scheme, host and port without variables, and no part that starts with #."
        )
    try:
        parse_url(render(config["url"], lambda _: "x"))
    except CallFailed as failure:
        raise InvalidRequest.at(f"{path}.url", failure.message) from failure
    for name in config.get("headers", {}):
        if _OWN_HEADERS.fullmatch(name):
            raise InvalidRequest.at(f"{path}.headers.{name}", "This header cannot be set.")
    if "body" in config and config["method"] == "GET":
        raise InvalidRequest.at(f"{path}.body", "A GET request has no body.")
    pointers = {"result": config.get("result", "")} | {
        f"fields.{name}": each for name, each in config.get("fields", {}).items()
    }
    for name, pointer in pointers.items():
        try:
            JsonPointer(pointer)
        except JsonPointerException as error:
            raise InvalidRequest.at(f"{path}.{name}", "Must be a JSON Pointer such as /order/status.") from error
