"""Writes the design of a release back to its tables: stages, templates, agents, variables, test cases and
the default stage."""

from typing import Any
from uuid import UUID

from core.names import name_key
from db import Connection, JsonRows
from repositories import agents, stages, templates, test_cases


def write_design(conn: Connection, business_id: UUID, snapshot: dict[str, Any]) -> None:
    """Make the tables contain the design of a snapshot. Profile and settings stay as they are.

    Stages that the snapshot does not have are deleted, or switched off if conversations are in them. Templates that no
    stage uses stay. The caller has locked the business, and stored the present design as a release.
    """
    parameters = {"business_id": business_id}
    present = stages.free_names(conn, business_id)
    _write_agents(conn, parameters, snapshot)
    _write_templates(conn, parameters, snapshot)
    _write_stages(conn, parameters, snapshot)
    kept = {row["stage_id"] for row in snapshot["stages"]}
    for row in present:
        if str(row["stage_id"]) not in kept:
            _remove_stage(conn, business_id, row)
    _remove_agents(conn, business_id, snapshot)
    _write_variables(conn, parameters, snapshot)
    if "test_cases" in snapshot:  # older releases have none
        test_cases.replace_cases(conn, business_id, snapshot["test_cases"])
    conn.execute(
        """
        UPDATE businesses SET default_stage_id = %(stage_id)s, version = version + 1, updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND default_stage_id IS DISTINCT FROM %(stage_id)s
        """,
        {**parameters, "stage_id": snapshot["default_stage_id"]},
    )


def _write_agents(conn: Connection, parameters: dict[str, Any], snapshot: dict[str, Any]) -> None:
    conn.execute(
        """
        INSERT INTO agents (business_id, agent_id, agent_name, agent_type, description, instructions, languages,
                            working_hours)
        SELECT %(business_id)s, agent_id, agent_name, agent_type, description, instructions,
               COALESCE(languages, '{}'), working_hours
        FROM jsonb_to_recordset(%(rows)s) AS r (
            agent_id UUID, agent_name TEXT, agent_type TEXT, description TEXT, instructions TEXT, languages TEXT[],
            working_hours JSONB)
        ON CONFLICT (business_id, agent_id) DO UPDATE SET
            agent_name = EXCLUDED.agent_name, agent_type = EXCLUDED.agent_type, description = EXCLUDED.description,
            instructions = EXCLUDED.instructions, languages = EXCLUDED.languages,
            working_hours = EXCLUDED.working_hours, updated_at = clock_timestamp()
        """,
        {**parameters, "rows": JsonRows(snapshot["agents"])},
    )


def _write_templates(conn: Connection, parameters: dict[str, Any], snapshot: dict[str, Any]) -> None:
    """Templates whose text differs get a new version; the present text is kept as the version before."""
    summary = snapshot.get("summary_template")
    rows = [*snapshot["templates"], *([summary] if summary else [])]
    conn.execute(
        """
        INSERT INTO template_versions (template_id, version, template_name, content, system_prompt, model_settings,
                                       created_at)
        SELECT t.template_id, t.version, t.template_name, t.content, t.system_prompt, t.model_settings, t.updated_at
        FROM templates t
        JOIN jsonb_to_recordset(%(rows)s) AS r (
            template_id UUID, template_name TEXT, content TEXT, system_prompt TEXT, model_settings JSONB)
            ON r.template_id = t.template_id
        WHERE t.business_id = %(business_id)s
          AND (t.template_name, t.content, t.system_prompt, t.model_settings)
              IS DISTINCT FROM (r.template_name, r.content, r.system_prompt, r.model_settings)
        """,
        {**parameters, "rows": JsonRows(rows)},
    )
    conn.execute(
        """
        UPDATE templates t SET template_name = r.template_name, content = r.content, system_prompt = r.system_prompt,
            model_settings = r.model_settings, version = t.version + 1, updated_at = clock_timestamp()
        FROM jsonb_to_recordset(%(rows)s) AS r (
            template_id UUID, template_name TEXT, content TEXT, system_prompt TEXT, model_settings JSONB)
        WHERE t.business_id = %(business_id)s AND t.template_id = r.template_id
          AND (t.template_name, t.content, t.system_prompt, t.model_settings)
              IS DISTINCT FROM (r.template_name, r.content, r.system_prompt, r.model_settings)
        """,
        {**parameters, "rows": JsonRows(rows)},
    )
    conn.execute(
        """
        INSERT INTO templates (business_id, template_id, template_name, template_type, content, system_prompt,
                               model_settings, version)
        SELECT %(business_id)s, template_id, template_name, template_type, content, system_prompt, model_settings,
               version
        FROM jsonb_to_recordset(%(rows)s) AS r (
            template_id UUID, template_name TEXT, template_type TEXT, content TEXT, system_prompt TEXT,
            model_settings JSONB, version INTEGER)
        ON CONFLICT (template_id) DO NOTHING
        """,
        {**parameters, "rows": JsonRows(rows)},
    )
    if not summary:
        conn.execute(
            """
            DELETE FROM templates WHERE business_id = %(business_id)s AND template_type = 'conversation_summary'
            """,
            parameters,
        )


def _write_stages(conn: Connection, parameters: dict[str, Any], snapshot: dict[str, Any]) -> None:
    rows = [
        {**row, "name_key": name_key(row["stage_name"]), "position": position}
        for position, row in enumerate(snapshot["stages"])
    ]
    conn.execute(
        """
        INSERT INTO stages AS s (business_id, stage_id, agent_id, stage_name, name_key, stage_description, stage_type,
            stage_selection_template_id, data_extraction_template_id, response_generation_template_id,
            extraction_schema, data_retrieval, actions, example_messages, fixed_reply, fixed_reply_translations,
            confidence_threshold, position, is_active)
        SELECT %(business_id)s, stage_id, agent_id, stage_name, name_key, stage_description, stage_type,
            stage_selection_template_id, data_extraction_template_id, response_generation_template_id,
            extraction_schema, data_retrieval, COALESCE(actions, '[]'), example_messages, fixed_reply,
            COALESCE(fixed_reply_translations, '{}'), confidence_threshold, position, is_active
        FROM jsonb_to_recordset(%(rows)s) AS r (
            stage_id UUID, agent_id UUID, stage_name TEXT, name_key TEXT, stage_description TEXT, stage_type TEXT,
            stage_selection_template_id UUID, data_extraction_template_id UUID, response_generation_template_id UUID,
            extraction_schema JSONB, data_retrieval JSONB, actions JSONB, example_messages JSONB, fixed_reply TEXT,
            fixed_reply_translations JSONB, confidence_threshold DOUBLE PRECISION, position INTEGER,
            is_active BOOLEAN)
        ON CONFLICT (business_id, stage_id) DO UPDATE SET
            agent_id = EXCLUDED.agent_id, stage_name = EXCLUDED.stage_name, name_key = EXCLUDED.name_key,
            stage_description = EXCLUDED.stage_description, stage_type = EXCLUDED.stage_type,
            stage_selection_template_id = EXCLUDED.stage_selection_template_id,
            data_extraction_template_id = EXCLUDED.data_extraction_template_id,
            response_generation_template_id = EXCLUDED.response_generation_template_id,
            extraction_schema = EXCLUDED.extraction_schema, data_retrieval = EXCLUDED.data_retrieval,
            actions = EXCLUDED.actions, example_messages = EXCLUDED.example_messages,
            fixed_reply = EXCLUDED.fixed_reply, fixed_reply_translations = EXCLUDED.fixed_reply_translations,
            confidence_threshold = EXCLUDED.confidence_threshold, position = EXCLUDED.position,
            is_active = EXCLUDED.is_active, version = s.version + 1, updated_at = clock_timestamp()
        """,
        {**parameters, "rows": JsonRows(rows)},
    )
    lists = snapshot.get("stage_agents", {})
    for row in rows:
        only = [{"agent_id": row["agent_id"]}] if row["agent_id"] else []
        stages.replace_agents(conn, parameters["business_id"], UUID(row["stage_id"]), lists.get(row["stage_id"], only))


def _remove_stage(conn: Connection, business_id: UUID, row: dict[str, Any]) -> None:
    """Delete the stage with its templates. If conversations are in it, only switch it off. Its name may be taken by a
    restored one."""
    parameters = {"business_id": business_id, "stage_id": row["stage_id"]}
    deleted = conn.execute(
        """
        DELETE FROM stages s WHERE s.business_id = %(business_id)s AND s.stage_id = %(stage_id)s
          AND NOT EXISTS (
              SELECT FROM conversations c WHERE c.business_id = %(business_id)s AND c.stage_id = %(stage_id)s)
        """,
        parameters,
    )
    if deleted.rowcount:
        templates.delete_unused(conn, business_id, row["template_ids"])
        return
    stage = stages.get_stage(conn, business_id, row["stage_id"])
    taken = {name_key(name) for name in stages.list_names(conn, business_id, without=row["stage_id"])}
    name = stage["stage_name"]
    if name_key(name) in taken:
        name = f"{name} ({str(row['stage_id'])[-12:]})"
    stages.update_stage(conn, business_id, row["stage_id"], {**stage, "stage_name": name, "is_active": False})


def _remove_agents(conn: Connection, business_id: UUID, snapshot: dict[str, Any]) -> None:
    rows = conn.execute(
        """
        SELECT agent_id FROM agents
        WHERE business_id = %(business_id)s AND agent_id <> ALL (%(kept)s::uuid[])
        """,
        {"business_id": business_id, "kept": [row["agent_id"] for row in snapshot["agents"]]},
    ).fetchall()
    for row in rows:
        agents.delete_agent(conn, business_id, row["agent_id"])


def _write_variables(conn: Connection, parameters: dict[str, Any], snapshot: dict[str, Any]) -> None:
    rows = [{"name": name, "value": value} for name, value in snapshot["variables"].items()]
    values = {**parameters, "rows": JsonRows(rows), "names": list(snapshot["variables"])}
    conn.execute(
        "DELETE FROM business_variables WHERE business_id = %(business_id)s AND name <> ALL (%(names)s::text[])",
        values,
    )
    conn.execute(
        """
        INSERT INTO business_variables AS v (business_id, name, value)
        SELECT %(business_id)s, name, value FROM jsonb_to_recordset(%(rows)s) AS r (name TEXT, value TEXT)
        ON CONFLICT (business_id, name) DO UPDATE SET value = EXCLUDED.value, updated_at = clock_timestamp()
        WHERE v.value <> EXCLUDED.value
        """,
        values,
    )
