"""Sends requests to public addresses and to allowed hosts."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from ssl import SSLContext, SSLError

import httpx2
import urllib3

from core.concurrency import time_limit
from core.outgoing.addresses import Address, is_public
from core.outgoing.circuits import Circuits
from core.outgoing.failures import CallFailed
from core.outgoing.resolver import LookUps, Resolver, resolve
from core.outgoing.urls import Target, parse_url
from core.timed_http import TimedConnection, TimedTLSConnection, has_connected, seconds_left, set_deadline

MAX_SECONDS = 10.0  # for a call with its redirects and retries
MAX_RESPONSE_BYTES = 256 * 1024  # decompressed
MAX_REDIRECTS = 3
SAFE_METHODS = ("GET", "HEAD")
_MAX_ATTEMPTS = 2
_RETRY_PAUSE = 0.2  # seconds
_RETRIED_STATUSES = (502, 503, 504)
_MIN_SECONDS = 3.0  # for a call whose timeout says that the server is down, and not that its turn had no time left
_CONNECT_TIMEOUT = 4.0  # seconds per address
_MAX_ADDRESSES = 4  # that are tried
_CHUNK_SIZE = 16_384  # bytes
_OUTAGES = ("dns", "connection", "tls", "timeout")
_DEFAULT_HEADERS = {"accept": "application/json", "accept-encoding": "gzip", "user-agent": "ICMP"}


@dataclass(frozen=True)
class OutgoingRequest:
    """A request to another system. The names of `headers` are in lower case."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    follows_redirects: bool = True  # otherwise a redirect is the response
    max_response_bytes: int = MAX_RESPONSE_BYTES  # decompressed


@dataclass(frozen=True)
class OutgoingResponse:
    """The response, with its decompressed body."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # names in lower case


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = TimedConnection


class _TLSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = TimedTLSConnection


class OutgoingClient:
    """Sends requests for all businesses. Thread-safe.

    `allowed_hosts` are hosts, or hosts with a port, whose addresses are not checked.
    """

    def __init__(self, allowed_hosts: tuple[str, ...] = (), resolver: Resolver = resolve) -> None:
        self._allowed_hosts = frozenset(allowed_hosts)
        self._look_ups = LookUps(resolver)
        self._circuits = Circuits()

    def send(self, business_id: str, request: OutgoingRequest, seconds: float = MAX_SECONDS) -> OutgoingResponse:
        """Returns the response, whatever its status, within `seconds`. Raises CallFailed.

        GET requests are repeated once if the server is unreachable or unavailable.
        """
        started_at, seconds = time.monotonic(), min(seconds, MAX_SECONDS)
        target = parse_url(request.url)
        if seconds <= 0:
            raise CallFailed("timeout", "No time was left for the call.")
        circuit_breaker = self._circuits.of(business_id, target.authority)
        permit = circuit_breaker.admit(seconds)
        if permit is None:
            raise CallFailed("circuit_open", "The server is not called because its last calls have failed.")
        is_outage: bool | None = None
        cause = ""
        try:
            with _convert_errors():
                set_deadline(seconds - (time.monotonic() - started_at))
                with time_limit(seconds_left()):
                    response = self._send_repeatedly(business_id, request, target)
            is_outage, cause = response.status >= 500, str(response.status)
            return response
        except CallFailed as failure:
            failure.may_have_arrived = has_connected()
            is_hurried = failure.cause == "timeout" and seconds < _MIN_SECONDS
            is_outage, cause = (failure.cause in _OUTAGES and not is_hurried) or None, failure.cause
            raise
        finally:
            if is_outage is None:
                circuit_breaker.record_nothing(permit)
            elif is_outage:
                circuit_breaker.record_failure(permit, cause)
            else:
                circuit_breaker.record_success(permit)

    def checked_addresses(self, business_id: str, target: Target) -> list[Address]:
        """Returns the addresses of the target, before the deadline of the call in progress. Raises CallFailed, also if
        only one of them is not public, and TimeoutError."""
        addresses = self._look_ups.addresses_of(business_id, target.host, target.port, seconds_left())
        if not target.is_in(self._allowed_hosts) and not all(map(is_public, addresses)):
            raise CallFailed("address_refused", "The address is not public. API_CALL_ALLOWED_HOSTS lists exceptions.")
        return addresses

    @cached_property
    def ssl_context(self) -> SSLContext:
        """The certificate authorities that are trusted."""
        return httpx2.create_ssl_context()

    def _send_repeatedly(self, business_id: str, request: OutgoingRequest, target: Target) -> OutgoingResponse:
        for _ in range(_MAX_ATTEMPTS - 1 if request.method in SAFE_METHODS else 0):
            try:
                with _convert_errors():
                    response = self._follow_redirects(business_id, request, target)
                if response.status not in _RETRIED_STATUSES:
                    return response
            except CallFailed as failure:
                if failure.cause != "connection":
                    raise
            time.sleep(min(_RETRY_PAUSE, seconds_left()))
        return self._follow_redirects(business_id, request, target)

    def _follow_redirects(self, business_id: str, request: OutgoingRequest, target: Target) -> OutgoingResponse:
        for _ in range(MAX_REDIRECTS + 1):
            response, location = self._exchange(business_id, request, target)
            if not location or not request.follows_redirects:
                return response
            next_target = target.joined(location)
            request = _redirected(request, response.status, next_target.may_receive_secrets_of(target))
            target = next_target
        raise CallFailed("redirect", f"The server redirected more than {MAX_REDIRECTS} times.")

    def _exchange(
        self, business_id: str, request: OutgoingRequest, target: Target
    ) -> tuple[OutgoingResponse, str | None]:
        """Returns the response of one server, and where it redirects to."""
        addresses = self.checked_addresses(business_id, target)[:_MAX_ADDRESSES]
        for address in addresses[:-1]:
            try:
                return self._exchange_with(address, request, target)
            except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
                continue  # nothing has been sent
        return self._exchange_with(addresses[-1], request, target)

    def _exchange_with(
        self, address: Address, request: OutgoingRequest, target: Target
    ) -> tuple[OutgoingResponse, str | None]:
        left = seconds_left()
        with self._pool(address, target) as pool:
            http_response = pool.urlopen(
                request.method,
                target.path,
                body=request.body,
                headers={**_DEFAULT_HEADERS, **request.headers, "host": target.host_header},
                timeout=urllib3.Timeout(connect=min(left, _CONNECT_TIMEOUT), read=left),
                assert_same_host=False,  # the pool's host is the address
                preload_content=False,
                redirect=False,
                retries=False,
            )
            try:
                location = http_response.get_redirect_location() or None
                body = b"" if location else _read_body(http_response, request.max_response_bytes)
            finally:
                http_response.close()
        headers = {name.lower(): value for name, value in http_response.headers.items()}
        return OutgoingResponse(http_response.status, body, headers), location

    def _pool(self, address: Address, target: Target) -> urllib3.HTTPConnectionPool:
        if target.scheme == "http":
            return _Pool(str(address), target.port)
        # The certificate must be valid for the name, not for the address.
        return _TLSPool(str(address), target.port, ssl_context=self.ssl_context, server_hostname=target.host)


def _redirected(request: OutgoingRequest, status: int, same_server: bool) -> OutgoingRequest:
    """Returns the request after a redirect. Another server gets neither headers nor a body, which may contain secrets.

    Raises CallFailed if the other server would have to get the body.
    """
    if request.method not in SAFE_METHODS and status in (301, 302, 303):
        headers = {name: value for name, value in request.headers.items() if name != "content-type"}
        request = replace(request, method="GET", headers=headers, body=None)
    if same_server:
        return request
    if request.body is not None or request.method not in SAFE_METHODS:
        raise CallFailed("redirect", "The server redirected the request to another host, which must not get its data.")
    return replace(request, headers={})


def _read_body(response: urllib3.BaseHTTPResponse, max_bytes: int) -> bytes:
    body = bytearray()
    while chunk := response.read(_CHUNK_SIZE, decode_content=True):
        body += chunk
        if len(body) > max_bytes:
            raise CallFailed("too_large", f"The response has more than {max_bytes // 1024} KB.")
    return bytes(body)


@contextmanager
def _convert_errors() -> Iterator[None]:
    """Raises every error of the HTTP library as CallFailed. A broken response may cause any kind of error in it."""
    try:
        yield
    except CallFailed:
        raise
    except (SSLError, urllib3.exceptions.SSLError) as error:
        raise CallFailed("tls", "No encrypted connection is possible, or the certificate is not valid.") from error
    except urllib3.exceptions.DecodeError as error:
        raise CallFailed("invalid_response", "The response cannot be decompressed.") from error
    except Exception as error:
        is_timeout = isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError)
        if is_timeout and not isinstance(error, urllib3.exceptions.NewConnectionError):  # a subclass by mistake
            raise CallFailed("timeout", "The server did not answer in time.") from error
        raise CallFailed("connection", "The server is unreachable or closed the connection.") from error
