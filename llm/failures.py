"""Classifies the errors of a model request: what may be retried, and what counts as an outage of the server."""

import http.client
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx2
import openai

from llm.parameters import OPTIONAL_PARAMETERS
from llm.responses import EmptyResponse, UnusableResponse

# The errors that one request may end with.
REQUEST_ERRORS = (UnusableResponse, openai.OpenAIError, httpx2.HTTPError, ssl.SSLError)
# The server rejects this value, but it may accept another one for the same parameter.
_REJECTS_THE_VALUE = re.compile(r"invalid schema|grammar|too large|at most|maximum|minimum", re.IGNORECASE)


@dataclass(eq=False)
class RequestFailed(Exception):
    """Raised if a request gave no answer. `error` is a code and a sentence, without message content.

    - `is_final`: another attempt would fail too.
    - `is_outage`: the server is down or overloaded, so requests of other tenants fail too.
    - `retry_after`: minimum number of seconds before the next attempt.
    - `rejected_parameter`: the parameter to leave out in the next request; `rejects_any_value` if always.
    - `was_sent`: False if the circuit breaker or the deadline prevented the request.
    """

    error: str
    is_final: bool = False
    timed_out: bool = False
    is_outage: bool = False
    retry_after: float = 0.0
    rejected_parameter: str | None = None
    rejects_any_value: bool = False
    was_sent: bool = True

    @property
    def kind(self) -> Literal["failed", "timeout", "not_asked"]:
        """Returns the status of the request in the metrics."""
        return "not_asked" if not self.was_sent else "timeout" if self.timed_out else "failed"


def classify(error: Exception, body: dict[str, Any]) -> RequestFailed:
    """Returns the failure for one of `REQUEST_ERRORS`. `body` is the request that was sent."""
    if isinstance(error, UnusableResponse):
        return RequestFailed(str(error), is_outage=not isinstance(error, EmptyResponse))
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return RequestFailed("timeout: the server did not answer in time", timed_out=True, is_outage=True)
    if not isinstance(error, openai.APIStatusError):
        return RequestFailed("connection: the server was unreachable or closed the connection", is_outage=True)
    code = error.status_code
    if code in (400, 422) and (parameter := _rejected_parameter(error, body)):
        return RequestFailed(
            f"{code} rejected the parameter {parameter}",
            rejected_parameter=parameter,
            rejects_any_value=not _REJECTS_THE_VALUE.search(str(error.body)),
        )
    return RequestFailed(
        f"{code} {http.client.responses.get(code, 'unknown status').lower()}",
        is_final=code < 500 and code not in (408, 429),
        is_outage=code >= 500,
        retry_after=retry_after(error.response.headers.get("retry-after", "")),
    )


def retry_after(header: str) -> float:
    """Returns the seconds to wait from a Retry-After header, which is a number or a date (RFC 9110); 0 if invalid."""
    try:
        return float(header)
    except ValueError:
        with suppress(TypeError, ValueError):
            return (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
    return 0.0


def _rejected_parameter(error: openai.APIStatusError, body: dict[str, Any]) -> str | None:
    """Returns the optional parameter of the request that the error message mentions."""
    message = str(error.param or error.body).lower()
    for name in body:
        if name in OPTIONAL_PARAMETERS and any(word in message for word in (name, *OPTIONAL_PARAMETERS[name])):
            return name
    return None
