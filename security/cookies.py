"""The attributes of our cookies: `HttpOnly`, `SameSite`, and `Secure` in production.

With COOKIE_SAMESITE=None they are also `Partitioned`: browsers that block third-party cookies reject others.
"""

from flask import Response

from core.context import current_context


def set_cookie(response: Response, name: str, value: str, max_age: int) -> None:
    """Set a cookie that scripts cannot read, for `max_age` seconds."""
    config = current_context().config
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        secure=config.has_secure_cookies,
        samesite=config.cookie_samesite,
        partitioned=config.cookie_samesite == "None",
    )


def delete_cookie(response: Response, name: str) -> None:
    """Delete a cookie. Browsers require the attributes with which it was set."""
    config = current_context().config
    response.delete_cookie(
        name,
        path="/",
        httponly=True,
        secure=config.has_secure_cookies,
        samesite=config.cookie_samesite,
        partitioned=config.cookie_samesite == "None",
    )
