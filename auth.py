"""Authorization decorators. Every view has one; a test fails if a view has none, and another calls every route with
every kind of credential. docs/permissions.md lists the permissions per route.

                              anyone  login  viewer  agent  owner  business key  operator
    public                      x       x      x       x      x         x           x
    require_caller                      x      x       x      x         x           x
    require_login                       x      x       x      x                     x (signed in)
    require_login_if_signup_is_open     x      x       x      x                     x
    require_business_viewer                    x       x      x         x           x
    require_business_agent                             x      x         x           x
    require_business_api_key                                  x         x           x
    require_owner                                             x                     x
    require_api_key                                                                 x

Operators are the master key and staff users with `is_admin`. They specify the business in the path, query or body.
A business key has the permissions of its column if its scope is `full`. `read` limits it to what viewers can GET,
`messages` to the views with `for_messages`. All decorators check the scope, except `public`.

With `require_any_viewer` and `require_any_key` they can omit it; otherwise these are the same as
`require_business_viewer` and `require_business_api_key`. `optional_business_api_key` is the same as
`require_business_api_key`, but also accepts requests without a credential.
"""

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import current_app, g, request

from core.context import current_context
from core.errors import Forbidden, InvalidRequest
from core.validation import is_id, read_json_body, read_text, read_uuid
from core.view_spec import Auth, Role, View, allows_scope, spec_of
from repositories import businesses
from security.credentials import WRITE_METHODS, Caller, authenticate, caller_of_token, find_caller
from security.cross_site import check_origin


def public(view: View) -> View:
    """No credential is needed."""
    return _protect(view, "public", lambda: None)


def require_caller(view: View) -> View:
    """Any valid credential. For routes that concern the credential itself."""
    return _protect(view, "caller", lambda: _check_scope(authenticate()))


def for_messages(view: View) -> View:
    """Allow business keys with the scope `messages` too. Placed below the authorization decorator."""
    spec_of(view).is_for_messages = True
    return view


def require_login(view: View) -> View:
    """Any signed-in user, regardless of role."""

    def check() -> None:
        if authenticate().kind != "login":
            raise Forbidden("This requires a user login.", remediation="Sign in with POST /auth/login.")

    return _protect(view, "login", check)


def require_login_if_signup_is_open(view: View) -> View:
    """Operators, and with SIGNUP=open any signed-in user: what everyone could do by signing up."""

    def check() -> None:
        caller = authenticate()
        if caller.is_operator:
            return
        if caller.kind != "login" or current_context().config.signup != "open":
            raise Forbidden("This requires operator access.", remediation="Ask the operator of this server.")

    return _protect(view, "signup", check)


def require_api_key(view: View) -> View:
    """Operators only: the master key, or a signed-in operator."""

    def check() -> None:
        if not authenticate().is_operator:
            raise Forbidden("This requires operator access.", remediation="Use the master key.")

    return _protect(view, "operator", check)


def require_business_api_key(view: View) -> View:
    """All permissions in a business: its key, its owners, or an operator who specifies it in the path, query or body.
    Sets `g.business_id`."""
    return _protect(view, "business", lambda: _enter_business("owner"), "owner")


def require_business_agent(view: View) -> View:
    """Like `require_business_api_key`, and also the business's agents. For handling conversations."""
    return _protect(view, "business", lambda: _enter_business("agent"), "agent")


def require_business_viewer(view: View) -> View:
    """Like `require_business_agent`, and also the business's viewers. For reading."""
    return _protect(view, "business", lambda: _enter_business("viewer"), "viewer")


def optional_business_api_key(view: View) -> View:
    """Like `require_business_api_key`, but also accepts requests without a credential that specify a business (which
    may not exist). Sets `g.verified` to whether there was a credential. An invalid credential is rejected."""

    def check() -> None:
        g.verified = find_caller() is not None
        if g.verified:
            _enter_business("owner")
            return
        g.business_id = requested_business()
        if g.business_id is None:
            raise InvalidRequest.at("$.business_id", "Required if no key is sent.")

    return _protect(view, "optional", check, "owner")


def require_any_key(view: View) -> View:
    """Like `require_business_api_key`, but operators can omit the business: `g.business_id` may be None."""
    return _protect(view, "business_or_platform", lambda: _enter_business("owner", is_required=False), "owner")


def require_any_viewer(view: View) -> View:
    """Like `require_any_key`, and also the business's viewers. For reading."""
    return _protect(view, "business_or_platform", lambda: _enter_business("viewer", is_required=False), "viewer")


def require_owner(view: View) -> View:
    """The business's signed-in owners, or an operator. Not its key, which could otherwise create further keys."""

    def check() -> None:
        if authenticate().kind == "business":
            raise Forbidden(
                "A business key cannot be used for this.",
                remediation="Sign in as an owner of the business, or use the master key.",
            )
        _enter_business("owner")

    return _protect(view, "owner", check, "owner")


def require_live_viewer(view: View) -> View:
    """Like `require_business_viewer`, for WebSockets. A cookie is only accepted from our own pages and CORS_ORIGINS.
    Without a credential, `g.business_id` is None, and the view calls `enter_with_token`."""

    def check() -> None:
        g.business_id = None
        caller = find_caller()
        if caller is not None:
            if caller.by_cookie:
                check_origin()
            _enter_business("viewer")

    return _protect(view, "business", check, "viewer")


def enter_with_token(token: str) -> None:
    """Authenticate with a bearer token that came after the request. Sets `g.business_id` like
    `require_business_viewer`, and raises the same errors."""
    g.caller = caller_of_token(token)
    _enter_business("viewer")


def _enter_business(minimum: Role, is_required: bool = True) -> None:
    """Set `g.business_id` to the business of the request. Raises Forbidden if it is not the caller's, whether it exists
    or not, and if the caller's role is too low or the scope of their key too small."""
    caller, requested = authenticate(), requested_business()
    if not caller.is_operator and requested not in (None, caller.business_id):
        raise Forbidden("You do not have access to this business.")
    business_id = requested or caller.business_id
    if not caller.has_role(minimum):
        raise Forbidden(
            "You are not a member of a business." if caller.role is None else f"This requires the {minimum} role.",
            remediation="Ask an owner of the business for access.",
        )
    _check_scope(caller)
    if business_id is None and is_required:
        raise InvalidRequest.at("$.business_id", "Operators must specify a business.")
    if business_id is not None and caller.is_operator:
        with current_context().database.transaction() as conn:
            businesses.get_business(conn, business_id)
    g.business_id = business_id


def _check_scope(caller: Caller) -> None:
    """Raises Forbidden if the caller's business key is not for this view."""
    view = current_app.view_functions[request.endpoint or ""]
    if not allows_scope(spec_of(view), request.method, caller.scope):
        raise Forbidden(
            f"This key has the scope `{caller.scope}`, which does not allow this request.",
            remediation="Use a key with the scope `full`.",
        )


def _protect(view: View, auth: Auth, check: Callable[[], object], role: Role | None = None) -> View:
    @functools.wraps(view)
    def protected(**kwargs: Any) -> Any:
        check()
        # Only after authentication, so that anonymous callers cannot even learn whether an id is well-formed.
        read = {
            name: read_uuid(value, f"$.{name}") if is_id(name) else read_text(value, f"$.{name}")
            for name, value in kwargs.items()
        }
        return view(**read)

    spec = spec_of(view)
    spec.auth, spec.role = auth, role
    return protected


def requested_business() -> UUID | None:
    """The business specified in the path, query or body. Raises Forbidden or InvalidRequest if they disagree."""
    found: set[UUID] = set()
    for path, value in _business_ids():
        if not isinstance(value, str):
            raise InvalidRequest.at(path, "Must be a UUID.")
        found.add(read_uuid(value, path))
    if len(found) > 1:
        if authenticate().business_id is not None:  # at least one of them is not the caller's
            raise Forbidden("You do not have access to this business.")
        raise InvalidRequest.at("$.business_id", "The request specifies two different businesses.")
    return next(iter(found), None)


def _business_ids() -> list[tuple[str, Any]]:
    """Every `business_id` of the request, as (path for error details, value)."""
    values: list[tuple[str, Any]] = []
    if (request.view_args or {}).get("business_id"):
        values.append(("$.business_id", (request.view_args or {})["business_id"]))
    values += [("$.business_id", value) for value in request.args.getlist("business_id") if value]
    if request.method in WRITE_METHODS and request.is_json and _has_body():
        body = json_body()
        if isinstance(body, dict) and body.get("business_id") is not None:
            values.append(("$.business_id", body["business_id"]))
    return values


def _has_body() -> bool:
    """Some clients send a content type without a body, for example with DELETE."""
    return bool(request.content_length) or "Transfer-Encoding" in request.headers


def json_body() -> Any:
    """The request's JSON body, parsed once per request. Raises the errors of `read_json_body`."""
    if "json_body" not in g:
        g.json_body = read_json_body(request)
    return g.json_body
