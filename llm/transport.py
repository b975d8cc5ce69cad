"""The connections to a model server: the platform's, which the operator trusts, or one that a business has chosen."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ssl import SSLContext
from typing import Any, Protocol
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import httpx2
import urllib3
from urllib3.util import make_headers

from core.outgoing.addresses import Address
from core.outgoing.failures import CallFailed
from core.outgoing.urls import Target, parse_url
from core.settings import StartupError
from core.timed_http import TimedConnection, TimedTLSConnection

_CONNECT_TIMEOUT = 5.0  # seconds per address of the server
_KEEP_ALIVE = 60.0  # seconds
_MAX_IDLE_CONNECTIONS = 1000  # to the platform's server
_MAX_IDLE_CONNECTIONS_OF_BUSINESS = 10  # to each address of its server
_MAX_REDIRECTS = 5
_MAX_ADDRESSES = 4  # of a business's server


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


class Transport(Protocol):
    """Sends requests to one URL. Connections are opened on demand, so after a fork. Thread-safe."""

    def post(self, headers: dict[str, str], body: bytes, seconds: float) -> urllib3.BaseHTTPResponse:
        """Returns the response, which the caller reads and closes. May raise any error of urllib3, and CallFailed."""
        ...

    def close(self) -> None:
        """Closes idle connections. Those in use close when their call ends."""
        ...


class PlatformTransport:
    """Requests to the platform's server. The machine's proxy and certificate settings apply, and redirects are
    followed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._manager = _manager(url)
        self._pool = self._manager.connection_from_url(url)
        parts = urlsplit(url)
        is_forwarded = self._manager.proxy is not None and parts.scheme == "http"
        self._target = url if is_forwarded else urlunsplit(("", "", parts.path, parts.query, ""))

    def post(self, headers: dict[str, str], body: bytes, seconds: float) -> urllib3.BaseHTTPResponse:
        options = _options(headers, body, seconds)
        response = self._pool.urlopen("POST", self._target, assert_same_host=False, **options)
        url = self._url
        for _ in range(_MAX_REDIRECTS):
            location = response.get_redirect_location()
            if not location:
                break
            response.close()
            response.release_conn()
            url = urljoin(url, location)
            if not _may_receive_key(url, self._url):
                options["headers"] = {"Content-Type": "application/json"}
            response = self._manager.urlopen("POST", url, **options)
        return response

    def close(self) -> None:
        self._pool.close()
        self._manager.clear()


class CheckedTransport:
    """Requests to a server that a business has chosen. Connections are opened to addresses that `find_addresses` has
    checked, never to a name, and neither through a proxy. Redirects are not followed."""

    def __init__(self, url: str, find_addresses: Callable[[Target], list[Address]], ssl_context: SSLContext) -> None:
        """`find_addresses` raises CallFailed if one of them may not be reached. Raises CallFailed if the URL is not
        valid."""
        self._target = parse_url(url)
        self._find_addresses = find_addresses
        self._ssl_context = ssl_context
        self._lock = threading.Lock()
        self._pools: OrderedDict[Address, urllib3.HTTPConnectionPool] = OrderedDict()

    def post(self, headers: dict[str, str], body: bytes, seconds: float) -> urllib3.BaseHTTPResponse:
        addresses = self._find_addresses(self._target)[:_MAX_ADDRESSES]
        options = _options({**headers, "Host": self._target.host_header}, body, seconds)
        for address in addresses[:-1]:
            try:
                return self._post_to(address, options)
            except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
                continue  # nothing has been sent
        return self._post_to(addresses[-1], options)

    def close(self) -> None:
        with self._lock:
            pools = list(self._pools.values())
            self._pools.clear()  # later requests open connections again
        for pool in pools:
            pool.close()

    def _post_to(self, address: Address, options: dict[str, Any]) -> urllib3.BaseHTTPResponse:
        response = self._pool(address).urlopen("POST", self._target.path, assert_same_host=False, **options)
        if not response.get_redirect_location():
            return response
        response.close()
        response.release_conn()
        raise CallFailed("redirect", "The server redirects to another URL. Enter that one.")

    def _pool(self, address: Address) -> urllib3.HTTPConnectionPool:
        with self._lock:
            pool = self._pools.get(address)
            if pool is None:
                pool = self._pools[address] = self._new_pool(address)
            self._pools.move_to_end(address)
            if len(self._pools) > _MAX_ADDRESSES:
                self._pools.popitem(last=False)[1].close()
            return pool

    def _new_pool(self, address: Address) -> urllib3.HTTPConnectionPool:
        host, port, maximum = str(address), self._target.port, _MAX_IDLE_CONNECTIONS_OF_BUSINESS
        if self._target.scheme == "http":
            return _Pool(host, port, maxsize=maximum)
        # The certificate must be valid for the name, not for the address.
        return _TLSPool(host, port, maxsize=maximum, ssl_context=self._ssl_context, server_hostname=self._target.host)


def _options(headers: dict[str, str], body: bytes, seconds: float) -> dict[str, Any]:
    return {
        "body": body,
        "headers": headers,
        "timeout": urllib3.Timeout(connect=min(seconds, _CONNECT_TIMEOUT), read=seconds),
        "preload_content": False,
        "redirect": False,
        "retries": False,
    }


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
