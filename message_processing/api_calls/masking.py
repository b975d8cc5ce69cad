"""Replaces the values of secrets by their names, in what other systems return."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any
from urllib.parse import quote, quote_plus

_HTML_DOUBLE = ('"', "&quot;", "&#34;")  # how quotation marks are escaped in HTML
_HTML_SINGLE = ("'", "&#x27;", "&#39;", "&#039;")


class Mask:
    """Recognises secrets as written, percent-encoded, escaped in JSON and HTML, in base64 and in hexadecimal digits, in
    upper and lower case."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._forms = {name: set(_in_both_cases(_forms(value))) for name, value in secrets.items()}

    def text(self, text: str) -> str:
        """Returns the text without secrets."""
        return self._apply(text, self._pattern_for(text))

    def value(self, value: Any) -> Any:
        """Returns the JSON value without secrets."""
        pattern = self._pattern_for("\n".join(_texts_in(value)))
        return value if pattern is None else self._masked(value, pattern)

    def _pattern_for(self, text: str) -> re.Pattern[str] | None:
        """Returns a pattern for all forms of the secrets that the text contains, which are rarely any; the longest
        first."""
        lower = text.lower()
        found = [forms for forms in self._forms.values() if any(form in lower or form in text for form in forms)]
        longest_first = sorted(set[str]().union(*found), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if found else None

    def _apply(self, text: str, pattern: re.Pattern[str] | None) -> str:
        if pattern is None:
            return text
        return pattern.sub(lambda match: self._name_of(match.group()), text)

    def _name_of(self, form: str) -> str:
        """Returns the placeholder of the secret. Ignoring case, a few letters have more than one form."""
        names = (name for name, forms in self._forms.items() if not forms.isdisjoint((form, form.lower())))
        return f"{{secret.{next(names, 'value')}}}"

    def _masked(self, value: Any, pattern: re.Pattern[str]) -> Any:
        if isinstance(value, str):
            return self._apply(value, pattern)
        if isinstance(value, list):
            return [self._masked(item, pattern) for item in value]
        if isinstance(value, dict):
            return {self._apply(name, pattern): self._masked(item, pattern) for name, item in value.items()}
        written = json.dumps(value)  # a number may be a secret too
        masked = self._apply(written, pattern)
        return value if masked == written else masked


def _texts_in(value: Any) -> Iterator[str]:
    """Yields everything that is written in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts_in(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _texts_in(item)
    else:
        yield json.dumps(value)


def _in_both_cases(forms: set[str]) -> Iterator[str]:
    """Yields the forms in lower case, and also as written if a letter may have another form in lower case: Σ and İ."""
    for form in forms:
        yield form.lower()
        if not form.isascii():
            yield form


def _forms(value: str) -> set[str]:
    raw = value.encode()
    html = escape(value, quote=False)
    return {
        value,
        value.strip(),
        quote(value, safe=""),
        quote(value, safe="/"),
        quote_plus(value),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        *(html.replace('"', double).replace("'", single) for double in _HTML_DOUBLE for single in _HTML_SINGLE),
        raw.hex(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
    }
