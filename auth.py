"""The decorators that say who may: every view carries one. A test fails when one does not, and another walks every
route as every caller. (SPEC 6)

                              public  login  viewer  agent  owner  business key  operator (master key, is_admin)
    public                      x       x      x       x      x         x           x
    require_caller                      x      x       x      x         x           x
    require_login                       x      x       x      x                     x (signed in)
    require_business_viewer                    x       x      x         x           x
    require_business_agent                             x      x         x           x
    require_business_api_key                                  x         x           x
    require_owner                                             x                     x
    require_api_key                                                                 x

`require_any_viewer` and `require_any_key` are as their siblings, where an operator need not name a business;
`optional_business_api_key` is as `require_business_api_key`, where no credential will do too.
"""

import functools
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from flask import current_app, g, request

from core.errors import Forbidden, InvalidRequest
from core.validation import read_json_body, read_text, read_uuid
from db import Database
from repositories import businesses
from security.credentials import WRITES, Role, authenticate, find_caller

View = Callable[..., Any]


def public(view: View) -> View:
    """Anybody may."""
    return _declare(view, "public", lambda: None)


def require_caller(view: View) -> View:
    """Anybody with a good credential, for what concerns the credential itself."""
    return _declare(view, "caller", lambda: authenticate())


def require_login(view: View) -> View:
    """Somebody who signed in, whatever their role."""

    def check() -> None:
        if authenticate().kind != "login":
            raise Forbidden("Only somebody who signed in may do this.", remediation="Sign in with POST /auth/login.")

    return _declare(view, "login", check)


def require_api_key(view: View) -> View:
    """Operators only: the master key, or one of the staff who is an operator."""

    def check() -> None:
        if not authenticate().is_operator:
            raise Forbidden("Only operators may do this.", remediation="Use the master key.")

    return _declare(view, "master", check)


def require_business_api_key(view: View) -> View:
    """All rights in a business: its key, its owners, or an operator who names it in path, query or body.
    `g.business_id` is the business."""
    return _declare(view, "business", lambda: _enter_business("owner"), "owner")


def require_business_agent(view: View) -> View:
    """As `require_business_api_key`, and the business's agents: its conversations."""
    return _declare(view, "business", lambda: _enter_business("agent"), "agent")


def require_business_viewer(view: View) -> View:
    """As `require_business_agent`, and the business's viewers: reading."""
    return _declare(view, "business", lambda: _enter_business("viewer"), "viewer")


def optional_business_api_key(view: View) -> View:
    """Anybody who names a business, which need not exist, and whoever `require_business_api_key` lets in: `g.verified`
    tells which. A credential that is no good is refused all the same."""

    def check() -> None:
        g.verified = find_caller() is not None
        if g.verified:
            _enter_business("owner")
            return
        g.business_id = named_business()
        if g.business_id is None:
            raise InvalidRequest.at("$.business_id", "Without a key, name the business that this is for.")

    return _declare(view, "optional", check, "owner")


def require_any_key(view: View) -> View:
    """As `require_business_api_key`, where an operator may name a business or none: `g.business_id` may be None."""
    return _declare(view, "any", lambda: _enter_business("owner", must_name=False), "owner")


def require_any_viewer(view: View) -> View:
    """As `require_any_key`, and the business's viewers: reading."""
    return _declare(view, "any", lambda: _enter_business("viewer", must_name=False), "viewer")


def require_owner(view: View) -> View:
    """The business's owners, signed in, or an operator. Not its key, which could make itself another."""

    def check() -> None:
        if authenticate().kind == "business":
            raise Forbidden(
                "A business's key may not do this.",
                remediation="Sign in as an owner of the business, or use the master key.",
            )
        _enter_business("owner")

    return _declare(view, "owner", check, "owner")


def _enter_business(least: Role, must_name: bool = True) -> None:
    """Set `g.business_id`, the business that the request is for. Raises Forbidden for another business than the
    caller's, whether it exists or not, and for a role that is too small."""
    caller, named = authenticate(), named_business()
    if not caller.is_operator and named not in (None, caller.business_id):
        raise Forbidden("This business is not yours.")
    business_id = named or caller.business_id
    if not caller.has_role(least):
        raise Forbidden(
            "You are not a member of a business." if caller.role is None else f"This needs the role {least}.",
            remediation="Ask an owner of the business.",
        )
    if business_id is None and must_name:
        raise InvalidRequest.at("$.business_id", "As an operator, name the business that this is for.")
    if business_id is not None and caller.is_operator:
        with _database().transaction() as conn:
            businesses.get_business(conn, business_id)
    g.business_id = business_id


def _declare(view: View, auth: str, check: Callable[[], object], role: Role | None = None) -> View:
    @functools.wraps(view)
    def checked(**kwargs: Any) -> Any:
        check()
        # After the caller is known: an anonymous one learns nothing, not even that an id is malformed.
        read = {
            name: read_uuid(value, f"$.{name}") if name.endswith("_id") else read_text(value, f"$.{name}")
            for name, value in kwargs.items()
        }
        return view(**read)

    checked.auth, checked.role = auth, role  # type: ignore[attr-defined]
    return checked


def named_business() -> UUID | None:
    """The business that the request names in its path, query or body; naming two different ones is a mistake."""
    named: set[UUID] = set()
    for where, text in _places_of_business():
        if not isinstance(text, str):
            raise InvalidRequest.at(where, "This is not a UUID.")
        named.add(read_uuid(text, where))
    if len(named) > 1:
        if authenticate().business_id is not None:  # one of them, at least, is not the caller's
            raise Forbidden("This business is not yours.")
        raise InvalidRequest.at("$.business_id", "The request names two different businesses.")
    return next(iter(named), None)


def _places_of_business() -> list[tuple[str, Any]]:
    places: list[tuple[str, Any]] = []
    if (request.view_args or {}).get("business_id"):
        places.append(("$.business_id", (request.view_args or {})["business_id"]))
    if request.args.get("business_id"):
        places.append(("$.business_id", request.args["business_id"]))
    if request.method in WRITES and request.is_json and _has_body():
        body = json_body()
        if isinstance(body, dict) and body.get("business_id") is not None:
            places.append(("$.business_id", body["business_id"]))
    return places


def _has_body() -> bool:
    """Clients that send no body, as with DELETE, may name a type all the same."""
    return bool(request.content_length) or "Transfer-Encoding" in request.headers


def json_body() -> Any:
    """The request's body, read and checked once."""
    if "json_body" not in g:
        g.json_body = read_json_body(request)
    return g.json_body


def _database() -> Database:
    return cast(Database, current_app.extensions["icmp"].database)
