"""Renders the request of a call, once as it is sent and once as it is shown.

Each placeholder is inserted in one pass, so a customer's text that looks like a placeholder of a secret stays text. In
the URL, values are percent-encoded, so they cannot add a path segment or a parameter.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote

from core.outgoing.client import OutgoingRequest
from core.outgoing.failures import CallFailed
from message_processing.api_calls.config import texts_of
from message_processing.release import LookUp
from message_processing.templates.braces import Placeholder, render, secret_name
from message_processing.templates.values import Values

MAX_BODY_BYTES = 256 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

Encode = Callable[[str], str]


class ApiRequest:
    """The request of one call. `shown` contains names of secrets instead of their values."""

    def __init__(self, config: LookUp, values: Values, idempotency_key: str | None = None) -> None:
        self.config, self._values = config, values
        self.is_action = idempotency_key is not None  # otherwise it is a look-up
        self._own_headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        for text in texts_of(config):
            render(text, lambda placeholder: values(placeholder) if secret_name(placeholder) is None else "")
        self.missing = list(values.missing)
        self.variables = tuple({"name": name, "value": value} for name, value in values.used.items())

    @cached_property
    def shown(self) -> dict[str, Any]:
        """Returns method, url, headers and body for people."""
        rendered = _Renderer(self._values, None)
        shown: dict[str, Any] = {
            "method": self.config["method"],
            "url": rendered.url(self.config),
            "headers": rendered.each(self.config.get("headers", {})) | self._own_headers,
        }
        return shown | ({"body": rendered.json(self.config["body"])} if "body" in self.config else {})

    def with_secrets(self, secrets: Mapping[str, str]) -> OutgoingRequest:
        """Returns the request to send. Raises CallFailed."""
        rendered = _Renderer(self._values, secrets)
        body = None
        if "body" in self.config:
            body = json.dumps(rendered.json(self.config["body"]), ensure_ascii=False).encode()
            if len(body) > MAX_BODY_BYTES:
                raise CallFailed("invalid_request", f"The body has more than {MAX_BODY_BYTES // 1024} KB.")
        headers = {"content-type": "application/json"} if body is not None else {}
        for name, value in rendered.each(self.config.get("headers", {})).items():
            if _CONTROL.search(value):
                raise CallFailed("invalid_request", "The value of a header contains a line break.")
            headers[name.lower()] = value.strip().encode().decode("latin-1")  # as UTF-8
        headers |= {name.lower(): value for name, value in self._own_headers.items()}
        return OutgoingRequest(self.config["method"], rendered.url(self.config), headers, body)


class _Renderer:
    """Renders templates. Without `secrets`, their names are inserted."""

    def __init__(self, values: Values, secrets: Mapping[str, str] | None) -> None:
        self._values, self._secrets = values, secrets

    def url(self, config: LookUp) -> str:
        url = self.text(config["url"], _encoded, _encoded_except_slashes)
        safe = "{}" if self._secrets is None else ""  # names of secrets stay readable
        query = {name: quote(self.text(text), safe=safe) for name, text in config.get("query", {}).items()}
        pairs = "&".join(f"{_encoded(name)}={value}" for name, value in query.items() if value)
        return url + ("&" if "?" in url else "?") + pairs if pairs else url

    def each(self, texts: Mapping[str, str]) -> dict[str, str]:
        return {name: self.text(text) for name, text in texts.items()}

    def json(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.json(item) for item in value]
        return {name: self.json(item) for name, item in value.items()} if isinstance(value, dict) else value

    def text(self, template: str, encode: Encode = str, encode_secret: Encode = str) -> str:
        def value_of(placeholder: Placeholder) -> str | None:
            name = secret_name(placeholder)
            if name is None:
                value = self._values(placeholder)
                return None if value is None else encode(value)
            if self._secrets is None:
                return f"{{secret.{name}}}"
            return encode_secret(self._secrets[name])

        return render(template, value_of)


def _encoded(text: str) -> str:
    return quote(text, safe="")


def _encoded_except_slashes(text: str) -> str:
    return quote(text, safe="/")
