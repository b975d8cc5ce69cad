"""Loads the shipped default templates, one file per type in `templates/`, as the platform's `default_*` templates.

A file contains the system prompt, a line of three dashes, and the content.
"""

import hashlib
from pathlib import Path

from db import Connection
from repositories import templates

FOLDER = Path(__file__).parents[2] / "templates"
_SUFFIX = "_template.txt"


def load_default_templates(conn: Connection) -> None:
    """Updates the platform's defaults to those of this version, except those that an operator has edited."""
    templates.lock_defaults(conn)
    for path in sorted(FOLDER.glob(f"*{_SUFFIX}")):
        text = path.read_text()
        system_prompt, _, content = text.partition("\n---\n")
        template_type = path.name.removesuffix(_SUFFIX)
        name = f"Default {template_type.replace('_', ' ')}"
        shipped_hash = hashlib.sha256(text.encode()).hexdigest()
        templates.ship_default(conn, template_type, name, content.strip(), system_prompt.strip(), shipped_hash)
