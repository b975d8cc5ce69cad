"""Starters: stages with their templates for a kind of business, with which a new business begins."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from auth import public, require_business_api_key
from core.errors import Conflict
from db import Connection
from message_processing.templates.starters import LANGUAGES, NAMES, Starter, StarterStage, read_starter
from repositories import agents, business_variables, businesses, orders, stages, templates, users
from repositories.page import Page
from routes.decorators import accepts, accepts_query, returns
from routes.drafts import check_no_stage_is_live
from routes.editing import audit, editing

blueprint = Blueprint("starters", __name__)

_TEST_CUSTOMER = "test-customer"  # its external_id
_MAX_AGENTS = 1_000


@blueprint.get("/starters")
@public
@accepts_query("starters_query")
@returns(200, "starters")
def list_starters(query: dict[str, Any]) -> Response:
    """List the starters in one language."""
    starters = [read_starter(name, query.get("language", LANGUAGES[0])) for name in NAMES]
    return jsonify([_shown(starter) for starter in starters])


@blueprint.post("/businesses/<business_id>/starter")
@require_business_api_key
@accepts("starter_apply")
@returns(200, "starter_applied", also=(409,))
def apply_starter(business_id: UUID, body: dict[str, Any]) -> Response:
    """Create the stages, templates, variables and the agent of a starter, and a test customer with an example order.
    Variables and settings that the business already has are kept. With `replace`, existing stages are deleted, and
    their conversations continue in the starter's first stage."""
    starter = read_starter(body["starter"], body["language"])
    with editing(business_id) as conn:
        replaced = stages.free_names(conn, business_id)
        if replaced and not body.get("replace"):
            raise Conflict(
                "The business already has stages.", remediation="To replace them, send `replace` with the value true."
            )
        if replaced:
            check_no_stage_is_live(conn, business_id)
        _add_variables(conn, business_id, starter)
        agent_ids = _agent_ids(conn, business_id, starter)
        stage_ids = [_insert_stage(conn, business_id, stage, agent_ids) for stage in starter["stages"]]
        business = businesses.get_business(conn, business_id)
        settings = {**starter["settings"], **business["settings"]}
        businesses.update_business(
            conn, business_id, {**business, "settings": settings, "default_stage_id": stage_ids[0]}
        )
        for row in replaced:
            stages.delete_stage(conn, business_id, row["stage_id"], stage_ids[0])
            templates.delete_unused(conn, business_id, row["template_ids"])
        user_id = _test_customer(conn, business_id, starter)
        audit(conn, business_id, "apply_starter", "business", business_id, body)
    return jsonify({**_shown(starter), "stage_ids": stage_ids, "test_user_id": user_id})


def _shown(starter: Starter) -> dict[str, Any]:
    return {
        "name": starter["name"],
        "language": starter["language"],
        "title": starter["title"],
        "description": starter["description"],
        "first_message": starter["first_message"],
        "stages": [stage["values"]["stage_name"] for stage in starter["stages"]],
    }


def _add_variables(conn: Connection, business_id: UUID, starter: Starter) -> None:
    own = {row["name"] for row in business_variables.list_variables(conn, business_id)}
    for variable in starter["variables"]:
        if variable["name"] not in own:
            business_variables.insert_variable(conn, business_id, variable)


def _agent_ids(conn: Connection, business_id: UUID, starter: Starter) -> dict[str, str]:
    """The ID of each of the starter's agents by name. Missing ones are created."""
    rows = agents.list_agents(conn, business_id, Page(limit=_MAX_AGENTS))
    found = {row["agent_name"]: row["agent_id"] for row in rows}
    for agent in starter["agents"]:
        if agent["agent_name"] not in found:
            found[agent["agent_name"]] = agents.insert_agent(conn, business_id, agent)
    return {name: str(agent_id) for name, agent_id in found.items()}


def _insert_stage(conn: Connection, business_id: UUID, stage: StarterStage, agent_ids: dict[str, str]) -> UUID:
    values = dict(stage["values"])
    for template in stage["templates"]:
        template_type = template["template_type"]
        name = f"{values['stage_name']}: {template_type.replace('_', ' ')}"
        values[f"{template_type}_template_id"] = templates.insert_template(
            conn, business_id, {**template, "template_name": name}
        )
    values["agents"] = [{"agent_id": agent_ids[stage["agent"]]}] if stage["agent"] else []
    return stages.insert_stage(conn, business_id, values)


def _test_customer(conn: Connection, business_id: UUID, starter: Starter) -> UUID:
    """The test customer with which staff try out the assistant, with the starter's example order."""
    user_id = users.find_by_external_id(conn, business_id, _TEST_CUSTOMER)
    if user_id is None:
        customer = {**starter["test_customer"], "external_id": _TEST_CUSTOMER, "language": starter["language"]}
        user_id = users.insert_user(conn, business_id, {**customer, "is_test": True})
    order = starter.get("example_order")
    if order and not orders.list_orders(conn, business_id, Page(limit=1), {"order_number": order["order_number"]}):
        orders.insert_order(conn, business_id, {**order, "user_id": user_id})
    return user_id
