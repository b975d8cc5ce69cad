"""Stages of a business. Each has three templates of its own."""

import itertools
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import InvalidRequest
from core.names import name_key
from db import Connection
from message_processing.actions.checks import check_actions
from message_processing.api_calls.config import check_call
from message_processing.steps.extraction_schema import check_extraction_schema
from message_processing.templates.names import list_variables
from repositories import agents, business_variables, businesses, stages, templates
from routes.decorators import accepts, accepts_query, returns
from routes.drafts import check_stage_is_not_live
from routes.editing import audit, changed_fields, editing
from routes.etags import check_if_match, with_etag
from routes.pagination import creation_cursor, page_response, read_page

blueprint = Blueprint("stages", __name__)

MAX_TURNS_OF_MAP = 5_000
MAX_NAME_LENGTH = 200  # characters, as in schemas/stages_create.json

# The three prompts: template type, field with its id, field with its text (older clients), field in the response.
_PROMPTS = (
    ("stage_selection", "stage_selection_template_id", "stage_selection_prompt", "stage_selection_config"),
    ("data_extraction", "data_extraction_template_id", "data_extraction_prompt", "data_extraction_config"),
    (
        "response_generation",
        "response_generation_template_id",
        "response_generation_prompt",
        "response_generation_config",
    ),
)

_TEMPLATE_FIELDS = ("template_name", "template_type", "content", "system_prompt", "model_settings")


@blueprint.post("/stages")
@require_business_api_key
@accepts("stages_create", max_kb=2048)
@returns(201, "stage_created", also=(404, 409))
def create_stage(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a stage. Missing templates and default templates of the platform are copied for it."""
    with editing(g.business_id) as conn:
        values = _resolved(conn, g.business_id, body, body["stage_name"], [])
        _check_actions(conn, values)
        for template_type, id_field, text_field, _ in _PROMPTS:
            if id_field not in values:
                values[id_field] = _own_template(conn, body["stage_name"], template_type, body.get(text_field))
        stage_id = stages.insert_stage(conn, g.business_id, values)
        audit(conn, g.business_id, "create", "stage", stage_id, values)
    return jsonify({"stage_id": stage_id}), 201


@blueprint.get("/stages")
@require_business_viewer
@accepts_query("stages_list")
@returns(200, "stages")
def list_stages(query: dict[str, Any]) -> Response:
    """List stages, optionally only those that list one agent."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = stages.list_stages(conn, g.business_id, page, query.get("agent_id"))
    return page_response(rows, page.limit, creation_cursor("created_at", "stage_id"))


@blueprint.get("/stages/<stage_id>")
@require_business_viewer
@returns(200, "stage_detail")
def read_stage(stage_id: UUID) -> Response:
    """Retrieve a stage with its three prompts."""
    with current_context().database.transaction() as conn:
        stage = stages.get_stage(conn, g.business_id, stage_id)
        own = [row["name"] for row in business_variables.list_variables(conn, g.business_id)]
        for _, id_field, _, detail in _PROMPTS:
            template = templates.get_template(conn, g.business_id, stage[id_field])
            names, _unknown = list_variables(template["content"], template["system_prompt"] or "", own)
            shown = ("template_id", "template_name", "content", "system_prompt")
            stage[detail] = {**{name: template[name] for name in shown}, "variables": names}
    return with_etag(stage)


@blueprint.put("/stages/<stage_id>")
@require_business_api_key
@accepts("stages_update", max_kb=2048)
@returns(200, "stage", also=(409, 412))
def update_stage(stage_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a stage."""
    with editing(g.business_id) as conn:
        row = stages.get_stage(conn, g.business_id, stage_id)
        check_if_match(row)
        name = str(body.get("stage_name", row["stage_name"]))
        values = {**row, **_resolved(conn, g.business_id, body, name, row["agents"])}
        if not {"actions", "extraction_schema", "data_retrieval"}.isdisjoint(body):
            _check_actions(conn, values)
        changed = stages.update_stage(conn, g.business_id, stage_id, values)
        audit(conn, g.business_id, "update", "stage", stage_id, changed_fields(row, changed))
    return with_etag(changed)


@blueprint.post("/stages/<stage_id>/duplicate")
@require_business_api_key
@returns(201, "stage_created", also=(409,))
def duplicate_stage(stage_id: UUID) -> tuple[Response, int]:
    """Copy a stage with its templates. The copy is inactive, because it would match the same messages as the stage."""
    with editing(g.business_id) as conn:
        row = stages.get_stage(conn, g.business_id, stage_id)
        name = _free_name(conn, row["stage_name"])
        values = {**row, "stage_name": name, "is_active": False}
        for _, id_field, _, _ in _PROMPTS:
            values[id_field] = _copied(conn, name, templates.get_template(conn, g.business_id, row[id_field]))
        copy_id = stages.insert_stage(conn, g.business_id, values)
        audit(conn, g.business_id, "create", "stage", copy_id, changed_fields(row, values))
    return jsonify({"stage_id": copy_id}), 201


@blueprint.put("/stages/order")
@require_business_api_key
@accepts("stages_order")
@returns(204)
def reorder_stages(body: dict[str, Any]) -> tuple[str, int]:
    """Put the stages into a new order."""
    with editing(g.business_id) as conn:
        for stage_id in stages.reorder(conn, g.business_id, [UUID(each) for each in body["stage_ids"]]):
            audit(conn, g.business_id, "update", "stage", stage_id, ["position"])
    return "", 204


@blueprint.get("/stages/transitions")
@require_business_viewer
@accepts_query("stages_transitions_query")
@returns(200, "stage_transitions")
def list_transitions(query: dict[str, Any]) -> Response:
    """Count how conversations have moved between stages in the latest 5,000 answered messages."""
    with current_context().database.transaction() as conn:
        rows = stages.list_transitions(
            conn, g.business_id, MAX_TURNS_OF_MAP, with_tests=query.get("include_tests") == "true"
        )
    since = min((row.pop("since") for row in rows), default=None)
    return jsonify({"turns": sum(row["turns"] for row in rows), "since": since, "transitions": rows})


@blueprint.delete("/stages/<stage_id>")
@require_business_api_key
@accepts_query("stages_delete")
@returns(204, also=(409, 412))
def delete_stage(stage_id: UUID, query: dict[str, Any]) -> tuple[str, int]:
    """Delete a stage. 409 if it has conversations, unless `reassign_to` names another stage for them.

    Its templates are kept, unless `delete_templates` requests to delete those that no other stage uses."""
    with editing(g.business_id) as conn:
        row = stages.get_stage(conn, g.business_id, stage_id)
        check_if_match(row)
        check_stage_is_not_live(conn, g.business_id, stage_id)
        reassign_to = UUID(query["reassign_to"]) if "reassign_to" in query else None
        if reassign_to == stage_id:
            raise InvalidRequest.at("$.reassign_to", "Must be another stage.")
        if reassign_to:
            stages.get_stage(conn, g.business_id, reassign_to)
        stages.delete_stage(conn, g.business_id, stage_id, reassign_to)
        audit(conn, g.business_id, "delete", "stage", stage_id)
        if query.get("delete_templates") == "true":
            template_ids = [row[id_field] for _, id_field, _, _ in _PROMPTS]
            for template_id in templates.delete_unused(conn, g.business_id, template_ids):
                audit(conn, g.business_id, "delete", "template", template_id)
    return "", 204


def _resolved(
    conn: Connection, business_id: UUID, body: dict[str, Any], stage_name: str, current_agents: list[dict[str, Any]]
) -> dict[str, Any]:
    """The body with its references checked, and default templates of the platform replaced by copies. Raises NotFound
    for resources of another business."""
    values = dict(body)
    if "agents" in body or "agent_id" in body:
        values["agents"] = _resolved_agents(conn, business_id, body, current_agents)
    if body.get("extraction_schema") is not None:
        check_extraction_schema(body["extraction_schema"])
    if body.get("data_retrieval", {}).get("method") == "api_call":
        check_call(body["data_retrieval"]["config"], "$.data_retrieval.config")
    for template_type, id_field, text_field, _ in _PROMPTS:
        if id_field not in body:
            continue
        if text_field in body:
            raise InvalidRequest.at(f"$.{text_field}", f"Send either {text_field} or {id_field}, not both.")
        template = templates.get_template(conn, business_id, UUID(body[id_field]))
        if template["template_type"].removeprefix("default_") != template_type:
            raise InvalidRequest.at(f"$.{id_field}", f"This template has the type {template['template_type']}.")
        if template["business_id"] is None:
            values[id_field] = _copied(conn, stage_name, template)
    return values


def _check_actions(conn: Connection, stage: dict[str, Any]) -> None:
    """Raises InvalidRequest if one of the stage's actions can never work."""
    if stage.get("actions"):
        writable = businesses.get_business(conn, g.business_id)["settings"].get("writable_fields", {})
        own_variables = [row["name"] for row in business_variables.list_variables(conn, g.business_id)]
        check_actions(stage["actions"], stage, writable, own_variables)


def _resolved_agents(
    conn: Connection, business_id: UUID, body: dict[str, Any], current: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The stage's agents after the request. `agent_id` is for clients that know only one agent per stage: if they send
    back the first of several, nothing changes."""
    agent_id = str(UUID(body["agent_id"])) if body.get("agent_id") else None
    if "agents" not in body:
        is_unchanged = bool(current) and current[0]["agent_id"] == agent_id
        listed = current if is_unchanged else [{"agent_id": agent_id}] if agent_id else []
    else:
        listed = [{**each, "agent_id": str(UUID(each["agent_id"]))} for each in body["agents"]]
        first = listed[0]["agent_id"] if listed else None
        if "agent_id" in body and agent_id != first:
            raise InvalidRequest.at("$.agent_id", "Send either agent_id or agents, not both.")
    ids = [UUID(each["agent_id"]) for each in listed]
    for index, each in enumerate(ids):
        if each in ids[:index]:
            raise InvalidRequest.at(f"$.agents[{index}].agent_id", "This agent is already in the list.")
        agents.get_agent(conn, business_id, each)
    return [{"conditions": [], **each} for each in listed]


def _free_name(conn: Connection, stage_name: str) -> str:
    """The first of "Returns (copy)", "Returns (copy 2)" and so on that no stage has."""
    taken = {name_key(name) for name in stages.list_names(conn, g.business_id)}
    numbers = itertools.chain([""], (f" {number}" for number in itertools.count(2)))
    names = (f"{stage_name[: MAX_NAME_LENGTH - 12]} (copy{number})" for number in numbers)
    return next(name for name in names if name_key(name) not in taken)


def _own_template(conn: Connection, stage_name: str, template_type: str, text: str | None) -> UUID:
    """A new template for a stage: with the text of an older client, or a copy of the platform's default."""
    default = templates.get_current_default(conn, template_type)
    if text is None:
        return _copied(conn, stage_name, default)
    return _copied(conn, stage_name, {**default, "content": text, "system_prompt": None})


def _copied(conn: Connection, stage_name: str, template: dict[str, Any]) -> UUID:
    template_type = template["template_type"].removeprefix("default_")
    name = f"{stage_name}: {template_type.replace('_', ' ')}"
    template_id = templates.insert_template(
        conn, g.business_id, {**template, "template_name": name, "template_type": template_type}
    )
    audit(conn, g.business_id, "create", "template", template_id, _TEMPLATE_FIELDS)
    return template_id
