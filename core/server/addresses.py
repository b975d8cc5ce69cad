"""The addresses that the server listens on."""

import errno
import os
import socket
from typing import Any

from core.settings import StartupError


def check_addresses(addresses: list[Any]) -> None:
    """Raises StartupError for an address that cannot be used. gunicorn itself would retry for a while and then explain
    less."""
    if "GUNICORN_FD" in os.environ or "LISTEN_FDS" in os.environ:
        return  # the server inherits open sockets
    for address in addresses:
        if not isinstance(address, tuple):
            continue  # a Unix socket or a file descriptor
        host, port = address[:2]
        try:
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise StartupError(
                    f"HOST must be an address of this machine, not {host!r} ({error.strerror})."
                ) from error
            raise StartupError(
                f"port {port} of {host} cannot be used ({error.strerror}): set PORT to another port."
            ) from error


def url_of(address: Any) -> str:
    """The URL that reaches the server from this machine."""
    if not isinstance(address, tuple):
        return str(address)
    host, port = address[:2]
    host = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - a comparison
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
