"""Replays of turns: the same prompts for the same design, whatever has happened since, and no effects."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from message_processing import variables
from tests.conftest import make_config, running_app
from tests.support.actions import (
    ASKED,
    CHANGE,
    CHANGE_ADDRESS,
    FOUND,
    IN_ADDRESS,
    MOVED,
    NEW,
    NOTHING,
    OTHER,
    WRITABLE,
    address_of,
    extracted,
    make_address_shop,
)
from tests.support.articles import wait_for_embeddings
from tests.support.database import Connection
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.turns import by_step, edit_prompt, step_of
from tests.support.web_server import WebServer, http

pytestmark = pytest.mark.usefixtures("empty_database")

SYSTEM = "{business_name} {agent_name} {tone} {user.first_name} {user.phone|no phone} {nickname|friend} {nickname|you}"
EVERYTHING = "\n".join(f"{{{provider.name}}}" for provider in variables.all_providers())
CONTENT = {
    "selection": EVERYTHING,
    "extraction": f"{EVERYTHING}\n{{last_2_messages}}",
    "response": f"{EVERYTHING}\n{{order_number}} {{user.metadata}} {{agent_available_at|now}}",
}
SETTINGS = {
    "timezone": "Europe/Berlin",
    "business_hours": [{"day": "monday", "start": "09:00", "end": "09:05"}],
    "writable_fields": WRITABLE,
}
QUESTION = "How long does an order need after I have moved to a new address?"


def answered(shop: Shop, *messages: str) -> str:
    """The turn of the last message."""
    turn_ids = []
    for message in messages:
        answer = shop.say(message)
        assert answer.status_code == 200, answer.text
        turn_ids.append(answer.get_json()["turn_id"])
    return str(turn_ids[-1])


def replay(shop: Shop, turn_id: str, **body: Any) -> dict[str, Any]:
    response = shop.post(f"/turns/{turn_id}/replay", body)
    assert response.status_code == 200, response.text
    replayed: dict[str, Any] = response.get_json()
    return replayed


def sent_by_step(fake_model: FakeModel, since: int) -> dict[str, str]:
    """The prompts that the model has received since a request, by step."""
    requests = fake_model.requests[since:]
    return {step_of(body): json.dumps(body["messages"], ensure_ascii=False) for body in requests}


@pytest.fixture
def rich_shop(shop: Shop, fake_model: FakeModel) -> Shop:
    """A shop whose prompts contain all variables."""
    metadata = {"zip": "LS1", "a": {"b": [1, {"size": "L", "b": True}]}}
    assert shop.put(f"/users/{shop.user_id}", {"metadata": metadata, "timezone": "Asia/Tokyo"}).status_code == 200
    made(shop.post("/agents", {"agent_name": "Hugo", "agent_type": "human"}))
    made(shop.post("/variables", {"name": "tone", "value": "Be kind."}))
    made(shop.post("/articles", {"title": "Orders and addresses", "content": f"{MOVED}: it needs two days."}))
    wait_for_embeddings(shop)
    agent_id = made(shop.post("/agents", {"agent_name": "Ada", "agent_type": "ai"}))["agent_id"]
    make_address_shop(shop, CHANGE, agents=[{"agent_id": agent_id, "conditions": []}])
    for step, content in CONTENT.items():
        for stage in ("Greeting", "Address") if step == "selection" else ("Address",):
            edit_prompt(shop, stage, step, content, SYSTEM)
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=[NOTHING, FOUND, *[FOUND] * 9], response="Noted.")
    return shop


def change_everything(shop: Shop, sql: Connection) -> None:
    """Change the data, history and articles from which the prompts were rendered."""
    fields = {"first_name": "Dora", "phone": "+44 1", "timezone": "UTC", "language": "de", "metadata": {}}
    assert shop.put(f"/users/{shop.user_id}", fields).status_code == 200
    made(shop.post("/products", {"product_name": "Lamp", "sku": "L-1", "price": 3.5}))
    made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-7"}))
    assert shop.put(f"/orders/{shop.order_id}", {"shipping_address": OTHER}).status_code == 200
    [article] = shop.get("/articles").get_json()
    assert shop.put(f"/articles/{article['article_id']}", {"content": "We never send parcels."}).status_code == 200
    sql.execute(
        "UPDATE messages SET message_content = 'Changed' WHERE business_id = %s AND message_content NOT IN (%s, %s)",
        [shop.business_id, MOVED, QUESTION],
    )
    sql.execute("UPDATE conversations SET summarised_through = 99 WHERE business_id = %s", [shop.business_id])


def rows_of(sql: Connection) -> list[Any]:
    """How many rows there are of what a replay must not create."""
    tables = ("conversations", "turns", "turn_steps", "messages", "collected_fields", "events")
    counts = ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in tables)
    return sql.execute(f"SELECT {counts}").fetchall()


@pytest.mark.parametrize(
    ("release", "speculation"), [("draft", "off"), ("live", "extraction"), ("recorded", "extraction")]
)
def test_prompts_of_an_unchanged_design_are_the_same_bytes(
    rich_shop: Shop, fake_model: FakeModel, sql: Connection, release: str, speculation: str
) -> None:
    settings = {"settings": {**SETTINGS, "speculation": speculation}}
    assert rich_shop.put(f"/businesses/{rich_shop.business_id}", settings).status_code == 200
    answered(rich_shop, "Hello, I am moving soon")
    before = len(fake_model.requests)
    turn_id = answered(rich_shop, MOVED)
    assert address_of(rich_shop) == NEW
    sent = sent_by_step(fake_model, before)
    assert "two days" in sent["selection"] and '\\"status\\": \\"done\\"' in sent["response"]
    rows = rows_of(sql)
    change_everything(rich_shop, sql)
    before = len(fake_model.requests)
    result = replay(rich_shop, turn_id, release=release)
    assert sent_by_step(fake_model, before) == sent
    assert (result["differences"], result["computed_now"], result["not_recorded"]) == ([], [], [])
    for side in ("before", "after"):
        steps = {step["step"]: step for step in result[side]["steps"]}
        assert {name: json.dumps(steps[name]["prompt"], ensure_ascii=False) for name in CONTENT} == sent
    assert result["before"]["tokens"] == result["after"]["tokens"] > 0
    assert address_of(rich_shop) == OTHER
    assert rows_of(sql) == rows


def test_speculative_response_is_replayed_with_the_same_prompts(
    shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": {"speculation": "full"}}).status_code == 200
    fake_model.respond = by_step(response="Which one?")
    answered(shop, "Where is my order A-10433?")
    before = len(fake_model.requests)
    turn_id = answered(shop, "When will it arrive?")
    sent = sent_by_step(fake_model, before)
    assert shop.put(f"/users/{shop.user_id}", {"first_name": "Dora"}).status_code == 200
    before = len(fake_model.requests)
    assert replay(shop, turn_id)["differences"] == []
    assert sent_by_step(fake_model, before) == sent


def test_changed_design_gets_recorded_data(rich_shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    first = len(fake_model.requests) + 3
    turn_id = answered(rich_shop, "Hello, I am moving soon", MOVED)
    sent = sent_by_step(fake_model, first)
    change_everything(rich_shop, sql)
    [variable] = [row for row in rich_shop.get("/variables").get_json() if row["name"] == "tone"]
    assert rich_shop.put(f"/variables/{variable['variable_id']}", {"value": "Be brief."}).status_code == 200
    edit_prompt(rich_shop, "Address", "response", "{tone}|{user.email}|{context}|{retrieved_data}")
    before = len(fake_model.requests)
    replay(rich_shop, turn_id, release="recorded")
    assert sent_by_step(fake_model, before) == sent
    before = len(fake_model.requests)
    result = replay(rich_shop, turn_id)
    changed = sent_by_step(fake_model, before)
    assert changed["selection"] == sent["selection"].replace("Be kind.", "Be brief.")
    assert "Hello, I am moving soon" in changed["response"] and "Changed" not in changed["response"]
    assert OTHER not in changed["response"]
    assert (result["computed_now"], result["not_recorded"]) == ([], ["action_result"])  # an action may use {tone}


def test_overrides_and_model_of_one_replay(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = by_step()
    turn_id = answered(shop, "Where is A-10433?")
    stage = shop.get(f"/stages/{shop.stages['Order help']}").get_json()
    template_id = stage["response_generation_template_id"]
    fake_model.respond = by_step(
        selection='{"stage": "Greeting", "confidence": 0.9}', extraction="{}", response="Good morning."
    )
    before = len(fake_model.requests)
    result = replay(shop, turn_id, overrides={template_id: "Only {user.last_name}"}, model="gpt-4.1-nano")
    assert result["differences"] == ["stage", "fields", "reply"]
    assert result["after"]["reply"] == "Good morning." and result["after"]["release_id"] is None
    assert {body["model"] for body in fake_model.requests[before:]} == {"gpt-4.1-nano"}
    fake_model.respond = by_step()
    result = replay(shop, turn_id, overrides={template_id: "Only {user.metadata}"})
    assert fake_model.requests[-1]["messages"][-2]["content"].startswith("Only {")
    assert result["computed_now"] == ["user.metadata"]
    calls = shop.get("/llm-calls", step="replay").get_json()
    assert len(calls) == 6 and {call["turn_id"] for call in calls} == {None}
    assert "replay" not in [call["step"] for call in shop.get("/llm-calls", turn_id=turn_id).get_json()]
    entries = [row for row in shop.get("/audit-log").get_json() if row["action"] == "replay"]
    assert [row["fields"] for row in entries] == [["model", "overrides"], ["overrides"]]


def test_question_and_its_answer_are_replayed(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    make_address_shop(shop, CHANGE_ADDRESS)
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=[FOUND, NOTHING, FOUND, NOTHING], response="Done.")
    asked = answered(shop, MOVED)
    before = len(fake_model.requests)
    confirmed = answered(shop, "Yes, please do it")
    sent = sent_by_step(fake_model, before)
    assert address_of(shop) == NEW
    assert shop.put(f"/orders/{shop.order_id}", {"shipping_address": OTHER}).status_code == 200
    result = replay(shop, asked)
    assert result["after"]["reply"] == ASKED and result["differences"] == result["not_recorded"] == []
    before = len(fake_model.requests)
    result = replay(shop, confirmed)
    assert sent_by_step(fake_model, before) == sent and result["differences"] == []
    assert address_of(shop) == OTHER


def test_calls_are_not_sent_and_changed_actions_are_not_carried_out(calling_shop: Shop, fake_model: FakeModel) -> None:
    shop = calling_shop
    with WebServer(http(b'{"ticket": {"id": "T-7", "a": 1}}')) as api:
        call = {"method": "GET", "url": f"http://127.0.0.1:{api.port}/{{order_number}}"}
        action = {"do": "api_call", "name": "Book", "with": {**call, "method": "POST"}}
        make_address_shop(shop, CHANGE, action, data_retrieval={"method": "api_call", "config": call})
        edit_prompt(shop, "Address", "response", "{retrieved_data}\n{action_result}\n{user_message}")
        fake_model.respond = by_step(selection=IN_ADDRESS, extraction=FOUND, response="Booked.")
        turn_id = answered(shop, f"{MOVED}, and not for A-10434")
        prompt = fake_model.requests[-1]["messages"]
        assert len(api.requests) == 2
        assert replay(shop, turn_id)["not_recorded"] == []
        assert fake_model.requests[-1]["messages"] == prompt
        other = extracted(order_number="A-10434", shipping_address=NEW)
        fake_model.respond = by_step(selection=IN_ADDRESS, extraction=other, response="Booked.")
        result = replay(shop, turn_id)
        assert len(api.requests) == 2
    assert result["not_recorded"] == ["retrieved_data", "action_result"]


@pytest.fixture(scope="module")
def rules_app(database_url: str) -> Iterator[Flask]:
    with running_app(make_config(database_url)) as app:
        yield app


def test_rules_answer_with_recorded_passages_and_actions(
    rules_app: Flask, master: dict[str, str], sql: Connection
) -> None:
    shop = make_shop(rules_app.test_client(), master, "Lantern Books")
    made(shop.post("/articles", {"title": "Moving", "content": f"{QUESTION} It needs two days."}))
    wait_for_embeddings(shop)
    fixed_reply = "{user.first_name}: {order_number} goes to {shipping_address}."
    make_address_shop(
        shop, CHANGE, fixed_reply=fixed_reply, example_messages=["My address is now Mill Street 3, Leeds"]
    )
    moved, asked = answered(shop, MOVED), answered(shop, QUESTION)
    change_everything(shop, sql)
    for turn_id, words in ((moved, NEW), (asked, "two days")):
        result = replay(shop, turn_id)
        assert result["differences"] == result["computed_now"] == result["not_recorded"] == []
        assert words in result["after"]["reply"]
        assert [step["decision"] for step in result["after"]["steps"]] == [
            step["decision"] for step in result["before"]["steps"]
        ]
    assert address_of(shop) == OTHER


def test_what_cannot_be_replayed(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    fake_model.respond = by_step()
    turn_id = answered(shop, "Where is A-10433?")
    unknown = "00000000-0000-7000-8000-000000000000"
    for path, body, status, message in (
        (unknown, {}, 404, "Turn not found."),
        (turn_id, {"release": unknown}, 404, "Release not found."),
        (turn_id, {"overrides": {unknown: "x"}}, 400, "No stage of the release uses this template."),
    ):
        answer = shop.post(f"/turns/{path}/replay", body)
        assert (answer.status_code, message in answer.text) == (status, True)
    sql.execute("DELETE FROM turn_steps WHERE business_id = %s", [shop.business_id])
    assert "has been deleted" in shop.post(f"/turns/{turn_id}/replay", {}).text
    sql.execute("UPDATE turns SET status = 'failed' WHERE business_id = %s", [shop.business_id])
    assert shop.post(f"/turns/{turn_id}/replay", {}).status_code == 409
