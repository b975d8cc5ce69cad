"""Releases: every edit publishes a new, immutable snapshot of the business."""

from typing import Any
from uuid import UUID

import pytest

from message_processing.release import Release, read_release
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel


def snapshot_of(sql: Connection, shop: Shop) -> tuple[UUID, dict[str, Any]]:
    row = sql.execute(
        "SELECT release_id, snapshot FROM releases JOIN businesses ON live_release_id = release_id"
        " WHERE releases.business_id = %s",
        [shop.business_id],
    ).fetchone()
    assert row is not None
    return row["release_id"], row["snapshot"]


def live(sql: Connection, shop: Shop) -> Release:
    return read_release(*snapshot_of(sql, shop))


def test_release_contains_all_that_a_turn_needs(shop: Shop, sql: Connection) -> None:
    agent_id = made(shop.post("/agents", {"agent_name": "Bob", "agent_type": "human"}))["agent_id"]
    made(shop.post("/variables", {"name": "Opening Hours", "value": "9 to 18"}))
    shop.add_stage("Complaint", agent_id=agent_id, confidence_threshold=0.9, position=0, fixed_reply="Sorry.")
    shop.add_stage("Closed", is_active=False)
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": {"temperature": 0.1}}).status_code == 200
    release = live(sql, shop)
    assert release.business["business_name"].startswith("Lantern Books")
    assert release.settings == {"temperature": 0.1}
    assert release.variables == {"opening_hours": "9 to 18"}
    assert {stage.stage_name for stage in release.stages} - {stage.stage_name for stage in release.active_stages} == {
        "Closed"
    }
    complaint = release.stage(shop.stages["Complaint"])
    assert complaint is not None
    agent = release.first_agent_of(complaint)
    assert agent is not None
    assert (agent["agent_name"], agent["agent_type"]) == ("Bob", "human")
    assert (complaint.confidence_threshold, complaint.fixed_reply) == (0.9, "Sorry.")
    greeting = release.stage(shop.stages["Greeting"])
    assert greeting is not None
    assert release.first_agent_of(greeting) is None
    assert greeting.selection.content
    assert greeting.selection.system_prompt
    assert shop.key not in str(snapshot_of(sql, shop))


def test_edit_creates_the_next_release_and_keeps_the_previous_one(shop: Shop, sql: Connection) -> None:
    release_id, before = snapshot_of(sql, shop)
    assert shop.put(f"/stages/{shop.stages['Greeting']}", {"stage_name": "Welcome"}).status_code == 200
    next_id, after = snapshot_of(sql, shop)
    assert next_id != release_id
    assert {"Welcome"} == {stage["stage_name"] for stage in after["stages"]} - {
        stage["stage_name"] for stage in before["stages"]
    }
    row = sql.execute("SELECT snapshot FROM releases WHERE release_id = %s", [release_id]).fetchone()
    assert row == {"snapshot": before}


@pytest.mark.parametrize("content", ["", "  \n"])
def test_default_template_replaces_an_empty_one(
    shop: Shop, sql: Connection, fake_model: FakeModel, content: str
) -> None:
    stage = shop.get(f"/stages/{shop.stages['Greeting']}").get_json()
    shipped = live(sql, shop).stages[0].response
    path = f"/templates/{stage['response_generation_template_id']}"
    assert shop.put(path, {"content": content, "system_prompt": None}).status_code == 200
    template = live(sql, shop).stages[0].response
    assert (template.content, template.system_prompt) == (shipped.content, shipped.system_prompt)
    assert shop.put(path, {"system_prompt": "Be brief."}).status_code == 200
    assert live(sql, shop).stages[0].response.system_prompt == "Be brief."
    fake_model.respond = lambda body: "Greeting"
    assert shop.say("Hello").status_code == 200
    system, user = fake_model.requests[-1]["messages"]
    assert system["content"] == "Be brief."
    assert "Write the reply to the customer" in user["content"]
