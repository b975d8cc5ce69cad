"""Simulations whose customer answers as a test says."""

import json
from collections.abc import Callable
from typing import Any

from tests.support.factories import Shop
from tests.support.model_replies import Reply
from tests.support.os_users import wait_for
from tests.support.turns import by_step

ROLE: dict[str, Any] = {
    "persona": "Ann, who is in a hurry",
    "goal": "Learn when the order arrives",
    "facts": {"order number": "A-10433", "pieces": 2, "is new": True},
}


def words(message: str = "", *, is_done: bool = False, goal_reached: bool = False) -> str:
    """The answer of the model that plays the customer."""
    return json.dumps({"message": message, "is_done": is_done, "goal_reached": goal_reached})


def is_of_customer(body: dict[str, Any]) -> bool:
    """Whether a request to the model is about what the customer says."""
    return str(body["messages"][0]["content"]).startswith("You play a customer")


def played(*answers: Reply, **steps: Any) -> Callable[[dict[str, Any]], Reply]:
    """A responder for FakeModel: the customer's answers in order, and those of the assistant by step."""
    customer, assistant = iter(answers), by_step(**steps)
    return lambda body: next(customer) if is_of_customer(body) else assistant(body)


def start_simulation(shop: Shop, **body: Any) -> str:
    """Start a simulation and return its ID."""
    response = shop.post("/simulations", {**ROLE, **body})
    assert response.status_code == 202, response.text
    simulation_id: str = response.get_json()["simulation_id"]
    return simulation_id


def get_simulation(shop: Shop, simulation_id: str) -> dict[str, Any]:
    """A simulation with its turns so far."""
    simulation: dict[str, Any] = shop.get(f"/simulations/{simulation_id}").get_json()
    return simulation


def wait_for_simulation(shop: Shop, simulation_id: str) -> dict[str, Any]:
    """The simulation, once it has ended."""
    wait_for(lambda: get_simulation(shop, simulation_id)["finished_at"], "the simulation", pause=0.05)
    return get_simulation(shop, simulation_id)


def finished_simulation(shop: Shop, **body: Any) -> dict[str, Any]:
    """Run a simulation to its end."""
    return wait_for_simulation(shop, start_simulation(shop, **body))


def a_simulation(shop: Shop, persona: str) -> str:
    """The ID of a new simulation that has ended, after another one that may be running."""
    wait_for(lambda: all(row["finished_at"] for row in shop.get("/simulations").get_json()), "another simulation")
    return str(finished_simulation(shop, persona=persona)["simulation_id"])
