"""The tables of docs/ and the README that follow from the code. `python -m tests.architecture.docs` writes them again;
a test fails when one is out of date."""

import re
import sys
from pathlib import Path
from typing import Any

from flask import Flask

from message_processing.variables import ARGUMENTS, all_providers
from routes import PREFIX, register_routes
from tests.support.rights import CALLERS, needs_credential, who_may

ROOT = Path(__file__).resolve().parents[2]

# How docs/api.md names who may call a view, by the view's `auth`.
KEYS = {
    "public": "none",
    "caller": "any key, or login",
    "login": "login",
    "business": "business key, or login as {role}",
    "any": "business key, master key, or login as {role}",
    "owner": "login as owner, or master key",
    "master": "master key",
    "optional": "business key, or none",
}


def bare_app() -> Flask:
    """The application's routes and nothing behind them."""
    app = Flask("icmp", static_folder=None)
    register_routes(app)
    return app


def summary_of(view: Any) -> str:
    return (view.__doc__ or "").partition("\n")[0].strip()


def routes_table(app: Flask) -> list[str]:
    rows = ["| route | key | does |", "|---|---|---|"]
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(f"{PREFIX}/") or rule.endpoint.startswith("swagger_ui."):
            continue
        view: Any = app.view_functions[rule.endpoint]
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PREFIX))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            key = KEYS[view.auth].format(role=view.role)
            rows.append(f"| `{method} {path}` | {key} | {summary_of(view).removesuffix('.')} |")
    return rows


def rights_table(app: Flask) -> list[str]:
    """Who may do what, by what the views declare: a row a path and a set of callers."""
    rows = [f"| route | {' | '.join(CALLERS)} |", f"|---|{'---|' * len(CALLERS)}"]
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions[rule.endpoint]
        if not rule.rule.startswith(f"{PREFIX}/") or not getattr(view, "answers", None) or not needs_credential(view):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PREFIX))
        marks = " | ".join("✓" if caller in who_may(view) else "" for caller in CALLERS)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            rows.append(f"| `{method} {path}` | {marks} |")
    return rows


def variables_table() -> list[str]:
    rows = ["| variable (and aliases) | value |", "|---|---|"]
    for provider in all_providers():
        names = ", ".join(f"`{name}`" for name in (provider.name, *provider.aliases))
        rows.append(f"| {names} | {provider.description} |")
    return rows


def arguments_table() -> list[str]:
    return ["| argument | value |", "|---|---|", *(f"| `{name}` | {value} |" for name, value in ARGUMENTS.items())]


def replace_table(text: str, table: list[str]) -> str:
    """The text with the table that has the same head line replaced."""
    lines = text.splitlines()
    start = lines.index(table[0])
    end = next((at for at in range(start, len(lines)) if not lines[at].startswith("|")), len(lines))
    return "\n".join([*lines[:start], *table, *lines[end:]]) + "\n"


def pages() -> dict[Path, str]:
    """What the pages should read."""
    api, variables, readme = ROOT / "docs/api.md", ROOT / "docs/variables.md", ROOT / "README.md"
    return {
        readme: replace_table(readme.read_text(), rights_table(bare_app())),
        api: replace_table(api.read_text(), routes_table(bare_app())),
        variables: replace_table(replace_table(variables.read_text(), variables_table()), arguments_table()),
    }


if __name__ == "__main__":
    for page, text in pages().items():
        if page.read_text() != text:
            page.write_text(text)
            print(f"{page.relative_to(ROOT)} written anew", file=sys.stderr)
