"""Links for people, and the error that asks for one."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

from core.context import current_context
from core.errors import Conflict


def page_link(path: str) -> str:
    """The absolute URL of a page such as `app/login`. Raises Conflict if the server's address is not known: anyone can
    send any Host header, so it counts only behind a trusted proxy, or if it is this computer."""
    config = current_context().config
    if config.public_url:
        return f"{config.public_url}/{path}"
    if config.trusted_proxies or _is_this_computer(urlsplit(request.host_url).hostname or ""):
        return request.host_url + path
    raise Conflict("The public address of this server is not known.", remediation="Set PUBLIC_URL, then try again.")


def unverified_account() -> Conflict:
    """The error if an account must not get further permissions, because its password may have been set by a person who
    does not own its address."""
    return Conflict(
        "The address of this account is not verified.",
        remediation="Create a link with POST /users/{user_id}/invitation and send it to the address. Try again once it"
        " was used.",
    )


def _is_this_computer(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
