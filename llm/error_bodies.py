"""Reads the error that a model server reports: its code and type for the trace, its text to decide what to change.

The text may repeat what a customer wrote, so it is neither stored nor logged.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]*")
MAX_IDENTIFIER_LENGTH = 64  # characters
_MAX_TEXT_LENGTH = 20_000  # characters


@dataclass(frozen=True)
class ServerError:
    """An error as the server reports it. `code` and `type` are identifiers, or None. `text` is its whole text in lower
    case, without `param`, the parameter that it names."""

    code: str | None = None
    type: str | None = None
    param: str | None = None
    text: str = ""

    @property
    def cause(self) -> str | None:
        """Returns the code and the type, for the trace."""
        return " ".join(dict.fromkeys(each for each in (self.code, self.type) if each)) or None

    @property
    def status(self) -> int | None:
        """Returns the code if it is an HTTP error status."""
        return int(self.code) if self.code and re.fullmatch("[45][0-9][0-9]", self.code) else None


def parse_error(content: bytes) -> ServerError:
    """Returns the error in the body of a response with an error status."""
    text = content[: 4 * _MAX_TEXT_LENGTH].decode("utf-8", "replace")
    try:
        return read_error(json.loads(text))
    except (ValueError, RecursionError):
        return ServerError(text=text.lower())


def read_error(document: Any) -> ServerError:
    """Returns the error in a document, which may wrap it as `{"error": …}`, `{"detail": …}` or a list."""
    inner = document
    for _ in range(3):
        if isinstance(inner, list) and inner:
            inner = inner[0]
        elif isinstance(inner, dict) and (wrapped := inner.get("error") or inner.get("detail")):
            inner = wrapped
    try:
        text = json.dumps(document, ensure_ascii=False)[:_MAX_TEXT_LENGTH].lower()
    except (ValueError, RecursionError):
        text = ""
    if not isinstance(inner, dict):
        return ServerError(text=text)
    location = inner.get("loc")  # of FastAPI, for example ["body", "response_format", "type"]
    param = ".".join(map(str, location)) if isinstance(location, list) else inner.get("param")
    return ServerError(
        code=identifier(inner.get("code")),
        type=identifier(inner.get("type")) or identifier(inner.get("status")),
        param=param.lower() if isinstance(param, str) else None,
        text=text,
    )


def identifier(value: Any) -> str | None:
    """Returns a code in its first characters. Anything with spaces may be message text, so it is left out."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**9 else None
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value) or value in ("None", "null"):
        return None
    return value[:MAX_IDENTIFIER_LENGTH]
