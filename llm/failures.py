"""Classifies the errors of a model request: what may be retried, what counts as an outage of the server, and what the
next request should contain instead."""

import errno
import http.client
import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, DecimalException
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import openai

from core.outgoing.failures import CallFailed
from llm.error_bodies import ServerError, parse_error
from llm.normaliser import EmptyResponse, Refused, ReportedError, UnusableResponse
from llm.rejections import Rejection, find_rejection

# How servers say that their filter refused the prompt.
_FILTER_CODES = re.compile("content_?(filter|policy)|responsibleaipolicy|data_inspection_failed|moderation")
_FILTER_TEXTS = re.compile("content ?management policy|contentpolicyviolation|requires moderation")
# The errors that one request can raise.
REQUEST_ERRORS = (UnusableResponse, ReportedError, openai.APIConnectionError, openai.APIStatusError, CallFailed)
MAX_RETRY_AFTER = 3600.0  # seconds
_NO_ADDRESS = "connection: DNS, the host name of the server cannot be resolved"
_NO_DESCRIPTORS = "connection: this process has no file descriptors left"


@dataclass(eq=False)
class RequestFailed(Exception):
    """Raised if a request gave no answer. `error` is a code and a sentence, without message content.

    - `is_final`: another attempt would fail too.
    - `is_refusal`: the model refused to answer, so no other model is asked.
    - `is_outage`: the server is down or overloaded, so requests of other tenants fail too.
    - `retry_after`: minimum number of seconds before the next attempt.
    - `rejection`: what the server rejects about the request.
    - `is_remedied`: the next request is different, so it is sent immediately.
    - `was_sent`: False if the circuit breaker or the deadline prevented the request.
    """

    error: str
    is_final: bool = False
    is_refusal: bool = False
    timed_out: bool = False
    is_outage: bool = False
    retry_after: float = 0.0
    rejection: Rejection | None = None
    is_remedied: bool = False
    was_sent: bool = True

    @property
    def kind(self) -> Literal["failed", "timeout", "not_asked"]:
        """Returns the status of the request in the metrics."""
        return "not_asked" if not self.was_sent else "timeout" if self.timed_out else "failed"


def classify(error: Exception, body: dict[str, Any]) -> RequestFailed:
    """Returns the failure for one of `REQUEST_ERRORS`. `body` is the request that was sent."""
    if isinstance(error, Refused):
        return RequestFailed(str(error), is_final=True, is_refusal=True)
    if isinstance(error, UnusableResponse):
        return RequestFailed(str(error), is_outage=not isinstance(error, EmptyResponse))
    if isinstance(error, openai.APITimeoutError):
        return RequestFailed("timeout: the server did not answer in time", timed_out=True, is_outage=True)
    if isinstance(error, ReportedError):
        return _reported_failure(error.error, body)
    if isinstance(error, openai.APIStatusError):
        return _status_failure(error, body)
    if isinstance(error, CallFailed):
        if error.cause == "dns":
            return RequestFailed(_NO_ADDRESS, is_outage=True)
        return RequestFailed(f"{error.cause}: {error.message}", is_final=True)
    cause = _connection_error(error)
    return RequestFailed(cause, is_outage=cause != _NO_DESCRIPTORS)


def _status_failure(error: openai.APIStatusError, body: dict[str, Any]) -> RequestFailed:
    status, reported = error.status_code, parse_error(error.response.content)
    if status in (400, 403, 422) and _is_refusal(reported):
        return _refusal(reported)
    sentence = f"{status} {http.client.responses.get(status, 'unknown status').lower()}"
    rejection = find_rejection(status, reported, body)
    return RequestFailed(
        _with_cause(f"{status} {rejection.sentence}" if rejection else sentence, reported),
        is_final=status < 500 and status not in (408, 425, 429) and not (rejection and rejection.may_be_chance),
        is_outage=rejection is None and status >= 500,
        retry_after=retry_after(error.response.headers),
        rejection=rejection,
    )


def _reported_failure(reported: ServerError, body: dict[str, Any]) -> RequestFailed:
    """Returns the failure for an error in a response whose status was 200. All except refusals are retried."""
    if _is_refusal(reported):
        return _refusal(reported)
    rejection = find_rejection(reported.status or 400, reported, body)
    sentence = f"the response reported that the server {rejection.sentence}" if rejection else "in the response"
    is_outage = rejection is None and (reported.status or 0) >= 500
    return RequestFailed(_with_cause(f"error {sentence}", reported), is_outage=is_outage, rejection=rejection)


def _is_refusal(reported: ServerError) -> bool:
    return bool(_FILTER_CODES.search((reported.cause or "").lower()) or _FILTER_TEXTS.search(reported.text))


def _refusal(reported: ServerError) -> RequestFailed:
    sentence = _with_cause("refused: a content filter of the server", reported)
    return RequestFailed(sentence, is_final=True, is_refusal=True)


def _with_cause(sentence: str, reported: ServerError) -> str:
    return f"{sentence}: {reported.cause}" if reported.cause else sentence


def retry_after(headers: Mapping[str, str]) -> float:
    """Returns the seconds to wait that a server asks for: 0 if it does not, or if the value makes no sense.

    `retry-after-ms` takes precedence over Retry-After, which is a number or a date (RFC 9110).
    """
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        with suppress(DecimalException):
            seconds = Decimal(headers.get(name, "").strip()) / unit
            if seconds.is_finite() and seconds >= 0:
                return float(min(seconds, Decimal(MAX_RETRY_AFTER)))
    with suppress(TypeError, ValueError, OverflowError):
        seconds_left = (parsedate_to_datetime(headers.get("retry-after", "")) - datetime.now(UTC)).total_seconds()
        return min(max(seconds_left, 0.0), MAX_RETRY_AFTER)
    return 0.0


def _connection_error(error: BaseException) -> str:
    """Returns why there is no response, from the exceptions that caused `error`."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return _NO_ADDRESS
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"connection: TLS, the certificate of the server is not valid ({_reason(cause)})"
        if isinstance(cause, ssl.SSLError):
            if re.search("WRONG_VERSION_NUMBER|HTTP_REQUEST|RECORD_LAYER_FAILURE", f"{cause.reason} {cause}".upper()):
                return "connection: wrong scheme, the server does not speak TLS (use http:// in the base URL)"
            return f"connection: TLS, no encrypted connection is possible ({_reason(cause)})"
        if isinstance(cause, http.client.BadStatusLine) and str(cause).startswith("\x15\x03"):
            return "connection: wrong scheme, the server expects TLS (use https:// in the base URL)"
        if isinstance(cause, OSError) and cause.errno in (errno.EMFILE, errno.ENFILE):
            return _NO_DESCRIPTORS
        if isinstance(cause, ConnectionRefusedError):
            return "connection: refused, nothing accepts connections at the address of the server"
        cause = cause.__cause__ or cause.__context__
    return "connection: the server was unreachable or closed the connection"


def _reason(error: ssl.SSLError) -> str:
    """Returns OpenSSL's name of the error, such as CERTIFICATE_VERIFY_FAILED."""
    return re.sub("[^A-Z_]", "", str(error.reason or ""))[:64] or "unknown reason"
