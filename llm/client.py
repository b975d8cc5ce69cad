"""The only module that talks to a model, over the wire protocol of OpenAI that most servers speak.

`ModelClient.complete` makes one answer out of as many requests as it takes, and hands back a `Call` for each of them,
whatever came of it. What is asked again, and when, is SPEC 7 ("A model that fails") and SPEC 8 ("A server that refuses
a parameter"); nothing below this module retries. It knows neither SQL nor Flask.
"""

import http.client
import random
import re
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import httpx2
import openai

from core import metrics
from llm.circuit_breaker import Circuit
from llm.prices import cost_usd
from llm.types import Answer, Call, ModelFailed, ModelSettings
from llm.wire import Connections, EmptyReply, Reply, UnusableReply, response_format, retry_after

OPENAI_URL = "https://api.openai.com/v1"
DEFAULT_TIMEOUT = 30.0  # seconds a request
ATTEMPTS = 3  # a model
_PATIENCE = 5.0  # seconds; a shorter wait, which a template may set, says nothing about the server
_BACKOFF = 0.5  # seconds before the second attempt; doubled for the third
# The parameters that a server may refuse, and other words by which its error speaks of them.
_OPTIONAL: dict[str, tuple[str, ...]] = {
    "temperature": (),
    "max_tokens": (),
    "max_completion_tokens": (),
    "response_format": ("json_schema", "schema", "grammar"),
    "stream_options": ("include_usage",),
}
# The value is refused, not the parameter: another value (another tenant's, perhaps) may well be taken.
_ABOUT_THE_VALUE = re.compile(r"invalid schema|grammar|too large|at most|maximum|minimum", re.IGNORECASE)


class ModelClient:
    """Asks the models of one server; safe for any number of threads, and it connects only when asked first."""

    def __init__(self, api_key: str | None, base_url: str | None, circuit: Circuit | None = None) -> None:
        """Takes what config read; a server with an address of its own may need no key."""
        self._connections = Connections(api_key or "none", base_url or OPENAI_URL)
        limits = ("max_tokens", "max_completion_tokens")  # OpenAI's newer models refuse the first, others know only it
        self._limits = limits if base_url else limits[::-1]
        self._refused: dict[str, set[str]] = {}  # by model, for the life of the process
        self._circuit = circuit or Circuit()  # so that customers do not wait for a server that is down

    def complete(
        self,
        messages: list[dict[str, str]],
        settings: ModelSettings,
        *,
        deadline: float,
        json_schema: dict[str, Any] | None = None,
        schema_name: str = "answer",
        on_delta: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
    ) -> Answer:
        """What the model answers to `messages` (each a role and a content) before `deadline` (of time.monotonic()).

        A request ends after `settings.timeout` (30 s where it states none) or at the deadline, however slowly a server
        drips. Only the look-up of its name is outside of that bound, and 5 s for each further address of a server that
        does not answer at the first.

        With `on_delta` the answer is streamed, and each piece of text is passed on as it comes; `on_reset` says that
        the pieces so far are void. `json_schema`, a valid JSON Schema, constrains the answer where the server can; the
        answer is not checked against it here. `schema_name` has letters, digits, `_` and `-`.

        Raises ModelFailed when neither the model nor `settings.fallback_model` answered.
        """
        parameters = {
            "temperature": settings.temperature,
            **dict.fromkeys(self._limits, settings.max_tokens),
            "response_format": response_format(schema_name, json_schema) if json_schema is not None else None,
            "stream_options": {"include_usage": True} if on_delta else None,
        }
        parameters = {name: value for name, value in parameters.items() if value is not None}
        required: dict[str, Any] = {"messages": messages, **({"stream": True} if on_delta else {})}
        calls: list[Call] = []

        def ask(model: str) -> Answer:
            refused, failures = set(self._refused.get(model, ())), 0
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise _Failure("timeout: no time was left to ask", timed_out=True)
                body = {"model": model, **required, **self._allowed(parameters, refused)}
                seconds = min(settings.timeout or DEFAULT_TIMEOUT, left)
                call, reply, failure = self._send(body, seconds, len(calls) + 1, on_delta)
                calls.append(call)
                if failure is None:
                    return Answer(reply.text, model, tuple(calls), reply.finish_reason)
                if reply.text and on_reset:
                    on_reset()
                if failure.refused:
                    refused.add(failure.refused)
                    if failure.lasting:
                        self._refused.setdefault(model, set()).add(failure.refused)
                    continue
                failures += 1
                wait = max(failure.retry_after, _BACKOFF * 2 ** (failures - 1) * random.uniform(0.5, 1))  # noqa: S311
                if failure.final or failures == ATTEMPTS or time.monotonic() + wait >= deadline:
                    raise failure
                time.sleep(wait)

        for model in filter(None, (settings.model, settings.fallback_model)):
            try:
                return ask(model)
            except _Failure as failure:
                last = failure
        raise ModelFailed(last.error, tuple(calls), last.timed_out)

    def close(self) -> None:
        """Close the connections; calls in flight end first."""
        self._connections.close()

    def _allowed(self, parameters: dict[str, Any], refused: set[str]) -> dict[str, Any]:
        """The parameters that the model has not refused; of the token limit's two names the first that is left."""
        allowed = {name: value for name, value in parameters.items() if name not in refused}
        if self._limits[0] in allowed:
            allowed.pop(self._limits[1], None)
        return allowed

    def _send(
        self,
        body: dict[str, Any],
        seconds: float,
        attempt: int,
        on_delta: Callable[[str], None] | None,
    ) -> tuple[Call, Reply, "_Failure | None"]:
        """One request, done in `seconds`."""
        reply, failure = Reply(), None
        created_at, began = datetime.now(UTC), time.monotonic()
        try:
            if not self._circuit.lets_through():
                error = "circuit: not asked, as the server's latest answers were all failures"
                raise _Failure(error, final=True, not_asked=True)
            with self._connections.take() as connection, closing(connection.ask(body, seconds)) as response:
                reply.read(response, connection.clock, on_delta)
        except (UnusableReply, openai.OpenAIError, httpx2.HTTPError, ssl.SSLError) as error:
            failure = _failure_of(error, body)
        except _Failure as not_asked:
            failure = not_asked
        else:
            self._circuit.succeeded()
        if failure is not None and failure.is_outage and (not failure.timed_out or seconds >= _PATIENCE):
            self._circuit.failed()
        seconds_taken = time.monotonic() - began
        prompt_tokens, completion_tokens = reply.tokens("prompt_tokens"), reply.tokens("completion_tokens")
        metrics.count_call(failure.kind if failure else "completed", seconds_taken, prompt_tokens, completion_tokens)
        return (
            Call(
                model=body["model"],
                request=body,
                response=reply.text or None,
                prompt_tokens=prompt_tokens,
                completion_tokens=completion_tokens,
                cost_usd=cost_usd(body["model"], prompt_tokens, completion_tokens),
                latency_ms=round(seconds_taken * 1000),
                first_token_ms=round((reply.first_token_at - began) * 1000) if reply.first_token_at else None,
                attempt=attempt,
                status="failed" if failure else "completed",
                error=failure.error if failure else None,
                created_at=created_at,
            ),
            reply,
            failure,
        )


@dataclass(eq=False)
class _Failure(Exception):
    """A request without an answer. `refused` names the parameter it was refused for; `lasting`: for any value of it."""

    error: str
    final: bool = False
    timed_out: bool = False
    is_outage: bool = False  # the server's own state is to blame, whoever asks
    retry_after: float = 0.0  # seconds
    refused: str | None = None
    lasting: bool = False
    not_asked: bool = False

    @property
    def kind(self) -> Literal["failed", "timeout", "not_asked"]:
        return "not_asked" if self.not_asked else "timeout" if self.timed_out else "failed"


def _failure_of(error: Exception, body: dict[str, Any]) -> _Failure:
    if isinstance(error, UnusableReply):
        return _Failure(str(error), is_outage=not isinstance(error, EmptyReply))
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return _Failure("timeout: the answer did not come in time", timed_out=True, is_outage=True)
    if not isinstance(error, openai.APIStatusError):
        return _Failure("connection: the server could not be reached or hung up", is_outage=True)
    code = error.status_code
    if code in (400, 422):
        said = str(error.param or error.body).lower()
        for name in body:
            if name in _OPTIONAL and any(word in said for word in (name, *_OPTIONAL[name])):
                return _Failure(
                    f"{code} refused the parameter {name}",
                    refused=name,
                    lasting=not _ABOUT_THE_VALUE.search(str(error.body)),
                )
    return _Failure(
        f"{code} {http.client.responses.get(code, 'unknown status').lower()}",
        final=code < 500 and code not in (408, 429),
        is_outage=code >= 500,
        retry_after=retry_after(error.response.headers.get("retry-after", "")),
    )
