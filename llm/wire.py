"""Sends completion requests with urllib3 and raises the errors of the OpenAI SDK.

The SDK's own methods need two to four times the processor time per request: `chat.completions.create` walks through all
messages, and each response passes through several layers. urllib3 is a thin one above the standard library's client.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import httpx2
import openai
import urllib3
from urllib3.util import make_headers

from core.settings import StartupError
from core.timed_http import TimedConnection, TimedTLSConnection, set_deadline

_CONNECT_TIMEOUT = 5.0  # seconds per address of the server
_MIN_TIMEOUT = 0.001  # seconds; urllib3 rejects 0
_KEEP_ALIVE = 60.0  # seconds
_MAX_IDLE_CONNECTIONS = 1000
_MAX_REDIRECTS = 5
_CHUNK_SIZE = 65_536  # bytes
_DRAIN_SECONDS = 0.05  # for the end of a stream after its last event
_MAX_ERROR_BYTES = 65_536
_KEPT_HEADERS = ("retry-after", "retry-after-ms")  # of errors


class _Connection(TimedConnection):
    used_at = 0.0

    @property
    def is_connected(self) -> bool:
        """Whether the connection can be used again: neither closed by the server nor idle for too long."""
        return time.monotonic() - self.used_at < _KEEP_ALIVE and super().is_connected

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request."""
        self.used_at = time.monotonic()
        super().request(*args, **kwargs)


class _TLSConnection(_Connection, TimedTLSConnection):
    pass


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


class Response:
    """The response to a request, as an iterator over its body. Close it after use. Reading raises openai.APIError."""

    def __init__(self, response: urllib3.BaseHTTPResponse, url: str) -> None:
        self._response, self._url = response, url
        self._chunks = self._read()

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def drain(self) -> None:
        """Reads what follows the last event. A connection can only be reused if it has been read to the end."""
        set_deadline(_DRAIN_SECONDS)
        with suppress(openai.APIError):
            for _ in self._chunks:
                pass

    def close(self) -> None:
        """Ends the response. If it has not been read to the end, its connection is closed."""
        self._response.close()
        self._response.release_conn()

    def _read(self) -> Iterator[bytes]:
        with _convert_errors(self._url):
            while chunk := self._response.read1(_CHUNK_SIZE):
                yield chunk


class ModelServer:
    """The connections to one server, which are opened on demand, so after a fork. Thread-safe.

    The machine's proxy and certificate settings apply. The environment variables of the SDK (OPENAI_ORG_ID, ...) do
    not: only `config` reads settings.
    """

    def __init__(self, api_key: str, base_url: str) -> None:
        self._url = completions_url(base_url)
        self._headers = {
            "Accept": "application/json",
            **authorization(api_key, base_url),
            "Content-Type": "application/json",
            "User-Agent": "ICMP",
        }
        self._manager = _manager(self._url)
        self._pool = self._manager.connection_from_url(self._url)
        parts = urlsplit(self._url)
        is_forwarded = self._manager.proxy is not None and parts.scheme == "http"
        self._target = self._url if is_forwarded else urlunsplit(("", "", parts.path, parts.query, ""))

    def send(self, body: dict[str, Any], seconds: float) -> Response:
        """Sends a completion request that ends within `seconds`. The caller reads and closes the response.

        Raises openai.APIError.
        """
        seconds = max(seconds, _MIN_TIMEOUT)
        set_deadline(seconds)
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        options: dict[str, Any] = {
            "body": content,
            "headers": self._headers,
            "timeout": urllib3.Timeout(connect=min(seconds, _CONNECT_TIMEOUT), read=seconds),
            "preload_content": False,
            "redirect": False,
            "retries": False,
        }
        with _convert_errors(self._url):
            http_response = self._pool.urlopen("POST", self._target, assert_same_host=False, **options)
            url = self._url
            for _ in range(_MAX_REDIRECTS):
                location = http_response.get_redirect_location()
                if not location:
                    break
                http_response.close()
                http_response.release_conn()
                url = urljoin(url, location)
                if not _may_receive_key(url, self._url):
                    options["headers"] = {"Content-Type": "application/json"}
                http_response = self._manager.urlopen("POST", url, **options)
        response = Response(http_response, self._url)
        if 200 <= http_response.status < 300:
            return response
        raise self._status_error(http_response, response)

    def close(self) -> None:
        """Closes idle connections. Those in use close when their call ends."""
        self._pool.close()
        self._manager.clear()

    def _status_error(self, http_response: urllib3.BaseHTTPResponse, response: Response) -> openai.APIStatusError:
        """The error that the server reports, with the start of the response's body."""
        start = b""
        try:
            for chunk in response:
                start += chunk
                if len(start) >= _MAX_ERROR_BYTES:
                    break
        finally:
            response.close()
        received = httpx2.Response(
            http_response.status,
            headers=[
                (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
                for name, value in http_response.headers.items()
                if name.lower() in _KEPT_HEADERS
            ],
            content=start,
            request=httpx2.Request("POST", self._url),
        )
        return openai.APIStatusError(str(http_response.status), response=received, body=None)


def _manager(url: str) -> urllib3.PoolManager:
    """Opens connections directly, or through the machine's proxy."""
    parts, proxies = urlsplit(url), getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    options: dict[str, Any] = {"maxsize": _MAX_IDLE_CONNECTIONS, "ssl_context": httpx2.create_ssl_context()}
    if proxy and not proxy_bypass(parts.netloc.rpartition("@")[2]):
        manager: urllib3.PoolManager = _proxy_manager(proxy if "://" in proxy else f"http://{proxy}", options)
    else:
        manager = urllib3.PoolManager(**options)
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}
    return manager


def _proxy_manager(proxy: str, options: dict[str, Any]) -> urllib3.ProxyManager:
    """Opens connections through the proxy, with the password in its URL. Raises StartupError."""
    try:
        parts = urlsplit(proxy)
        credentials = unquote(f"{parts.username}:{parts.password or ''}") if parts.username else None
        return urllib3.ProxyManager(proxy, proxy_headers=make_headers(proxy_basic_auth=credentials), **options)
    except ValueError:
        raise StartupError(
            "The proxy for requests to the model cannot be used: HTTPS_PROXY, HTTP_PROXY or ALL_PROXY must look like"
            " http://user:password@host:3128."
        ) from None  # the error contains the password


def _may_receive_key(url: str, first: str) -> bool:
    """Returns whether a redirect stays on the same server and port. It may also change from HTTP to HTTPS."""
    scheme, host, port = origin = _origin(first)
    return _origin(url) == origin or ((scheme, port) == ("http", 80) and _origin(url) == ("https", host, 443))


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def completions_url(base_url: str) -> str:
    """Returns the address to send requests to. A query such as Azure's `api-version` is kept."""
    parts = urlsplit(base_url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/chat/completions"))


def authorization(api_key: str, base_url: str) -> dict[str, str]:
    """Returns the header that contains the key. Azure, whose URLs have an `api-version`, has a header of its own."""
    if "api-version" in parse_qs(urlsplit(base_url).query):
        return {"api-key": api_key}
    return {"Authorization": f"Bearer {api_key}"}


@contextmanager
def _convert_errors(url: str) -> Iterator[None]:
    """Raises every error of the HTTP library as one of the SDK. A broken response may cause any kind of error in it."""
    try:
        yield
    except openai.APIError:
        raise
    except Exception as error:
        is_timeout = isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError)
        if is_timeout and not isinstance(error, urllib3.exceptions.NewConnectionError):  # a subclass by mistake
            raise openai.APITimeoutError(httpx2.Request("POST", url)) from error
        raise openai.APIConnectionError(message=type(error).__name__, request=httpx2.Request("POST", url)) from error
