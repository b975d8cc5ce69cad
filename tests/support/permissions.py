"""The callers that a view allows, derived from its declaration. docs/permissions.md is generated from this, and a test
calls every route as every caller to prove it."""

from core.view_spec import Scope, ViewSpec, allows_scope
from security.credentials import ROLES

SCOPES: dict[str, Scope] = {"business key": "full", "messages key": "messages", "read key": "read"}
CALLERS = ("viewer", "agent", "owner", *SCOPES, "operator")


def allowed_callers(spec: ViewSpec, method: str) -> tuple[str, ...]:
    """The members of CALLERS that may call the view with this method."""
    if spec.auth == "public":
        return CALLERS
    keys = tuple(name for name, scope in SCOPES.items() if allows_scope(spec, method, scope))
    if spec.auth == "caller":
        return (*ROLES, *keys, "operator")
    if spec.auth in ("login", "signup"):
        return (*ROLES, "operator")
    if spec.auth == "operator":
        return ("operator",)
    assert spec.role is not None
    roles = ROLES[ROLES.index(spec.role) :]
    return (*roles, "operator") if spec.auth == "owner" else (*roles, *keys, "operator")


def needs_credential(spec: ViewSpec) -> bool:
    """Whether a request without a credential is rejected."""
    return spec.auth not in ("public", "optional")
