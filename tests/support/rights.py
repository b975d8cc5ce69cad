"""Who may call a view, by what the view declares: the README's table is written from this, and a walk over every route
with every caller shows that it is so."""

from typing import Any

from security.credentials import ROLES

CALLERS = ("viewer", "agent", "owner", "business key", "operator")


def who_may(view: Any) -> tuple[str, ...]:
    """Those of CALLERS whom the view lets in."""
    if view.auth in ("public", "caller"):
        return CALLERS
    if view.auth == "login":
        return (*ROLES, "operator")
    if view.auth == "master":
        return ("operator",)
    roles = ROLES[ROLES.index(view.role) :]
    return (*roles, "operator") if view.auth == "owner" else (*roles, "business key", "operator")


def needs_credential(view: Any) -> bool:
    return view.auth not in ("public", "optional")
