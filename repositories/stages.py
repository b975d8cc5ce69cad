"""The table `stages`."""

from typing import Any
from uuid import UUID

from psycopg2.errors import ForeignKeyViolation

from core.errors import Conflict, NotFound
from core.names import name_key
from db import Connection, Jsonb, Row
from repositories.page import Page, fetch_page


def insert_stage(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Create a stage and return its ID. `agents` of the values is its list of agents, see `replace_agents`.

    Raises Conflict if the name is taken, NotFound if the agent or a template belongs to another business.
    """
    row = conn.execute(
        """
        INSERT INTO stages (business_id, agent_id, stage_name, name_key, stage_description, stage_type,
            stage_selection_template_id, data_extraction_template_id, response_generation_template_id,
            extraction_schema, data_retrieval, actions, example_messages, fixed_reply, fixed_reply_translations,
            confidence_threshold, position, is_active)
        VALUES (%(business_id)s, %(agent_id)s, %(stage_name)s, %(name_key)s, %(stage_description)s, %(stage_type)s,
            %(stage_selection_template_id)s, %(data_extraction_template_id)s, %(response_generation_template_id)s,
            %(extraction_schema)s, %(data_retrieval)s, %(actions)s, %(example_messages)s, %(fixed_reply)s,
            %(fixed_reply_translations)s, %(confidence_threshold)s,
            COALESCE(%(position)s, (SELECT COALESCE(max(position) + 1, 0) FROM stages
                                    WHERE business_id = %(business_id)s)), %(is_active)s)
        RETURNING stage_id
        """,
        _parameters(business_id, values),
    ).fetchone()
    assert row is not None
    stage_id = UUID(str(row["stage_id"]))
    replace_agents(conn, business_id, stage_id, values.get("agents", []))
    return stage_id


def list_stages(conn: Connection, business_id: UUID, page: Page, agent_id: UUID | None) -> list[Row]:
    """The business's stages, or only those that an agent is listed in."""
    return fetch_page(
        conn,
        """
        SELECT stage_id, business_id, agent_id, stage_name, stage_description, stage_type,
               stage_selection_template_id, data_extraction_template_id, response_generation_template_id,
               extraction_schema, data_retrieval, actions, example_messages, fixed_reply, fixed_reply_translations,
               confidence_threshold, position, is_active, version, created_at, updated_at,
               agents_of_stage_v1(business_id, stage_id, agent_id) AS agents
        FROM stages
        WHERE business_id = %(business_id)s
          AND (%(agent_id)s::uuid IS NULL OR agent_id = %(agent_id)s OR stage_id IN (
              SELECT a.stage_id FROM stage_agents a
              WHERE a.business_id = %(business_id)s AND a.agent_id = %(agent_id)s))
          AND (created_at, stage_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, stage_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id, "agent_id": agent_id},
    )


def list_names(conn: Connection, business_id: UUID, without: UUID | None = None) -> list[str]:
    """The names of all stages of the business, except the one `without`."""
    rows = conn.execute(
        """
        SELECT stage_name FROM stages
        WHERE business_id = %(business_id)s AND stage_id IS DISTINCT FROM %(without)s
        """,
        {"business_id": business_id, "without": without},
    ).fetchall()
    return [row["stage_name"] for row in rows]


def find_stage(conn: Connection, business_id: UUID, stage_name: str) -> UUID | None:
    """The ID of the stage with this name; None if there is none."""
    row = conn.execute(
        "SELECT stage_id FROM stages WHERE business_id = %(business_id)s AND stage_name = %(stage_name)s",
        {"business_id": business_id, "stage_name": stage_name},
    ).fetchone()
    return row["stage_id"] if row else None


def get_stage(conn: Connection, business_id: UUID, stage_id: UUID) -> Row:
    """One stage. Raises NotFound."""
    row = conn.execute(
        """
        SELECT stage_id, business_id, agent_id, stage_name, stage_description, stage_type,
               stage_selection_template_id, data_extraction_template_id, response_generation_template_id,
               extraction_schema, data_retrieval, actions, example_messages, fixed_reply, fixed_reply_translations,
               confidence_threshold, position, is_active, version, created_at, updated_at,
               agents_of_stage_v1(business_id, stage_id, agent_id) AS agents
        FROM stages WHERE business_id = %(business_id)s AND stage_id = %(stage_id)s
        """,
        {"business_id": business_id, "stage_id": stage_id},
    ).fetchone()
    if row is None:
        raise NotFound("Stage not found.")
    return row


def update_stage(conn: Connection, business_id: UUID, stage_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing stage. `values` holds all its columns and its list of agents; returns the changed row."""
    replace_agents(conn, business_id, stage_id, values["agents"])
    row = conn.execute(
        """
        UPDATE stages SET agent_id = %(agent_id)s, stage_name = %(stage_name)s, name_key = %(name_key)s,
            stage_description = %(stage_description)s, stage_type = %(stage_type)s,
            stage_selection_template_id = %(stage_selection_template_id)s,
            data_extraction_template_id = %(data_extraction_template_id)s,
            response_generation_template_id = %(response_generation_template_id)s,
            extraction_schema = %(extraction_schema)s, data_retrieval = %(data_retrieval)s,
            actions = %(actions)s, example_messages = %(example_messages)s, fixed_reply = %(fixed_reply)s,
            fixed_reply_translations = %(fixed_reply_translations)s, confidence_threshold = %(confidence_threshold)s,
            position = %(position)s, is_active = %(is_active)s, version = version + 1, updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND stage_id = %(stage_id)s
        RETURNING stage_id, business_id, agent_id, stage_name, stage_description, stage_type,
                  stage_selection_template_id, data_extraction_template_id, response_generation_template_id,
                  extraction_schema, data_retrieval, actions, example_messages, fixed_reply, fixed_reply_translations,
                  confidence_threshold, position, is_active, version, created_at, updated_at,
               agents_of_stage_v1(business_id, stage_id, agent_id) AS agents
        """,
        {**_parameters(business_id, values), "stage_id": stage_id},
    ).fetchone()
    assert row is not None
    return row


def reorder(conn: Connection, business_id: UUID, stage_ids: list[UUID]) -> list[UUID]:
    """Number the stages in this order; those that are not listed follow in their present order. Returns the IDs of the
    stages whose position has changed. Raises NotFound if one of the stages does not exist."""
    parameters = {"business_id": business_id, "stage_ids": stage_ids}
    row = conn.execute(
        """
        SELECT count(*) AS known FROM stages
        WHERE business_id = %(business_id)s AND stage_id = ANY(%(stage_ids)s::uuid[])
        """,
        parameters,
    ).fetchone()
    if row is None or row["known"] < len(stage_ids):
        raise NotFound("Stage not found.")
    rows = conn.execute(
        """
        WITH numbered AS (
            SELECT s.stage_id, row_number() OVER (
                ORDER BY array_position(%(stage_ids)s::uuid[], s.stage_id) NULLS LAST, s.position, s.created_at,
                         s.stage_id) - 1 AS position
            FROM stages s WHERE s.business_id = %(business_id)s)
        UPDATE stages SET position = numbered.position, version = version + 1, updated_at = clock_timestamp()
        FROM numbered
        WHERE stages.business_id = %(business_id)s AND stages.stage_id = numbered.stage_id
          AND stages.position <> numbered.position
        RETURNING stages.stage_id
        """,
        parameters,
    ).fetchall()
    return [row["stage_id"] for row in rows]


def list_transitions(conn: Connection, business_id: UUID, max_turns: int, *, with_tests: bool) -> list[Row]:
    """How often the latest `max_turns` answered messages led from one stage to another, or stayed in it, the most
    frequent first: from_stage_id (None: the message started the conversation), to_stage_id, turns, since.

    Stages that have been deleted are left out. Reads a limited number of turns in the order of the primary key, so it
    costs the same for a business with millions of them.
    """
    return conn.execute(
        """
        WITH latest AS (
            SELECT conversation_id, stage_before, stage_id, created_at FROM turns
            WHERE business_id = %(business_id)s AND status = 'completed'
            ORDER BY turn_id DESC LIMIT %(max_turns)s),
        grouped AS (
            SELECT conversation_id, stage_before, stage_id, count(*) AS turns, min(created_at) AS since
            FROM latest GROUP BY conversation_id, stage_before, stage_id)
        SELECT l.stage_before AS from_stage_id, l.stage_id AS to_stage_id, sum(l.turns)::integer AS turns,
               min(l.since) AS since
        FROM grouped l
        JOIN conversations c ON c.business_id = %(business_id)s AND c.conversation_id = l.conversation_id
        JOIN users u ON u.business_id = %(business_id)s AND u.user_id = c.user_id
        JOIN stages s ON s.business_id = %(business_id)s AND s.stage_id = l.stage_id
        LEFT JOIN stages b ON b.business_id = %(business_id)s AND b.stage_id = l.stage_before
        WHERE (l.stage_before IS NULL OR b.stage_id IS NOT NULL) AND (%(with_tests)s OR NOT u.is_test)
        GROUP BY l.stage_before, l.stage_id
        ORDER BY turns DESC, l.stage_id, l.stage_before
        """,
        {"business_id": business_id, "max_turns": max_turns, "with_tests": with_tests},
    ).fetchall()


def replace_agents(conn: Connection, business_id: UUID, stage_id: UUID, agents: list[dict[str, Any]]) -> None:
    """Write the agents of a stage, a list of {agent_id, conditions}. The caller writes the first one to `agent_id`."""
    parameters = {
        "business_id": business_id,
        "stage_id": stage_id,
        "agents": Jsonb([{"conditions": [], **entry} for entry in agents]),
    }
    conn.execute("DELETE FROM stage_agents WHERE business_id = %(business_id)s AND stage_id = %(stage_id)s", parameters)
    conn.execute(
        """
        INSERT INTO stage_agents (business_id, stage_id, agent_id, position, conditions)
        SELECT %(business_id)s, %(stage_id)s, (entry ->> 'agent_id')::uuid, number,
               ARRAY(SELECT jsonb_array_elements_text(entry -> 'conditions'))
        FROM jsonb_array_elements(%(agents)s) WITH ORDINALITY AS listed (entry, number)
        """,
        parameters,
    )


def free_names(conn: Connection, business_id: UUID) -> list[Row]:
    """Free the names of all stages for stages that replace them; returns each one's ID and the IDs of its templates."""
    return conn.execute(
        """
        UPDATE stages SET name_key = stage_id::text WHERE business_id = %(business_id)s
        RETURNING stage_id, ARRAY[stage_selection_template_id, data_extraction_template_id,
                                  response_generation_template_id] AS template_ids
        """,
        {"business_id": business_id},
    ).fetchall()


def delete_stage(conn: Connection, business_id: UUID, stage_id: UUID, reassign_to: UUID | None) -> None:
    """Delete a stage and move its conversations to the stage `reassign_to`.

    Raises Conflict if the stage has conversations and `reassign_to` is None.
    """
    parameters = {"business_id": business_id, "stage_id": stage_id, "reassign_to": reassign_to}
    if reassign_to is not None:
        conn.execute(
            """
            UPDATE conversations SET stage_id = %(reassign_to)s
            WHERE business_id = %(business_id)s AND stage_id = %(stage_id)s
            """,
            parameters,
        )
    try:
        conn.execute("DELETE FROM stages WHERE business_id = %(business_id)s AND stage_id = %(stage_id)s", parameters)
    except ForeignKeyViolation as error:
        raise Conflict(
            "The stage has conversations.", remediation="Move them to another stage with ?reassign_to=<stage_id>."
        ) from error


def _parameters(business_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    schema, name = values.get("extraction_schema"), values["stage_name"].strip()
    return {
        "stage_description": "",
        "stage_type": "conversation",
        "fixed_reply": None,
        "confidence_threshold": None,
        "position": None,
        "is_active": True,
        **values,
        "stage_name": name,
        "name_key": name_key(name),
        "business_id": business_id,
        "agent_id": next((each["agent_id"] for each in values.get("agents", [])), None),
        "extraction_schema": None if schema is None else Jsonb(schema),
        "data_retrieval": Jsonb(values.get("data_retrieval") or {"method": "none"}),
        "actions": Jsonb(values.get("actions") or []),
        "example_messages": Jsonb(values.get("example_messages") or []),
        "fixed_reply_translations": Jsonb(values.get("fixed_reply_translations") or {}),
    }
