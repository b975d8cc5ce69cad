"""Requests that create or update the row with a name of the business's own."""

from typing import Any

from flask import Response, g, jsonify

from core.errors import InvalidRequest
from core.names import has_visible_character
from db import Connection, Row
from routes.editing import audit, changed_fields


def check_name(field: str, name: str, max_length: int) -> None:
    """Raises InvalidRequest unless the name in the path is also valid in a body."""
    if not name.strip() or len(name) > max_length:
        raise InvalidRequest.at(f"$.{field}", f"Must have 1 to {max_length} characters.")
    if not has_visible_character(name):
        raise InvalidRequest.at(f"$.{field}", "Must contain a visible character.")


def upsert_response(
    conn: Connection, resource: str, body: dict[str, Any], before: Row | None, row: Row
) -> tuple[Response, int]:
    """The row: with 201 if it is new, otherwise with 200. Records the change in the audit log."""
    row_id = row[f"{resource}_id"]
    if before is None:
        audit(conn, g.business_id, "create", resource, row_id, body)
        return jsonify(row), 201
    changed = changed_fields(before, row)
    if changed:
        audit(conn, g.business_id, "update", resource, row_id, changed)
    return jsonify(row), 200
