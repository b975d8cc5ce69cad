"""Agents: AI or human personas that stages can be assigned to."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import InvalidRequest
from db import Connection
from message_processing import takeovers
from repositories import agents
from routes.decorators import accepts, accepts_query, returns
from routes.drafts import check_agent_is_not_live
from routes.editing import audit, changed_fields, editing
from routes.pagination import creation_cursor, page_response, read_page

blueprint = Blueprint("agents", __name__)


@blueprint.post("/agents")
@require_business_api_key
@accepts("agents_create")
@returns(201, "agent_created")
def create_agent(body: dict[str, Any]) -> tuple[Response, int]:
    """Create an agent."""
    check_working_hours(body)
    with editing(g.business_id) as conn:
        agent_id = agents.insert_agent(conn, g.business_id, body)
        _replace_members(conn, agent_id, body)
        audit(conn, g.business_id, "create", "agent", agent_id, body)
    return jsonify({"agent_id": agent_id}), 201


@blueprint.get("/agents")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "agents")
def list_agents(query: dict[str, Any]) -> Response:
    """List agents."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = agents.list_agents(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "agent_id"))


@blueprint.get("/agents/<agent_id>")
@require_business_viewer
@returns(200, "agent")
def read_agent(agent_id: UUID) -> Response:
    """Retrieve an agent."""
    with current_context().database.transaction() as conn:
        return jsonify(agents.get_agent(conn, g.business_id, agent_id))


@blueprint.put("/agents/<agent_id>")
@require_business_api_key
@accepts("agents_update")
@returns(200, "agent")
def update_agent(agent_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of an agent."""
    check_working_hours(body)
    with editing(g.business_id) as conn:
        row = agents.get_agent(conn, g.business_id, agent_id)
        _replace_members(conn, agent_id, body)
        changed = agents.update_agent(conn, g.business_id, agent_id, {**row, **body})
        audit(conn, g.business_id, "update", "agent", agent_id, changed_fields(row, changed))
    return jsonify(changed)


@blueprint.delete("/agents/<agent_id>")
@require_business_api_key
@returns(204, also=(409,))
def delete_agent(agent_id: UUID) -> tuple[str, int]:
    """Delete an agent. Stages that list several continue with the others."""
    with editing(g.business_id) as conn:
        agents.get_agent(conn, g.business_id, agent_id)
        check_agent_is_not_live(conn, g.business_id, agent_id)
        agents.delete_agent(conn, g.business_id, agent_id)
        audit(conn, g.business_id, "delete", "agent", agent_id)
    return "", 204


def check_working_hours(body: dict[str, Any]) -> None:
    """Raises InvalidRequest for an interval that ends when it starts: whether it lasts a day would be a guess."""
    for index, interval in enumerate(body.get("working_hours") or []):
        if interval["start"] == interval["end"]:
            problem = "Must differ from the start. For a whole day, use 00:00 and 24:00."
            raise InvalidRequest.at(f"$.working_hours[{index}].end", problem)


def _replace_members(conn: Connection, agent_id: UUID, body: dict[str, Any]) -> None:
    """Raises NotFound for users who are not members, and InvalidRequest for members who may only read."""
    if "member_ids" not in body:
        return
    member_ids = [UUID(each) for each in body["member_ids"]]
    for index, member_id in enumerate(member_ids):
        takeovers.check_can_handle(conn, g.business_id, member_id, f"$.member_ids[{index}]")
    agents.replace_members(conn, g.business_id, agent_id, member_ids)
