"""Deletion of stages, agents, products and orders: what is deleted with them, what is kept, and what prevents it."""

import uuid

import pytest

from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel

pytestmark = pytest.mark.usefixtures("empty_database")


def test_stage_with_conversations_is_deleted_only_with_reassign_to(shop: Shop, fake_model: FakeModel) -> None:
    conversation_id = _start_conversation_in(shop, fake_model, "Order help")
    stage, other = shop.stages["Order help"], shop.stages["Greeting"]
    refused = shop.delete(f"/stages/{stage}")
    assert refused.status_code == 409
    assert "reassign_to" in refused.get_json()["remediation"]
    assert shop.delete(f"/stages/{stage}", reassign_to=stage).status_code == 400
    assert shop.delete(f"/stages/{stage}", reassign_to="x").status_code == 400
    assert shop.get(f"/conversations/{conversation_id}").get_json()["stage_id"] == stage
    assert shop.delete(f"/stages/{stage}", reassign_to=other).status_code == 204
    assert shop.get(f"/stages/{stage}").status_code == 404
    assert shop.get(f"/conversations/{conversation_id}").get_json()["stage_id"] == other
    fake_model.reply("{}", "Hello again")  # one stage is left, so the model does not select
    assert shop.say("And now?").get_json()["stage"]["stage_name"] == "Greeting"


def test_reassign_to_must_be_a_stage_of_the_business(shop: Shop, other_shop: Shop, fake_model: FakeModel) -> None:
    _start_conversation_in(shop, fake_model, "Order help")
    path = f"/stages/{shop.stages['Order help']}"
    foreign = shop.delete(path, reassign_to=other_shop.stages["Greeting"])
    unknown = shop.delete(path, reassign_to=str(uuid.uuid4()))
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.get_json() | {"request_id": ""} == unknown.get_json() | {"request_id": ""}
    assert other_shop.delete(path).status_code == 404
    assert shop.get(path).status_code == 200


def test_first_stage_replaces_a_deleted_default_stage(shop: Shop, fake_model: FakeModel) -> None:
    shop.put(f"/businesses/{shop.business_id}", {"default_stage_id": shop.stages["Order help"]})
    assert shop.delete(f"/stages/{shop.stages['Order help']}").status_code == 204
    assert shop.get(f"/businesses/{shop.business_id}").get_json()["default_stage_id"] is None
    fake_model.reply("{}", "Hello")
    assert shop.say("Hi").get_json()["stage"]["stage_name"] == "Greeting"


def test_templates_of_a_deleted_stage_are_kept_unless_delete_templates_is_set(shop: Shop) -> None:
    greeting = shop.get(f"/stages/{shop.stages['Greeting']}").get_json()
    shared = greeting["stage_selection_template_id"]
    order_help = shop.stages["Order help"]
    shop.put(f"/stages/{order_help}", {"stage_selection_template_id": shared})
    of_greeting = {greeting[f"{kind}_template_id"] for kind in ("data_extraction", "response_generation")}
    assert shop.delete(f"/stages/{shop.stages['Greeting']}", delete_templates="true").status_code == 204
    left = {row["template_id"] for row in shop.get("/templates").get_json()}
    assert shared in left  # still used by the other stage
    assert not of_greeting & left
    assert shop.delete(f"/stages/{order_help}").status_code == 204
    assert {row["template_id"] for row in shop.get("/templates").get_json()} == left
    assert shop.delete(f"/templates/{shared}").status_code == 204


def test_trace_is_kept_when_stage_and_templates_are_deleted(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.reply('{"stage": "Order help", "confidence": 1}', "{}", "Soon")
    turn_id = shop.say("Where is it?").get_json()["turn_id"]
    query = {"reassign_to": shop.stages["Greeting"], "delete_templates": "true"}
    assert shop.delete(f"/stages/{shop.stages['Order help']}", **query).status_code == 204
    trace = shop.trace(turn_id)
    assert trace["stage_id"] is None
    assert trace["answer"]["response"] == "Soon"
    assert [step["step"] for step in trace["steps"]][-1] == "response"


def test_deleted_agent_is_removed_from_stages_conversations_and_events(shop: Shop, fake_model: FakeModel) -> None:
    agent_id = made(shop.post("/agents", {"agent_name": "Ada"}))["agent_id"]
    shop.put(f"/stages/{shop.stages['Greeting']}", {"agent_id": agent_id})
    conversation_id = _start_conversation_in(shop, fake_model, "Greeting")
    made(shop.post("/events", {"event_type": "click", "agent_id": agent_id}))
    assert shop.get(f"/conversations/{conversation_id}").get_json()["agent_id"] == agent_id
    assert shop.delete(f"/agents/{agent_id}").status_code == 204
    assert shop.get(f"/stages/{shop.stages['Greeting']}").get_json()["agent_id"] is None
    assert shop.get(f"/conversations/{conversation_id}").get_json()["agent_id"] is None
    assert [row["agent_id"] for row in shop.get("/events").get_json()] == [None]


def test_events_of_a_deleted_product_and_order_are_kept(shop: Shop) -> None:
    product_id = made(shop.post("/products", {"product_name": "Lamp"}))["product_id"]
    order_id = made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-1"}))["order_id"]
    made(shop.post("/events", {"event_type": "purchase", "product_id": product_id, "order_id": order_id}))
    assert shop.delete(f"/products/{product_id}").status_code == 204
    assert shop.delete(f"/orders/{order_id}").status_code == 204
    (event,) = shop.get("/events").get_json()
    assert (event["product_id"], event["order_id"]) == (None, None)
    assert shop.delete(f"/products/{product_id}").status_code == 404


def _start_conversation_in(shop: Shop, fake_model: FakeModel, stage_name: str) -> str:
    fake_model.reply(f'{{"stage": "{stage_name}", "confidence": 1}}', "{}", "Certainly")
    conversation_id: str = shop.say("Hello").get_json()["conversation_id"]
    return conversation_id
