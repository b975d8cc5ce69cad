"""The table `agents`: AI or human personas that can be assigned to stages."""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from repositories.page import Page


def insert_agent(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Create an agent and return its ID. Raises Conflict if the name is taken."""
    row = conn.execute(
        """
        INSERT INTO agents (business_id, agent_name, agent_type, description)
        VALUES (%(business_id)s, %(agent_name)s, %(agent_type)s, %(description)s)
        RETURNING agent_id
        """,
        {"agent_type": "ai", "description": None, **values, "business_id": business_id},
    ).fetchone()
    assert row is not None
    return UUID(str(row["agent_id"]))


def list_agents(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's agents."""
    return conn.execute(
        """
        SELECT * FROM agents
        WHERE business_id = %(business_id)s AND (created_at, agent_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, agent_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def get_agent(conn: Connection, business_id: UUID, agent_id: UUID) -> Row:
    """One agent. Raises NotFound."""
    row = conn.execute(
        "SELECT * FROM agents WHERE business_id = %(business_id)s AND agent_id = %(agent_id)s",
        {"business_id": business_id, "agent_id": agent_id},
    ).fetchone()
    if row is None:
        raise NotFound("Agent not found.")
    return row


def update_agent(conn: Connection, business_id: UUID, agent_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing agent. `values` holds all its columns; returns the changed row."""
    row = conn.execute(
        """
        UPDATE agents SET agent_name = %(agent_name)s, agent_type = %(agent_type)s, description = %(description)s,
            updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND agent_id = %(agent_id)s
        RETURNING *
        """,
        {**values, "business_id": business_id, "agent_id": agent_id},
    ).fetchone()
    assert row is not None
    return row


def delete_agent(conn: Connection, business_id: UUID, agent_id: UUID) -> None:
    """Delete an agent. Its stages and conversations remain, without an agent."""
    conn.execute(
        "DELETE FROM agents WHERE business_id = %(business_id)s AND agent_id = %(agent_id)s",
        {"business_id": business_id, "agent_id": agent_id},
    )
