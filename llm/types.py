"""What is said about asking a model: how to ask, one request, an answer, none. Apart from `openai_helper`, which asks,
because the SDK that it loads is half of a start, and a server that answers by rules needs none of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True)
class ModelSettings:
    """How to ask: None leaves a parameter to the server; `timeout` is in seconds, for each request."""

    model: str
    temperature: float | None = None
    max_tokens: int | None = None
    timeout: float | None = None
    fallback_model: str | None = None


@dataclass(frozen=True)
class Call:
    """One request to a model and what came of it: a row of `llm_calls`.

    `request` is the body as sent, `response` the text that came, also when the rest did not; `attempt` counts from 1
    through all requests for one answer; `error` is a code and a sentence, never content nor an exception's text.
    """

    model: str
    request: dict[str, Any]
    response: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    cost_usd: Decimal | None
    latency_ms: int
    first_token_ms: int | None
    attempt: int
    status: Literal["completed", "failed"]
    error: str | None
    created_at: datetime


@dataclass(frozen=True)
class Answer:
    """What the model said. A `finish_reason` of `length` means that the token limit cut it off."""

    text: str
    model: str
    calls: tuple[Call, ...]
    finish_reason: str | None


class ModelFailed(Exception):
    """No answer, after every attempt that was due. `timed_out`: the last thing that went wrong was time running out."""

    def __init__(self, error: str, calls: tuple[Call, ...], timed_out: bool) -> None:
        super().__init__(error)
        self.calls = calls
        self.timed_out = timed_out
