"""Rejects writes that another site's page makes with our cookies.

Browsers say where a request comes from, in `Origin` or `Sec-Fetch-Site`, and pages cannot change these headers. A
request with neither does not come from a page, so it cannot use a victim's cookies: curl, Postman, servers.
"""

from flask import request

from core.context import current_context
from core.errors import Forbidden


def check_same_site() -> None:
    """Raises Forbidden if the request comes from a page of another site that is not in CORS_ORIGINS."""
    origin, fetch_site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if fetch_site == "same-origin" or (origin is None and fetch_site in (None, "none")):
        return
    if origin in (_own_origin(), *current_context().config.cors_origins):
        return
    raise Forbidden("Cookies are not accepted from this origin.", remediation=_remediation(origin or ""))


def check_origin() -> None:
    """Raises Forbidden unless the request comes from one of our own pages, or from an origin in CORS_ORIGINS. For
    WebSockets, which browsers open for any page, and whose frames that page could read."""
    origin = request.headers.get("Origin")
    if origin not in (_own_origin(), *current_context().config.cors_origins):
        raise Forbidden("Cookies are not accepted from this origin.", remediation=_remediation(origin or ""))


def _own_origin() -> str:
    """As browsers send it: unlike in `request.host_url`, international host names are encoded."""
    return f"{request.scheme}://{request.host}"


def _remediation(origin: str) -> str:
    is_behind_proxy = (origin, request.scheme) == (f"https://{request.host}", "http") or any(
        name in request.headers for name in ("X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded")
    )
    if current_context().config.trusted_proxies == 0 and is_behind_proxy:
        return "If a proxy in front of this server terminates TLS, set TRUSTED_PROXIES to the number of proxies."
    return "Send the key as a bearer token, or add the origin to CORS_ORIGINS."
