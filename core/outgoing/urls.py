"""Parses URLs strictly, so that no two parts of the program can read one differently."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import quote, unquote, urljoin, urlsplit

import idna

from core.outgoing.failures import CallFailed

MAX_URL_LENGTH = 8_192
_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_MAX_NAME_LENGTH = 253
_UNQUOTED = "/%:@!$&'()*+,;=~-._?"


@dataclass(frozen=True)
class Target:
    """Where a request goes. `host` is an ASCII name or an IP address, `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Returns the host and the port, as in the setting API_CALL_ALLOWED_HOSTS."""
        return f"{self._written_host}:{self.port}"

    @property
    def host_header(self) -> str:
        """Returns the value of the header `Host`."""
        return self._written_host if self.port == _PORTS[self.scheme] else self.authority

    def is_in(self, hosts: frozenset[str]) -> bool:
        """Returns whether the host is listed, on its own or with this port."""
        return self._written_host in hosts or self.authority in hosts

    def joined(self, location: str) -> "Target":
        """Returns the target of a redirect. Raises CallFailed."""
        try:
            return parse_url(urljoin(f"{self.scheme}://{self.authority}{self.path}", location))
        except ValueError as error:
            raise _invalid("it is malformed") from error

    def may_receive_secrets_of(self, other: "Target") -> bool:
        """Returns whether a redirect from `other` stays at the same server, and does not turn off TLS."""
        if self.host != other.host:
            return False
        if (self.scheme, self.port) == (other.scheme, other.port):
            return True
        return (other.scheme, other.port, self.scheme, self.port) == ("http", 80, "https", 443)

    @property
    def _written_host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def parse_url(url: str) -> Target:
    """Returns the parts of an http or https URL. Raises CallFailed."""
    if len(url) > MAX_URL_LENGTH:
        raise _invalid("it is too long")
    if _FORBIDDEN.search(url):
        raise _invalid("it contains a space, a control character or a backslash")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _invalid("it is malformed") from error
    if parts.scheme not in _PORTS:
        raise _invalid("it must start with http:// or https://")
    if "@" in parts.netloc:
        raise _invalid("it must not contain a user name or a password")
    if port == 0:
        raise _invalid("its port is not valid")
    # Also encoded: some servers decode the path before they resolve it.
    if not {".", ".."}.isdisjoint(re.split(r"[/\\]", unquote(parts.path))):
        raise _invalid("its path must not contain . or ..")
    path = quote(parts.path or "/", safe=_UNQUOTED) + (f"?{quote(parts.query, safe=_UNQUOTED)}" if parts.query else "")
    return Target(parts.scheme, _host(parts.hostname or "", "[" in parts.netloc), port or _PORTS[parts.scheme], path)


def server_target(host: str, port: int) -> Target:
    """Returns the target of a connection that does not use HTTP. Raises CallFailed."""
    return Target("", _host(host.lower(), is_bracketed=False), port, "")


def _host(host: str, is_bracketed: bool) -> str:
    if is_bracketed:
        try:
            address = IPv6Address(host)
        except AddressValueError as error:
            raise _invalid("its IP address is malformed") from error
        if address.scope_id is not None:
            raise _invalid("its IP address must not have a zone")
        return str(address)
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode().lower()
        except idna.IDNAError as error:
            raise _invalid("its host name is not valid") from error
    host = host.removesuffix(".")
    if len(host) > _MAX_NAME_LENGTH or not _NAME.fullmatch(host):
        raise _invalid("its host name is not valid")
    return host


def _invalid(why: str) -> CallFailed:
    return CallFailed("invalid_url", f"The URL cannot be used: {why}.")
