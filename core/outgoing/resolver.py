"""Looks up the addresses of a host, within a time limit."""

import socket
import threading
import time
from collections.abc import Callable
from ipaddress import ip_address

from core.concurrency import call_within, getaddrinfo
from core.fair_semaphore import FairSemaphore
from core.outgoing.addresses import Address
from core.outgoing.failures import CallFailed

Resolver = Callable[[str, int], list[str]]
"""Returns the addresses of a host name. Raises OSError."""
MAX_LOOK_UPS = 8  # of one business at the same time, so that slow name servers of one do not delay the others


def resolve(host: str, port: int) -> list[str]:
    """Returns the addresses that the operating system knows, from DNS or a file."""
    return [str(info[4][0]) for info in getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class LookUps:
    """Looks up addresses for all businesses. Thread-safe."""

    def __init__(self, resolver: Resolver = resolve) -> None:
        self._resolver = resolver
        self._lock = threading.Lock()
        self._slots: dict[str, FairSemaphore] = {}  # by business

    def addresses_of(self, business_id: str, host: str, port: int, seconds: float) -> list[Address]:
        """Returns the addresses of a name, or of an IP address in any spelling (127.1, 0x7f000001).

        Raises CallFailed, or TimeoutError after `seconds`.
        """
        try:
            found = getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
            texts = [str(info[4][0]) for info in found]
        except OSError:  # it is a name
            texts = self._look_up(business_id, host, port, seconds)
        addresses = list(dict.fromkeys(ip_address(text.partition("%")[0]) for text in texts))
        if not addresses:
            raise CallFailed("dns", "The host name has no address.")
        return addresses

    def _look_up(self, business_id: str, host: str, port: int, seconds: float) -> list[str]:
        deadline = time.monotonic() + seconds
        with self._lock:
            slots = self._slots.setdefault(business_id, FairSemaphore(MAX_LOOK_UPS))
        if not slots.acquire(seconds):
            raise TimeoutError
        try:
            return call_within(max(deadline - time.monotonic(), 0.0), self._resolver, host, port)
        except TimeoutError:
            raise
        except (OSError, UnicodeError) as error:
            raise CallFailed("dns", "The host name cannot be resolved.") from error
        finally:
            slots.release()
