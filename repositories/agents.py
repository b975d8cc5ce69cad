"""The table `agents`: AI or human personas that can be assigned to stages."""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, Row
from repositories.page import Page


def insert_agent(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Create an agent and return its ID."""
    row = conn.execute(
        """
        INSERT INTO agents (business_id, agent_name, agent_type, description, instructions, languages, working_hours)
        VALUES (%(business_id)s, %(agent_name)s, %(agent_type)s, %(description)s, %(instructions)s,
            %(languages)s::text[], %(working_hours)s)
        RETURNING agent_id
        """,
        _parameters(business_id, values),
    ).fetchone()
    assert row is not None
    return UUID(str(row["agent_id"]))


def list_agents(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's agents, with the IDs of their members as member_ids."""
    return conn.execute(
        """
        SELECT a.*, ARRAY(
                   SELECT m.user_id FROM agent_members m
                   WHERE m.business_id = %(business_id)s AND m.agent_id = a.agent_id ORDER BY m.user_id) AS member_ids
        FROM agents a
        WHERE a.business_id = %(business_id)s AND (a.created_at, a.agent_id) > (%(after_time)s, %(after_id)s)
        ORDER BY a.created_at, a.agent_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def get_agent(conn: Connection, business_id: UUID, agent_id: UUID) -> Row:
    """One agent, with its member_ids. Raises NotFound."""
    row = conn.execute(
        """
        SELECT a.*, ARRAY(
                   SELECT m.user_id FROM agent_members m
                   WHERE m.business_id = %(business_id)s AND m.agent_id = a.agent_id ORDER BY m.user_id) AS member_ids
        FROM agents a WHERE a.business_id = %(business_id)s AND a.agent_id = %(agent_id)s
        """,
        {"business_id": business_id, "agent_id": agent_id},
    ).fetchone()
    if row is None:
        raise NotFound("Agent not found.")
    return row


def update_agent(conn: Connection, business_id: UUID, agent_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing agent. `values` holds all its columns; returns the changed row."""
    conn.execute(
        """
        UPDATE agents SET agent_name = %(agent_name)s, agent_type = %(agent_type)s, description = %(description)s,
            instructions = %(instructions)s, languages = %(languages)s::text[], working_hours = %(working_hours)s,
            updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND agent_id = %(agent_id)s
        """,
        {**_parameters(business_id, values), "agent_id": agent_id},
    )
    return get_agent(conn, business_id, agent_id)


def replace_members(conn: Connection, business_id: UUID, agent_id: UUID, member_ids: list[UUID]) -> None:
    """Give the agent exactly these members, who are assigned its conversations in turn. Raises NotFound if one is
    not a member of the business."""
    parameters = {"business_id": business_id, "agent_id": agent_id, "member_ids": member_ids}
    conn.execute(
        """
        DELETE FROM agent_members
        WHERE business_id = %(business_id)s AND agent_id = %(agent_id)s AND user_id <> ALL (%(member_ids)s::uuid[])
        """,
        parameters,
    )
    conn.execute(
        """
        INSERT INTO agent_members (business_id, agent_id, user_id)
        SELECT %(business_id)s, %(agent_id)s, unnest(%(member_ids)s::uuid[])
        ON CONFLICT DO NOTHING
        """,
        parameters,
    )


def delete_agent(conn: Connection, business_id: UUID, agent_id: UUID) -> None:
    """Delete an agent. Its stages and conversations remain. The next agent of a stage, if it lists several, becomes its
    first one."""
    conn.execute(
        """
        UPDATE stages s SET agent_id = (
            SELECT a.agent_id FROM stage_agents a
            WHERE a.business_id = %(business_id)s AND a.stage_id = s.stage_id AND a.agent_id <> %(agent_id)s
            ORDER BY a.position LIMIT 1)
        WHERE s.business_id = %(business_id)s AND s.agent_id = %(agent_id)s
        """,
        {"business_id": business_id, "agent_id": agent_id},
    )
    conn.execute(
        "DELETE FROM agents WHERE business_id = %(business_id)s AND agent_id = %(agent_id)s",
        {"business_id": business_id, "agent_id": agent_id},
    )


def _parameters(business_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    working_hours = values.get("working_hours")
    return {
        "agent_type": "ai",
        "description": None,
        "instructions": None,
        "languages": [],
        **values,
        "business_id": business_id,
        "working_hours": None if working_hours is None else Jsonb(working_hours),
    }
