"""Agents in tests of the API: with working hours, and listed by stages."""

import uuid
from datetime import UTC, datetime
from typing import Any

from message_processing.working_hours import DAYS
from tests.support.factories import Shop, made

OFFICE = [{"day": day, "start": "09:00", "end": "17:00"} for day in DAYS[:5]]
NOON, NIGHT = datetime(2026, 5, 4, 10, tzinfo=UTC), datetime(2026, 5, 4, 20, tzinfo=UTC)  # a Monday
SETTINGS = {"speculation": "off", "timezone": "Europe/Berlin"}
CLOSED = "We are back tomorrow at 09:00 (Europe/Berlin)."


def add_agent(shop: Shop, agent_name: str, agent_type: str = "human", **values: Any) -> str:
    body = {"agent_name": agent_name, "agent_type": agent_type, **values}
    agent_id: str = made(shop.post("/agents", body))["agent_id"]
    return agent_id


def list_agents(shop: Shop, stage_name: str, *agents: tuple[str, list[str]]) -> None:
    listed = [{"agent_id": agent_id, "conditions": conditions} for agent_id, conditions in agents]
    assert shop.put(f"/stages/{shop.stages[stage_name]}", {"agents": listed}).status_code == 200


def use_settings(shop: Shop, **settings: Any) -> None:
    body = {"settings": {**SETTINGS, **settings}}
    assert shop.put(f"/businesses/{shop.business_id}", body).status_code == 200


def say(shop: Shop, message: str = "Where is it?", **user: Any) -> dict[str, Any]:
    """The answer in a new conversation of a new customer."""
    customer = {"external_id": uuid.uuid4().hex, **user}
    response = shop.say(message, user=customer)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.get_json()
    return answer


def chosen(shop: Shop, answer: dict[str, Any]) -> tuple[str, str]:
    """The name of the responsible agent, and why, according to the trace."""
    step = shop.trace(answer["turn_id"])["by_step"]["selection"]
    agent = step["output"]["agent"]
    assert f'Agent "{agent["agent_name"]}": {agent["reason"]}.' in step["decision"]
    return agent["agent_name"], agent["reason"]
