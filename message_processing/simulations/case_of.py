"""Makes a test case from a simulation: its messages, what they need, and what happened as the expectations."""

from typing import Any

from core.errors import Conflict
from db import Connection, Row
from repositories import stages

_MAX_NAME = 200  # characters, as in schemas/test_cases_create.json


def case_of(conn: Connection, simulation: Row) -> dict[str, Any]:
    """Returns a test case with the answered messages of a simulation. Raises Conflict if there is none, or if the
    simulation has not ended."""
    if simulation["status"] in ("waiting", "running"):
        raise Conflict("The simulation has not ended.", remediation="Cancel it, or wait until it has ended.")
    answered = [turn for turn in simulation["turns"] if turn["reply"] is not None]
    if not answered:
        raise Conflict("The assistant has not answered any message of the simulation.")
    stage_id = stages.find_stage(conn, simulation["business_id"], answered[-1]["stage_name"])
    goal = " ".join(simulation["goal"].split())
    return {
        "name": goal if len(goal) <= _MAX_NAME else f"{goal[: _MAX_NAME - 1]}…",
        "stage_id": None if stage_id is None else str(stage_id),
        "customer": simulation["customer"],
        "data": simulation["data"],
        "lookups": simulation["lookups"],
        "turns": _turns(answered, simulation["data"].get("fields", {})),
    }


def _turns(answered: list[dict[str, Any]], known: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages. Of the fields, only those are expected that a message has added or changed."""
    turns = []
    for turn in answered:
        changed = {name: value for name, value in turn["fields"].items() if known.get(name) != value}
        expect = {"stage": turn["stage_name"], **({"fields": changed} if changed else {})}
        turns.append({"message": turn["message"], "expect": expect})
        known = turn["fields"]
    return turns
