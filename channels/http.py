"""Requests to providers."""

import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from channels.failures import OutcomeUnknown, SendFailed
from core.outgoing.client import MAX_RESPONSE_BYTES, MAX_SECONDS, OutgoingClient, OutgoingRequest
from core.outgoing.failures import CallFailed
from core.outgoing.sockets import open_socket

_PERMANENT = ("invalid_url", "invalid_request", "address_refused", "redirect", "too_large")
MAX_FILE_BYTES = 5 * 1024 * 1024
_GATEWAY_TIMEOUT = 504
_TOO_MANY_REQUESTS = 429
_CIRCUIT_DELAY = 10.0  # seconds until the next attempt with a server that others have found down
_MAX_RETRY_AFTER = 3600.0  # seconds


@dataclass(frozen=True)
class HttpResponse:
    """A provider's response, whatever its status."""

    status: int
    headers: Mapping[str, str] = field(repr=False)  # names in lower case
    body: bytes = field(repr=False)

    @property
    def is_ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        """The body as JSON; None if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def retry_after(self) -> float | None:
        """The seconds of the header `Retry-After`, at most an hour; None without one."""
        value = self.headers.get("retry-after", "").strip()
        if value.isdecimal():
            return min(float(value), _MAX_RETRY_AFTER)
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return None
        return min(max(seconds, 0.0), _MAX_RETRY_AFTER)

    def raise_for_status(self, message: str, code: str | None = None) -> None:
        """Raises SendFailed unless the status is 2xx: 429 and 5xx are tried again, others are not. Raises
        OutcomeUnknown for 504, after which the provider may still work on the request. `message` is for staff."""
        if self.is_ok:
            return
        code = code or f"status_{self.status}"
        if self.status == _GATEWAY_TIMEOUT:
            raise OutcomeUnknown(message, code=code)
        is_permanent = self.status < 500 and self.status != _TOO_MANY_REQUESTS
        raise SendFailed(message, code=code, permanent=is_permanent, retry_after=self.retry_after)


class Http:
    """Sends the requests of one business. Addresses that a business has entered must be public, unless the operator
    allows them (API_CALL_ALLOWED_HOSTS); those of the platform's settings are trusted."""

    def __init__(self, client: OutgoingClient, business_id: str) -> None:
        self._client, self._business_id = client, business_id

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        json_body: object = None,
        seconds: float = MAX_SECONDS,
        max_bytes: int = MAX_RESPONSE_BYTES,
        follows_redirects: bool = False,
    ) -> HttpResponse:
        """The provider's response, whatever its status. `headers` have names in lower case. Raises SendFailed if the
        provider has not received the request, and OutcomeUnknown if it may have."""
        all_headers = dict(headers or {})
        if json_body is not None:
            body = json.dumps(json_body, ensure_ascii=False, separators=(",", ":")).encode()
            all_headers.setdefault("content-type", "application/json")
        request = OutgoingRequest(method, url, all_headers, body, follows_redirects, max_bytes)
        try:
            response = self._client.send(self._business_id, request, seconds)
        except CallFailed as failure:
            if failure.may_have_arrived:
                raise OutcomeUnknown(failure.message, code=failure.cause) from failure
            raise SendFailed(
                failure.message,
                code=failure.cause,
                permanent=failure.cause in _PERMANENT,
                retry_after=_CIRCUIT_DELAY if failure.cause == "circuit_open" else None,
            ) from failure
        return HttpResponse(response.status, response.headers, response.body)

    def connect(self, host: str, port: int, seconds: float = MAX_SECONDS) -> socket.socket:
        """A connection to a server that does not use HTTP. Raises SendFailed."""
        try:
            return open_socket(self._client, self._business_id, host, port, seconds)
        except CallFailed as failure:
            raise SendFailed(failure.message, code=failure.cause, permanent=failure.cause in _PERMANENT) from failure

    @property
    def ssl_context(self) -> ssl.SSLContext:
        """The certificate authorities that are trusted."""
        return self._client.ssl_context

    def download(self, url: str, headers: Mapping[str, str] | None = None) -> bytes:
        """The content of a file of at most 5 MB. Raises SendFailed."""
        try:
            response = self.send("GET", url, headers=headers, max_bytes=MAX_FILE_BYTES, follows_redirects=True)
        except OutcomeUnknown as failure:  # reading a file again does no harm
            raise SendFailed(failure.message, code=failure.code, permanent=failure.code in _PERMANENT) from failure
        if not response.is_ok:
            is_permanent = response.status < 500 and response.status != _TOO_MANY_REQUESTS
            message = f"The file could not be fetched (status {response.status})."
            raise SendFailed(message, code=f"status_{response.status}", permanent=is_permanent)
        return response.body
