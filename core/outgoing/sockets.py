"""Connections to servers that do not speak HTTP, such as those of e-mail."""

import socket

from core.outgoing.client import OutgoingClient
from core.outgoing.failures import CallFailed
from core.outgoing.urls import server_target
from core.timed_http import seconds_left, set_deadline

_CONNECT_TIMEOUT = 4.0  # seconds per address
_MAX_ADDRESSES = 3  # that are tried


def open_socket(client: OutgoingClient, business_id: str, host: str, port: int, seconds: float) -> socket.socket:
    """Returns a connection to a public address or an allowed host, within `seconds`, which are also its timeout for
    each operation. Raises CallFailed."""
    target = server_target(host, port)
    set_deadline(seconds)
    try:
        addresses = client.checked_addresses(business_id, target)[:_MAX_ADDRESSES]
        for address in addresses[:-1]:
            try:
                return _open(str(address), port, seconds)
            except OSError:
                continue
        return _open(str(addresses[-1]), port, seconds)
    except TimeoutError as error:
        raise CallFailed("timeout", "The server did not answer in time.") from error
    except OSError as error:
        raise CallFailed("connection", "The server is unreachable.") from error


def _open(address: str, port: int, seconds: float) -> socket.socket:
    connection = socket.create_connection((address, port), min(seconds_left(), _CONNECT_TIMEOUT))
    connection.settimeout(seconds)
    return connection
