"""Replays of turns: the same prompts for the same design, whatever has happened since, and no effects."""

import json
from typing import Any

import pytest

from message_processing import variables
from tests.support.actions import (
    CHANGE,
    FOUND,
    IN_ADDRESS,
    MOVED,
    NEW,
    NOTHING,
    OTHER,
    WRITABLE,
    address_of,
    make_address_shop,
)
from tests.support.articles import wait_for_embeddings
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Status
from tests.support.replays import answered, change_everything, replay, sent_by_step
from tests.support.turns import by_step, edit_prompt

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


def test_shortened_history_is_replayed(shop: Shop, fake_model: FakeModel) -> None:
    edit_prompt(shop, "Order help", "response", "{conversation_history}\n{last_5_messages}\n{user_message}")
    fake_model.respond = by_step()
    for number in range(6):
        answered(shop, f"Where is A-10433? {number} {'Please tell me. ' * 60}")
    too_long = Status(400, body={"error": {"message": "Too long", "code": "context_length_exceeded"}})
    answer = by_step()
    fake_model.respond = lambda body: too_long if len(str(body["messages"])) > 4000 else answer(body)
    turn_id = answered(shop, "When will it arrive?")
    result = replay(shop, turn_id)
    before, after = ([step["prompt"] for step in result[side]["steps"]] for side in ("before", "after"))
    assert before == after and "Please" in str(after[-1]) and "Where is A-10433? 0" not in str(after[-1])
    assert result["computed_now"] == result["differences"] == []


def test_pinned_conversation_is_replayed_with_the_profile_of_that_time(shop: Shop, fake_model: FakeModel) -> None:
    def rename(name: str) -> None:
        body = {"business_name": name, "settings": {"pin": "conversation", "speculation": "off"}}
        assert shop.put(f"/businesses/{shop.business_id}", body).status_code == 200

    edit_prompt(shop, "Order help", "response", "{business_name}\n{user_message}")
    rename("First Books")
    fake_model.respond = by_step()
    answered(shop, "Where is A-10433?")
    rename("Second Books")
    turn_id = answered(shop, "When will it arrive?")
    sent = fake_model.requests[-1]["messages"]
    assert "Second Books" in str(sent)
    rename("Third Books")
    for release in ("recorded", "draft"):
        assert replay(shop, turn_id, release=release)["differences"] == []
        assert fake_model.requests[-1]["messages"] == sent
