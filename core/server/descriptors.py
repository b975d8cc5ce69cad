"""File descriptors: each connection to a client, a model server or the database needs one."""

import resource
from contextlib import suppress

_MAX = 65_536  # where the hard limit is infinite, which some systems do not accept as a soft limit
_OTHERS = 100  # for the database, listeners, logs and files
_PER_REQUEST = 4  # the client's connection, and three model calls at the same time (`speculation: full`)


def raise_limit() -> None:
    """Raise the limit of open descriptors of this process and its children as far as it may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX if hard == resource.RLIM_INFINITY else hard, hard))


def max_connections() -> int:
    """How many clients can be connected to this process while descriptors remain for their model calls."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft = _MAX if soft == resource.RLIM_INFINITY else soft
    return max(10, (soft - _OTHERS) // _PER_REQUEST)
