"""Reads the HTTP response of a model server, streamed or not, into one form.

Everything that depends on how a server phrases its response belongs here; the other modules only see `ModelResponse`.
"""

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2

from llm.transport import Countdown

_DRAIN_SECONDS = 0.05  # for the end of a stream after its last event
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL stores neither NUL nor unpaired surrogates


class UnusableResponse(Exception):
    """Raised if a response is not a complete answer of a model. The message is a code and a sentence."""


class EmptyResponse(UnusableResponse):
    """Raised if the answer contains no text."""


@dataclass
class ModelResponse:
    """What has been received of an answer. `first_token_at` is in the units of time.monotonic()."""

    text: str = ""
    finish_reason: str | None = None
    usage: dict[str, Any] = field(default_factory=dict)
    first_token_at: float | None = None

    @property
    def prompt_tokens(self) -> int | None:
        """Returns the number of prompt tokens, if the server reported it."""
        return self._token_count("prompt_tokens")

    @property
    def completion_tokens(self) -> int | None:
        """Returns the number of completion tokens, if the server reported it."""
        return self._token_count("completion_tokens")

    def read(self, response: httpx2.Response, countdown: Countdown, on_delta: Callable[[str], None] | None) -> None:
        """Reads the whole response and passes each new piece of text to `on_delta`.

        Raises UnusableResponse if the response is not a complete answer.
        """
        if response.headers.get("content-type", "").startswith("text/event-stream"):
            self._read_stream(response, countdown, on_delta)
        else:
            self._add(response.read(), "message", on_delta)
        if not self.text.strip():
            raise EmptyResponse("empty: the answer contains no text")

    def _read_stream(
        self, response: httpx2.Response, countdown: Countdown, on_delta: Callable[[str], None] | None
    ) -> None:
        events = iter(httpx2.EventSource(response))
        for event in events:
            if event.data == "[DONE]":
                break
            self._add(event.data, "delta", on_delta)
        if self.finish_reason is None:
            raise UnusableResponse("cut: the stream ended before the answer was complete")
        # A connection can only be reused if it has been read to the end.
        countdown.start(_DRAIN_SECONDS)
        with suppress(httpx2.HTTPError):
            for _ in events:
                pass

    def _add(self, document: bytes | str, part: str, on_delta: Callable[[str], None] | None) -> None:
        """Adds a completion (`part` is "message") or a chunk of one ("delta")."""
        try:
            body = json.loads(document)
            self.usage = body.get("usage") or self.usage
            choice = (body.get("choices") or [{}])[0]  # the last chunk of a stream has usage and no choice
            self.finish_reason = choice.get("finish_reason") or self.finish_reason
            text = _UNSTORABLE.sub("", (choice.get(part) or {}).get("content") or "")
        except (ValueError, TypeError, AttributeError, LookupError):
            raise UnusableResponse("unreadable: the body is not a completion in JSON") from None
        if text:
            self.text += text
            if on_delta:
                self.first_token_at = self.first_token_at or time.monotonic()
                on_delta(text)

    def _token_count(self, name: str) -> int | None:
        count = self.usage.get(name)
        return count if isinstance(count, int) else None
