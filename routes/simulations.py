"""Simulations: a language model plays a customer, who talks to the assistant."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.errors import Conflict
from message_processing.simulations.case_of import case_of
from message_processing.simulations.simulator import start_simulation
from repositories import businesses, simulations
from routes.chosen_release import chosen_release
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, editing
from routes.pagination import creation_cursor, page_response, read_page
from routes.test_cases import MAX_BODY_KB, insert_made_case

blueprint = Blueprint("simulations", __name__)

_DEFAULTS: dict[str, Any] = {"facts": {}, "max_turns": 10, "customer": {}, "data": {}, "lookups": {}}


@blueprint.post("/simulations")
@require_business_api_key
@accepts("simulations_create", max_kb=MAX_BODY_KB)
@returns(202, "simulation_created", also=(404, 409))
def create_simulation(body: dict[str, Any]) -> tuple[Response, int]:
    """Let a model play a customer who talks to the assistant, in the background. Only the simulation is stored."""
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)
        if simulations.is_any_unfinished(conn, g.business_id):
            raise Conflict("A simulation is running.", remediation="Cancel it, or wait until it has ended.")
        release_id, draft = chosen_release(conn, g.business_id, body.get("release", "draft"))
        simulation_id = start_simulation(conn, g.business_id, release_id, draft, {**_DEFAULTS, **body})
        audit(conn, g.business_id, "create", "simulation", simulation_id, body)
    current_context().jobs.wake_up()
    return jsonify({"simulation_id": simulation_id}), 202


@blueprint.get("/simulations")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "simulations")
def list_simulations(query: dict[str, Any]) -> Response:
    """List the latest 100 simulations without their turns, newest first."""
    page = read_page({**query, "order": "newest"})
    with current_context().database.transaction() as conn:
        rows = simulations.list_simulations(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "simulation_id"))


@blueprint.get("/simulations/<simulation_id>")
@require_business_viewer
@returns(200, "simulation_detail")
def read_simulation(simulation_id: UUID) -> Response:
    """Retrieve a simulation with its turns so far."""
    with current_context().database.transaction() as conn:
        return jsonify(simulations.get_simulation(conn, g.business_id, simulation_id))


@blueprint.post("/simulations/<simulation_id>/cancel")
@require_business_api_key
@returns(200, "simulation_detail", also=(404, 409))
def cancel_simulation(simulation_id: UUID) -> Response:
    """Cancel a simulation. The turn that is running is still finished. The turns so far are kept."""
    with current_context().database.transaction() as conn:
        simulations.get_simulation(conn, g.business_id, simulation_id)
        if not simulations.end(conn, g.business_id, simulation_id, "cancelled"):
            raise Conflict("The simulation has ended.")
        audit(conn, g.business_id, "cancel", "simulation", simulation_id)
        return jsonify(simulations.get_simulation(conn, g.business_id, simulation_id))


@blueprint.post("/simulations/<simulation_id>/test-case")
@require_business_api_key
@accepts("simulations_test_case", optional=True)
@returns(201, "test_case_created", also=(404, 409))
def create_test_case(simulation_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Create a test case from a simulation that has ended. It expects the stages and fields of its turns."""
    with editing(g.business_id) as conn:
        values = {**case_of(conn, simulations.get_simulation(conn, g.business_id, simulation_id)), **body}
        test_case_id = insert_made_case(conn, values)
        audit(conn, g.business_id, "create", "test_case", test_case_id, values)
    return jsonify({"test_case_id": test_case_id}), 201
