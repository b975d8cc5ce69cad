"""`ModelClient` gets one answer from a model, with as many requests as that takes, and records each of them.

Failed requests are retried (`retries`), parameters that a server rejects are left out (`rejections`), and a server that
is down is not called for a while (`circuit_breaker`). The modules below never retry on their own.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from core import metrics
from core.circuit_breaker import COOL_DOWN
from core.limited_log import LimitedLog
from llm.failures import REQUEST_ERRORS, RequestFailed, classify
from llm.hidden_key import HiddenKey
from llm.messages import Message, merge_consecutive, merge_system, with_images
from llm.model_states import ModelState, ModelStates
from llm.normaliser import Normaliser
from llm.parameters import TOKEN_LIMITS, json_schema_format, optional_parameters
from llm.recent_calls import RecentCalls
from llm.records import recorded_call
from llm.rejections import MessageForm
from llm.retries import with_retries
from llm.transport import Transport
from llm.types import Answer, Call, ModelFailed, ModelSettings
from llm.wire import ModelServer

logger = logging.getLogger(__name__)

OPENAI_URL = "https://api.openai.com/v1"
DEFAULT_TIMEOUT = 30.0  # seconds per request
# Near the deadline a request may have less time. If that is exceeded, it does not mean that the server is down.
MIN_TIMEOUT_COUNTED_AS_OUTAGE = 5.0  # seconds


@dataclass
class _Exchange:
    """The common data of all requests for one answer, and the requests made so far."""

    messages: list[Message]
    settings: ModelSettings
    tenant: str
    response_format: dict[str, Any] | None
    on_delta: Callable[[str], None] | None
    on_reset: Callable[[], None] | None
    shorten: Callable[[], list[Message] | None] | None
    images: Sequence[str] = ()
    calls: list[Call] = field(default_factory=list)


@dataclass
class _Adjustments:
    """Changes to the requests to one model. `suspected` are parameters that an error has named once."""

    rejected: set[str]
    merged: set[MessageForm]
    suspected: set[str] = field(default_factory=set)
    certain: set[str] = field(default_factory=set)
    certain_forms: set[MessageForm] = field(default_factory=set)

    def apply(self, failure: RequestFailed, exchange: _Exchange) -> bool:
        """Adjusts the next request to what the server rejected. Returns whether the request is different now."""
        rejection = failure.rejection
        if rejection is None:
            return False
        if rejection.parameter:
            if rejection.may_be_chance and rejection.parameter not in self.suspected:
                self.suspected.add(rejection.parameter)
                return False
            self.rejected |= {rejection.parameter}
            if rejection.parameter in TOKEN_LIMITS and not rejection.is_certain:
                self.rejected |= set(TOKEN_LIMITS)  # the value is rejected, so the other name would not help
            self.certain |= {rejection.parameter} if rejection.is_certain else set()
            return True
        if rejection.message_form:
            is_new = rejection.message_form not in self.merged
            self.merged.add(rejection.message_form)
            self.certain_forms |= {rejection.message_form} if rejection.is_certain else set()
            return is_new
        shorter = exchange.shorten() if exchange.shorten else None
        exchange.messages = shorter or exchange.messages
        return shorter is not None

    def messages(self, messages: list[Message]) -> list[Message]:
        """Returns the messages in a form that the model accepts."""
        messages = merge_system(messages) if "system" in self.merged else messages
        return merge_consecutive(messages) if "consecutive" in self.merged else messages


class ModelClient:
    """Calls the models of one server. Thread-safe; connections are opened when they are first needed."""

    def __init__(
        self,
        api_key: str | None,
        base_url: str | None,
        timeout: float = DEFAULT_TIMEOUT,
        cool_down: float = COOL_DOWN,
        recent_calls: RecentCalls | None = None,
        own_transport: Transport | None = None,
    ) -> None:
        """Without a base URL, OpenAI is called. A server with its own URL may not need a key.

        `timeout` is in seconds, for requests whose settings have none. `cool_down` is that of the circuit breakers.
        `recent_calls` receives the result of each call. `own_transport` is given for the server of a business. Then its
        key is removed from answers and errors, and its calls do not count in the metrics of the platform's model.
        """
        self._server = ModelServer(api_key or "none", base_url or OPENAI_URL, own_transport)
        self._is_own = own_transport is not None
        self._hidden_key = HiddenKey(api_key) if api_key and self._is_own else None
        self._is_openai = urlsplit(base_url or OPENAI_URL).hostname == urlsplit(OPENAI_URL).hostname
        self._timeout = timeout
        self._states = ModelStates(cool_down, "api_call" if self._is_own else "model")
        self._recent_calls = recent_calls or RecentCalls()
        self._log = LimitedLog(logger)

    def complete(
        self,
        messages: list[Message],
        settings: ModelSettings,
        *,
        deadline: float,
        tenant: str = "",
        json_schema: dict[str, Any] | None = None,
        images: Sequence[str] = (),
        schema_name: str = "answer",
        on_delta: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
        shorten: Callable[[], list[Message] | None] | None = None,
    ) -> Answer:
        """Returns the model's answer to `messages`, each of which has a role and a content.

        `deadline` is in the units of time.monotonic(). A request ends after `settings.timeout` (default: that of the
        client) or at the deadline, even if the server keeps sending. Not included are the DNS look-up, and 5 s for each
        further address of a server that cannot be reached at the first one. The failures of a `tenant` do not open the
        circuit breaker for others.

        With `on_delta` the answer is streamed, and each piece of text is passed on as it arrives. `on_reset` is called
        when the pieces so far are invalid because the request failed. `json_schema`, a valid JSON Schema, constrains
        the answer if the server supports that; the answer is not validated here. `schema_name` consists of letters,
        digits, `_` and `-`. `images` are URLs of images in the last message; recorded requests do not contain them.
        `shorten` is called if the messages are too long for the model; it returns shorter ones, or
        None if that is not possible.

        Raises ModelFailed if neither the model nor `settings.fallback_model` answered.
        """
        response_format = json_schema_format(schema_name, json_schema) if json_schema is not None else None
        exchange = _Exchange(messages, settings, tenant, response_format, on_delta, on_reset, shorten, images)
        for model in filter(None, (settings.model, settings.fallback_model)):
            try:
                response = self._request_answer(model, exchange, deadline)
                return Answer(response.text, model, tuple(exchange.calls), response.finish_reason)
            except RequestFailed as failure:
                last = failure
                if failure.is_refusal:
                    break
        raise ModelFailed(last.error, tuple(exchange.calls), last.timed_out, last.retry_after)

    def is_answering(self, model: str, tenant: str = "") -> bool:
        """Returns False while the circuit breaker of the model is open for the tenant."""
        return not self._states.of(model).circuit_breaker.is_open(tenant)

    def close(self) -> None:
        """Closes the connections. Calls in progress finish first."""
        self._server.close()
        self._states.forget()

    def _request_answer(self, model: str, exchange: _Exchange, deadline: float) -> Normaliser:
        """Returns the response of one model, with retries. Raises RequestFailed."""
        state, streamed = self._states.of(model), exchange.on_delta is not None
        adjustments = _Adjustments(set(state.rejected), set(state.merged))

        def send(seconds_left: float) -> Normaliser:
            messages = adjustments.messages(exchange.messages)
            body = {"model": model, "messages": messages, **({"stream": True} if streamed else {})}
            body |= optional_parameters(
                exchange.settings, exchange.response_format, streamed, adjustments.rejected, self._is_openai
            )
            seconds = min(exchange.settings.timeout or self._timeout, seconds_left)
            try:
                response = self._send(body, seconds, exchange, state)
            except RequestFailed as failure:
                failure.is_remedied = adjustments.apply(failure, exchange)
                if failure.was_sent and not failure.is_remedied:
                    self._recent_calls.record(None if failure.is_refusal else failure.error)
                raise
            self._recent_calls.record(None)
            return response

        response = with_retries(send, deadline)
        # Only now is it certain that the server accepts the request as it was adjusted.
        state.rejected |= adjustments.certain
        state.merged |= adjustments.certain_forms
        return response

    def _send(self, body: dict[str, Any], seconds: float, exchange: _Exchange, state: ModelState) -> Normaliser:
        """Sends one request, which ends within `seconds`, and records it. Raises RequestFailed."""
        expects_closing_tag = state.expects_closing_tag(exchange.tenant)
        response = Normaliser(exchange.on_delta, exchange.on_reset, expects_closing_tag, self._hidden_key)
        failure = None
        created_at, started_at = datetime.now(UTC), time.monotonic()
        try:
            self._receive(body, seconds, exchange, response, state)
        except RequestFailed as error:
            failure = error
        if failure is None:
            state.record_answer(exchange.tenant, response.has_closing_tag_only)
        attempt, prices = len(exchange.calls) + 1, exchange.settings.prices
        call = recorded_call(body, response, failure, attempt, created_at, started_at, prices)
        exchange.calls.append(call)
        if not self._is_own:
            seconds = time.monotonic() - started_at
            status = failure.kind if failure else "completed"
            metrics.count_call(status, seconds, call.usage.prompt_tokens, call.usage.completion_tokens)
        if failure is None:
            return response
        error_code = "LLM_TIMEOUT" if failure.timed_out else "LLM_UNAVAILABLE"
        fields = {"error_code": error_code, "model": body["model"], "cause": failure.error}
        fields |= {"business_id": exchange.tenant} if self._is_own else {}
        self._log.warning("model request failed", body["model"], failure.error, **fields)
        if response.has_deltas and exchange.on_reset:
            exchange.on_reset()
        raise failure

    def _receive(
        self, body: dict[str, Any], seconds: float, exchange: _Exchange, response: Normaliser, state: ModelState
    ) -> None:
        """Sends one request and reads the answer into `response`. Reports the result to the circuit breaker."""
        circuit_breaker, tenant, started_at = state.circuit_breaker, exchange.tenant, time.monotonic()
        permit = circuit_breaker.admit(seconds, tenant)
        if permit is None:
            raise RequestFailed(
                "circuit: the server is not called because it is down",
                is_final=True,
                was_sent=False,
                retry_after=circuit_breaker.seconds_to_trial(tenant),
            )
        is_outage, failure = None, None
        try:
            seconds = max(seconds - (time.monotonic() - started_at), 0.001)
            with closing(self._server.send(with_images(body, exchange.images), seconds)) as http_response:
                for chunk in http_response:
                    response.feed(chunk)
                    if response.is_done:
                        http_response.drain()
                        break
                response.finish()
            is_outage = False
        except REQUEST_ERRORS as error:
            failure = classify(error, body)
            if self._hidden_key:
                failure.error = self._hidden_key.remove_from_error(failure.error)
            is_outage = failure.is_outage
            if failure.timed_out and not self._counts_as_outage(seconds, exchange.settings, response):
                is_outage = None
            raise failure from None  # the error may contain message text
        finally:
            if is_outage is None:
                circuit_breaker.record_nothing(permit)
            elif is_outage and failure:
                circuit_breaker.record_failure(permit, failure.error)
            else:
                circuit_breaker.record_success(permit)

    def _counts_as_outage(self, seconds: float, settings: ModelSettings, response: Normaliser) -> bool:
        """Returns whether a timeout after `seconds` may mean that the server is down.

        It does not if the server has started to answer, or if a business has chosen a shorter timeout than the server's
        operator: otherwise one business could cut off the others. Its own server has no other users.
        """
        has_own_timeout = settings.timeout is not None and settings.timeout < self._timeout and not self._is_own
        return (
            not response.raw
            and not has_own_timeout
            and seconds >= 0.9 * min(MIN_TIMEOUT_COUNTED_AS_OUTAGE, self._timeout)
        )
