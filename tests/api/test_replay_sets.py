"""Replays of sets of turns: estimate, progress, limit, results, and which turns are selected."""

import threading
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Reply, Status
from tests.support.replays import estimated, results_of, start, wait_for_replay
from tests.support.turns import by_step, edit_prompt, step_of

pytestmark = pytest.mark.usefixtures("empty_database")

GREETING = '{"stage": "Greeting", "confidence": 0.9}'


@pytest.fixture
def busy_shop(shop: Shop, fake_model: FakeModel) -> Shop:
    """A business with six answered messages."""
    settings = {"model": "gpt-4.1-mini", "speculation": "off"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    fake_model.respond = by_step()
    for number in range(6):
        assert shop.say(f"Where is A-10433? Message {number}", session_id=f"s-{number}").status_code == 200
    return shop


def answers_by_message(body: dict[str, Any]) -> Reply:
    """Answers that differ from the recorded ones in another way for each message."""
    text, step = body["messages"][-1]["content"], step_of(body)
    if "Message 1" in text and step == "selection":
        return GREETING
    if "Message 2" in text and step == "extraction":
        return "{}"
    if "Message 3" in text and step == "response":
        return "Tomorrow."
    if "Message 4" in text and step == "selection":
        return Status(400)
    return by_step()(body)


def test_differences_of_a_set(busy_shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    replay = estimated(busy_shop, name="Before the release", turns={"last": 5})
    assert (replay["status"], replay["turn_count"], replay["done"]) == ("estimated", 5, 0)
    assert len(fake_model.requests) == 18
    fake_model.respond = answers_by_message
    replay = start(busy_shop, replay["replay_id"])
    assert (replay["status"], replay["done"]) == ("finished", 5)
    assert replay["counts"] == {
        "unchanged": 1,
        "different_stage": 1,
        "different_fields": 1,
        "different_reply": 1,
        "failed": 1,
    }
    results = results_of(busy_shop, replay["replay_id"], limit=2)
    assert [row["message"][-1] for row in results] == ["5", "4"]
    [other] = results_of(busy_shop, replay["replay_id"], difference="different_stage")
    assert (other["result"]["differences"], other["result"]["after"]["stage_name"]) == (["stage"], "Greeting")
    [failed] = results_of(busy_shop, replay["replay_id"], difference="failed")
    assert "model gave no answer" in failed["error"]
    calls = busy_shop.get("/llm-calls", step="replay", limit=100).get_json()
    assert sum(call["cost_usd"] or 0 for call in calls) == pytest.approx(replay["cost_usd"])
    assert [row["replay_id"] for row in busy_shop.get("/replays").get_json()] == [replay["replay_id"]]
    assert busy_shop.delete(f"/users/{busy_shop.user_id}").status_code == 204
    assert sql.execute("SELECT FROM replay_results").fetchall() == []
    assert sql.execute("SELECT FROM llm_calls WHERE step = 'replay'").fetchall() == []


def test_estimate_is_what_it_costs(busy_shop: Shop, fake_model: FakeModel) -> None:
    cheap, costly = estimated(busy_shop), estimated(busy_shop, model="gpt-4.1")
    assert costly["estimated_usd"] == pytest.approx(5 * cheap["estimated_usd"])
    for replay in (cheap, costly):
        ended = start(busy_shop, replay["replay_id"])
        assert ended["counts"]["unchanged"] == 6
        assert ended["cost_usd"] == pytest.approx(replay["estimated_usd"], rel=0.1)


def test_limit_pauses_and_a_higher_one_continues(busy_shop: Shop, fake_model: FakeModel) -> None:
    replay = estimated(busy_shop)
    limit = replay["estimated_usd"] / 2 * 1.01
    replay = start(busy_shop, replay["replay_id"], limit_usd=limit)
    assert (replay["status"], replay["is_limit_reached"], replay["done"]) == ("paused", True, 3)
    assert replay["cost_usd"] <= limit
    replay = start(busy_shop, replay["replay_id"], limit_usd=None)
    assert (replay["status"], replay["is_limit_reached"], replay["done"]) == ("finished", False, 6)
    assert len(busy_shop.get("/llm-calls", step="replay", limit=100).get_json()) == 18


def test_pause_continue_and_cancel(busy_shop: Shop, fake_model: FakeModel) -> None:
    replay_id = estimated(busy_shop)["replay_id"]
    assert busy_shop.post(f"/replays/{replay_id}/pause").status_code == 409
    gate = threading.Event()
    before = len(fake_model.requests)
    fake_model.reply(*[Gated(GREETING, gate)] * 4)
    assert busy_shop.post(f"/replays/{replay_id}/start").status_code == 200
    fake_model.wait_for_requests(before + 4)
    assert busy_shop.post(f"/replays/{replay_id}/pause").get_json()["status"] == "paused"
    gate.set()
    assert start(busy_shop, replay_id)["done"] == 6
    for action in ("start", "pause", "cancel"):
        assert busy_shop.post(f"/replays/{replay_id}/{action}").status_code == 409
    other = estimated(busy_shop, turns={"same_as": replay_id})
    assert other["turn_count"] == 6
    assert busy_shop.post(f"/replays/{other['replay_id']}/cancel").get_json()["status"] == "cancelled"
    assert wait_for_replay(busy_shop, other["replay_id"])["done"] == 0
    entries = busy_shop.get("/audit-log").get_json()
    actions = [row["action"] for row in entries if row["resource"] == "replay"]
    assert actions == ["create", "start", "pause", "start", "create", "cancel"]


def test_draft_is_replayed_as_it_was_when_it_was_estimated(busy_shop: Shop, fake_model: FakeModel) -> None:
    edit_prompt(busy_shop, "Order help", "response", "First version")
    replay = estimated(busy_shop, turns={"last": 1})
    edit_prompt(busy_shop, "Order help", "response", "Second version")
    start(busy_shop, replay["replay_id"])
    assert "First version" in str(fake_model.requests[-1]["messages"])
    replay = estimated(busy_shop, turns={"last": 1}, release="recorded")
    start(busy_shop, replay["replay_id"])
    assert "version" not in str(fake_model.requests[-1]["messages"])


def test_turns_are_selected(busy_shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    fake_model.respond = by_step(selection=GREETING)
    rated = busy_shop.say("Hello", session_id="s-7").get_json()
    rating = {"rating": "bad"}
    assert busy_shop.post(f"/messages/{rated['response_message_id']}/feedback", rating).status_code < 300
    sql.execute("UPDATE conversations SET channel = 'email' WHERE session_id = 's-2'")
    when = "2000-01-01T00:00:00Z"
    for turns, count in (
        ({"last": 3}, 3),
        ({"last": 100, "rating": "bad"}, 1),
        ({"last": 100, "stage_id": busy_shop.stages["Order help"]}, 6),
        ({"last": 100, "channel": "email"}, 1),
        ({"last": 100, "from": when}, 7),
        ({"to": when}, 0),
        ({}, 7),
    ):
        assert estimated(busy_shop, turns=turns)["turn_count"] == count, turns
    for body, status in (
        ({"turns": {"last": 0}}, 400),
        ({"turns": {"same_as": rated["turn_id"]}}, 404),
        ({"turns": {"stage_id": rated["turn_id"]}}, 404),
        ({"turns": {"last": 1}, "overrides": {rated["turn_id"]: "x"}}, 400),
        ({"turns": {"last": 1}, "release": rated["turn_id"]}, 404),
    ):
        assert busy_shop.post("/replays", body).status_code == status, body
    nothing = estimated(busy_shop, turns={"to": when})
    assert (nothing["estimated_usd"], start(busy_shop, nothing["replay_id"])["status"]) == (0, "finished")
