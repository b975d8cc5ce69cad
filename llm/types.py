"""Types shared by the model client and its callers.

They are separate from the client because importing the OpenAI SDK takes half of the startup time, and a server in rules
mode does not need it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from llm.prices import Price
from llm.usage import Usage


@dataclass(frozen=True)
class ModelSettings:
    """The settings of a call. With None, the server's default applies. `timeout` is in seconds, per request. `prices`
    are those of the business, by model."""

    model: str
    temperature: float | None = None
    max_tokens: int | None = None
    timeout: float | None = None
    fallback_model: str | None = None
    prices: Mapping[str, Price] | None = None


@dataclass(frozen=True)
class Call:
    """One request to a model and its result: a row of `llm_calls`.

    `request` is the body as sent. `response` is the received text with the model's reasoning; it may be incomplete if
    the call failed. `attempt` counts all requests for one answer, starting at 1. `error` is a code and a sentence,
    followed by the code and the type that the server reported; it never contains message content or the text of an
    exception.
    """

    model: str
    request: dict[str, Any]
    response: str | None
    usage: Usage
    cost_usd: Decimal | None
    latency_ms: int
    first_token_ms: int | None
    attempt: int
    status: Literal["completed", "failed"]
    error: str | None
    created_at: datetime


@dataclass(frozen=True)
class EmbeddingCall:
    """An answered request for the embeddings of so many texts."""

    model: str
    texts: int
    usage: Usage
    latency_ms: int
    created_at: datetime


@dataclass(frozen=True)
class Answer:
    """A model's answer, without its reasoning.

    A `finish_reason` of `length` means that it was cut off at the token limit.
    """

    text: str
    model: str
    calls: tuple[Call, ...]
    finish_reason: str | None


class ModelFailed(Exception):
    """Raised if no model answered after all attempts.

    `error` is that of the last request, `timed_out` whether it was a timeout, and `retry_after` for how many seconds
    the server asked to wait, 0 if it did not.
    """

    def __init__(self, error: str, calls: tuple[Call, ...], timed_out: bool, retry_after: float = 0.0) -> None:
        super().__init__(error)
        self.error = error
        self.calls = calls
        self.timed_out = timed_out
        self.retry_after = retry_after
