"""Generates the tables in docs/ from the code. Run `python -m tests.architecture.docs` to update them; a test fails if
one is out of date."""

import re
import sys
from pathlib import Path

from flask import Flask

from core.view_spec import View, spec_of
from message_processing.variables import ARGUMENTS, all_providers
from routes import PREFIX, register_routes
from tests.support.permissions import CALLERS, allowed_callers, needs_credential

ROOT = Path(__file__).resolve().parents[2]

# How docs/api.md describes each value of `ViewSpec.auth`.
ACCESS = {
    "public": "anyone",
    "caller": "any credential",
    "login": "any login",
    "signup": "operator; any login if `SIGNUP` is `open`",
    "business": "{role}, business key",
    "business_or_platform": "{role}, business key, operator without a business",
    "owner": "owner",
    "operator": "operator",
    "optional": "business key, anyone",
}


def bare_app() -> Flask:
    """An application with routes only: no database, no application context."""
    app = Flask("icmp", static_folder=None)
    register_routes(app)
    return app


def summary_of(view: View) -> str:
    """The first line of the view's docstring."""
    return (view.__doc__ or "").partition("\n")[0].strip()


def routes_table(app: Flask) -> list[str]:
    """All routes below /api/v1, for docs/api.md."""
    rows = ["| route | access | description |", "|---|---|---|"]
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(f"{PREFIX}/") or rule.endpoint.startswith("swagger_ui."):
            continue
        view = app.view_functions[rule.endpoint]
        spec = spec_of(view)
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PREFIX))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            access = ACCESS[spec.auth or ""].format(role=spec.role)
            rows.append(f"| `{method} {path}` | {access} | {summary_of(view).removesuffix('.')} |")
    return rows


def permissions_table(app: Flask) -> list[str]:
    """One row per route that needs a credential, one column per kind of caller, for docs/permissions.md."""
    rows = [f"| route | {' | '.join(CALLERS)} |", f"|---|{'---|' * len(CALLERS)}"]
    for rule in app.url_map.iter_rules():
        spec = spec_of(app.view_functions[rule.endpoint])
        if not rule.rule.startswith(f"{PREFIX}/") or not spec.responses or not needs_credential(spec):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PREFIX))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            marks = " | ".join("✓" if caller in allowed_callers(spec, method) else "" for caller in CALLERS)
            rows.append(f"| `{method} {path}` | {marks} |")
    return rows


def variables_table() -> list[str]:
    """The built-in template variables, for docs/variables.md."""
    rows = ["| variable (and aliases) | value |", "|---|---|"]
    for provider in all_providers():
        names = ", ".join(f"`{name}`" for name in (provider.name, *provider.aliases))
        rows.append(f"| {names} | {provider.description} |")
    return rows


def arguments_table() -> list[str]:
    """The arguments of variable providers, for docs/variables.md."""
    return ["| argument | value |", "|---|---|", *(f"| `{name}` | {value} |" for name, value in ARGUMENTS.items())]


def replace_table(text: str, table: list[str]) -> str:
    """The text with the table that has the same header row replaced."""
    lines = text.splitlines()
    start = lines.index(table[0])
    end = next((at for at in range(start, len(lines)) if not lines[at].startswith("|")), len(lines))
    return "\n".join([*lines[:start], *table, *lines[end:]]) + "\n"


def pages() -> dict[Path, str]:
    """The expected content of every page with generated tables."""
    api, permissions, variables = (ROOT / "docs" / name for name in ("api.md", "permissions.md", "variables.md"))
    return {
        permissions: replace_table(permissions.read_text(), permissions_table(bare_app())),
        api: replace_table(api.read_text(), routes_table(bare_app())),
        variables: replace_table(replace_table(variables.read_text(), variables_table()), arguments_table()),
    }


if __name__ == "__main__":
    for page, text in pages().items():
        if page.read_text() != text:
            page.write_text(text)
            print(f"{page.relative_to(ROOT)} updated", file=sys.stderr)
