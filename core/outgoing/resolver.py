"""Looks up the addresses of a host, within a time limit."""

import socket
from collections.abc import Callable
from ipaddress import ip_address

from core.concurrency import call_within, getaddrinfo
from core.outgoing.addresses import Address
from core.outgoing.failures import CallFailed

Resolver = Callable[[str, int], list[str]]
"""Returns the addresses of a host name. Raises OSError."""


def resolve(host: str, port: int) -> list[str]:
    """Returns the addresses that the operating system knows, from DNS or a file."""
    return [str(info[4][0]) for info in getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def addresses_of(host: str, port: int, seconds: float, resolver: Resolver = resolve) -> list[Address]:
    """Returns the addresses of a name, or of an IP address in any spelling (127.1, 0x7f000001).

    Raises CallFailed, or TimeoutError after `seconds`.
    """
    try:
        found = getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        texts = [str(info[4][0]) for info in found]
    except OSError:  # it is a name
        try:
            texts = call_within(seconds, resolver, host, port)
        except TimeoutError:
            raise
        except (OSError, UnicodeError) as error:
            raise CallFailed("dns", "The host name cannot be resolved.") from error
    addresses = list(dict.fromkeys(ip_address(text.partition("%")[0]) for text in texts))
    if not addresses:
        raise CallFailed("dns", "The host name has no address.")
    return addresses
