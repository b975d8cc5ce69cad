"""The table `business_variables`: a business's own variables for templates."""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row


def insert_variable(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Create a variable and return its ID. Raises Conflict if the name is taken."""
    row = conn.execute(
        """
        INSERT INTO business_variables (business_id, name, value, description)
        VALUES (%(business_id)s, %(name)s, %(value)s, %(description)s)
        RETURNING variable_id
        """,
        {"description": None, **values, "business_id": business_id},
    ).fetchone()
    assert row is not None
    return UUID(str(row["variable_id"]))


def list_variables(conn: Connection, business_id: UUID) -> list[Row]:
    """All variables of the business. There are too few to need pages."""
    return conn.execute(
        """
        SELECT * FROM business_variables WHERE business_id = %(business_id)s ORDER BY created_at, variable_id
        """,
        {"business_id": business_id},
    ).fetchall()


def get_variable(conn: Connection, business_id: UUID, variable_id: UUID) -> Row:
    """One variable. Raises NotFound."""
    row = conn.execute(
        "SELECT * FROM business_variables WHERE business_id = %(business_id)s AND variable_id = %(variable_id)s",
        {"business_id": business_id, "variable_id": variable_id},
    ).fetchone()
    if row is None:
        raise NotFound("Variable not found.")
    return row


def update_variable(conn: Connection, business_id: UUID, variable_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing variable. `values` holds all its columns; returns the changed row."""
    row = conn.execute(
        """
        UPDATE business_variables SET name = %(name)s, value = %(value)s, description = %(description)s,
            updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND variable_id = %(variable_id)s
        RETURNING *
        """,
        {**values, "business_id": business_id, "variable_id": variable_id},
    ).fetchone()
    assert row is not None
    return row


def delete_variable(conn: Connection, business_id: UUID, variable_id: UUID) -> None:
    """Delete a variable."""
    conn.execute(
        "DELETE FROM business_variables WHERE business_id = %(business_id)s AND variable_id = %(variable_id)s",
        {"business_id": business_id, "variable_id": variable_id},
    )
