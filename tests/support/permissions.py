"""The callers that a view allows, derived from its declaration. docs/permissions.md is generated from this, and a test
calls every route as every caller to prove it."""

from core.view_spec import ViewSpec
from security.credentials import ROLES

CALLERS = ("viewer", "agent", "owner", "business key", "operator")


def allowed_callers(spec: ViewSpec) -> tuple[str, ...]:
    """The members of CALLERS that may call the view."""
    if spec.auth in ("public", "caller"):
        return CALLERS
    if spec.auth == "login":
        return (*ROLES, "operator")
    if spec.auth == "operator":
        return ("operator",)
    assert spec.role is not None
    roles = ROLES[ROLES.index(spec.role) :]
    return (*roles, "operator") if spec.auth == "owner" else (*roles, "business key", "operator")


def needs_credential(spec: ViewSpec) -> bool:
    """Whether a request without a credential is rejected."""
    return spec.auth not in ("public", "optional")
