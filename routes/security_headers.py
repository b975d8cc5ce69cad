"""Security headers of all responses. A view that needs others sets them itself."""

from flask import Flask, Response, request

_ONE_YEAR = 31_536_000
# For responses other than pages. If a browser shows one, nothing in it runs, and no page can embed it.
_NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def register_security_headers(app: Flask) -> None:
    """Adds the hook that runs after each request."""
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Content-Security-Policy", _NOTHING_ALLOWED)
    headers.setdefault("Referrer-Policy", "same-origin")
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"
    return response
