"""`ModelClient` gets one answer from a model, with as many requests as that takes, and records each of them.

Failed requests are retried (`retries`), rejected parameters are left out (`parameters`), and a server that is down is
not called for a while (`circuit_breaker`). The modules below never retry on their own.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core import metrics
from llm.circuit_breaker import CircuitBreaker
from llm.failures import REQUEST_ERRORS, RequestFailed, classify
from llm.parameters import Parameters, json_schema_format
from llm.prices import cost_usd
from llm.responses import ModelResponse
from llm.retries import with_retries
from llm.types import Answer, Call, ModelFailed, ModelSettings
from llm.wire import ConnectionPool

OPENAI_URL = "https://api.openai.com/v1"
DEFAULT_TIMEOUT = 30.0  # seconds per request
# A template may set a shorter timeout. If that is exceeded, it does not mean that the server is down.
MIN_TIMEOUT_COUNTED_AS_OUTAGE = 5.0  # seconds


@dataclass
class _Exchange:
    """What all requests for one answer have in common, and the requests made so far."""

    messages: list[dict[str, str]]
    settings: ModelSettings
    response_format: dict[str, Any] | None
    on_delta: Callable[[str], None] | None
    on_reset: Callable[[], None] | None
    calls: list[Call] = field(default_factory=list)


class ModelClient:
    """Calls the models of one server. Thread-safe; connections are opened when they are first needed."""

    def __init__(
        self, api_key: str | None, base_url: str | None, circuit_breaker: CircuitBreaker | None = None
    ) -> None:
        """Without a base URL, OpenAI is called. A server with its own URL may not need a key."""
        self._connections = ConnectionPool(api_key or "none", base_url or OPENAI_URL)
        self._parameters = Parameters(is_openai=not base_url)
        self._circuit_breaker = circuit_breaker or CircuitBreaker()

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
        """Returns the model's answer to `messages`, each of which has a role and a content.

        `deadline` is in the units of time.monotonic(). A request ends after `settings.timeout` (default 30 s) or at
        the deadline, even if the server keeps sending. Not included are the DNS look-up, and 5 s for each further
        address of a server that cannot be reached at the first one.

        With `on_delta` the answer is streamed, and each piece of text is passed on as it arrives. `on_reset` is called
        when the pieces so far are invalid because the request failed. `json_schema`, a valid JSON Schema, constrains
        the answer if the server supports that; the answer is not validated here. `schema_name` consists of letters,
        digits, `_` and `-`.

        Raises ModelFailed if neither the model nor `settings.fallback_model` answered.
        """
        response_format = json_schema_format(schema_name, json_schema) if json_schema is not None else None
        exchange = _Exchange(messages, settings, response_format, on_delta, on_reset)
        for model in filter(None, (settings.model, settings.fallback_model)):
            try:
                response = self._request_answer(model, exchange, deadline)
                return Answer(response.text, model, tuple(exchange.calls), response.finish_reason)
            except RequestFailed as failure:
                last = failure
        raise ModelFailed(last.error, tuple(exchange.calls), last.timed_out)

    def close(self) -> None:
        """Closes the connections. Calls in progress finish first."""
        self._connections.close()

    def _request_answer(self, model: str, exchange: _Exchange, deadline: float) -> ModelResponse:
        """Returns the response of one model, with retries. Raises RequestFailed."""
        settings, streamed = exchange.settings, exchange.on_delta is not None
        rejected = self._parameters.rejected_by(model)

        def send(seconds_left: float) -> ModelResponse:
            body = {"model": model, "messages": exchange.messages, **({"stream": True} if streamed else {})}
            body |= self._parameters.build(settings, exchange.response_format, streamed, rejected)
            try:
                return self._send(body, min(settings.timeout or DEFAULT_TIMEOUT, seconds_left), exchange)
            except RequestFailed as failure:
                if failure.rejected_parameter:
                    rejected.add(failure.rejected_parameter)
                    if failure.rejects_any_value:
                        self._parameters.remember_rejection(model, failure.rejected_parameter)
                raise

        return with_retries(send, deadline)

    def _send(self, body: dict[str, Any], seconds: float, exchange: _Exchange) -> ModelResponse:
        """Sends one request, which ends within `seconds`, and records it. Raises RequestFailed."""
        response, failure = ModelResponse(), None
        created_at, started_at = datetime.now(UTC), time.monotonic()
        try:
            self._receive(body, seconds, exchange, response)
        except RequestFailed as error:
            failure = error
        exchange.calls.append(_recorded_call(body, response, failure, len(exchange.calls) + 1, created_at, started_at))
        if failure is None:
            return response
        if response.text and exchange.on_reset:
            exchange.on_reset()
        raise failure

    def _receive(self, body: dict[str, Any], seconds: float, exchange: _Exchange, response: ModelResponse) -> None:
        """Sends one request and reads the answer into `response`. Updates the circuit breaker."""
        if not self._circuit_breaker.allow_request():
            raise RequestFailed("circuit: the server is not called because it is down", is_final=True, was_sent=False)
        try:
            with self._connections.take() as connection, closing(connection.send(body, seconds)) as http_response:
                response.read(http_response, connection.countdown, exchange.on_delta)
        except REQUEST_ERRORS as error:
            failure = classify(error, body)
            if failure.is_outage and (not failure.timed_out or seconds >= MIN_TIMEOUT_COUNTED_AS_OUTAGE):
                self._circuit_breaker.record_failure()
            raise failure from None  # the error may contain message text
        self._circuit_breaker.record_success()


def _recorded_call(
    body: dict[str, Any],
    response: ModelResponse,
    failure: RequestFailed | None,
    attempt: int,
    created_at: datetime,
    started_at: float,
) -> Call:
    """Returns the record of one request, and counts it in the metrics."""
    seconds = time.monotonic() - started_at
    prompt_tokens, completion_tokens = response.prompt_tokens, response.completion_tokens
    metrics.count_call(failure.kind if failure else "completed", seconds, prompt_tokens, completion_tokens)
    first_token_at = response.first_token_at
    return Call(
        model=body["model"],
        request=body,
        response=response.text or None,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        cost_usd=cost_usd(body["model"], prompt_tokens, completion_tokens),
        latency_ms=round(seconds * 1000),
        first_token_ms=round((first_token_at - started_at) * 1000) if first_token_at else None,
        attempt=attempt,
        status="failed" if failure else "completed",
        error=failure.error if failure else None,
        created_at=created_at,
    )
