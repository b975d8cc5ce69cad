"""Simulations: a customer played by a model talks to the assistant, and only the result remains."""

import itertools
import threading
from typing import Any

import pytest

from message_processing.simulations.simulator import MAX_SIMULATIONS
from tests.conftest import make_config, running_app
from tests.support.cases import finished_run
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Reply, Status
from tests.support.simulations import (
    ROLE,
    finished_simulation,
    get_simulation,
    is_of_customer,
    played,
    start_simulation,
    wait_for_simulation,
    words,
)
from tests.support.staff import Staff, make_member
from tests.support.turns import REPLY

pytestmark = pytest.mark.usefixtures("empty_database")

WRITTEN = ("simulations", "jobs", "audit_log", "processes", "event_usage")
FIRST, SECOND = "Where is my order A-10433?", "It has 2 pieces. When does it arrive?"


def rows(sql: Connection) -> dict[str, int]:
    """The number of rows of each table to which simulations do not write."""
    tables = sql.execute(
        "SELECT relname FROM pg_stat_user_tables WHERE relname !~ 'yoyo|^llm_calls|^analytics_'"
    ).fetchall()
    names = [row["relname"] for row in tables if row["relname"] not in WRITTEN]
    counts = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) FROM {name}" for name in names)
    return {row["name"]: row["count"] for row in sql.execute(counts).fetchall()}


def prompts_of_customer(fake_model: FakeModel) -> list[str]:
    return [body["messages"][1]["content"] for body in fake_model.requests if is_of_customer(body)]


def test_customer_talks_to_the_draft_until_the_goal_is_reached(
    shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    before = rows(sql)
    fake_model.respond = played(words(FIRST), words(SECOND), words(is_done=True, goal_reached=True))
    data = {"orders": [{"order_number": "A-10433"}], "fields": {"city": "Oslo"}}
    simulation = finished_simulation(shop, customer={"first_name": "Ann"}, data=data)
    assert rows(sql) == before
    assert (simulation["status"], simulation["ended_by"], simulation["error"]) == ("finished", "customer", None)
    assert (simulation["goal_reached"], simulation["release_id"]) == (True, None)
    assert {name: simulation[name] for name in ROLE} == ROLE
    known = {"order_number": "A-10433", "city": "Oslo"}
    assert simulation["turns"] == [
        {"message": message, "stage_name": "Order help", "fields": known, "reply": REPLY} for message in (FIRST, SECOND)
    ]
    first, second, _ = prompts_of_customer(fake_model)
    for text in (ROLE["persona"], ROLE["goal"], "- order number: A-10433", "- pieces: 2", "It has not begun"):
        assert text in first
    assert f"Customer: {FIRST}\nAssistant: {REPLY}" in second
    calls = sql.execute("SELECT * FROM llm_calls").fetchall()
    assert len(calls) == 9  # three of the customer, and three of each answer
    assert {(str(call["business_id"]), call["step"], call["turn_id"], call["conversation_id"]) for call in calls} == {
        (shop.business_id, "simulation", None, None)
    }
    assert simulation["tokens"] == sum(call["prompt_tokens"] + call["completion_tokens"] for call in calls)


def test_simulation_becomes_a_test_case(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = played(words(FIRST), words(SECOND), words(is_done=True))
    simulation = finished_simulation(shop, data={"fields": {"city": "Oslo"}}, lookups={"Order help": {"state": "sent"}})
    assert (simulation["status"], simulation["goal_reached"]) == ("finished", False)
    path = f"/simulations/{simulation['simulation_id']}/test-case"
    case = shop.get(f"/test-cases/{made(shop.post(path))['test_case_id']}").get_json()
    assert (case["name"], case["stage_id"]) == (ROLE["goal"], shop.stages["Order help"])
    assert (case["data"], case["lookups"]) == (simulation["data"], simulation["lookups"])
    assert case["turns"] == [
        {"message": FIRST, "expect": {"stage": "Order help", "fields": {"order_number": "A-10433"}}},
        {"message": SECOND, "expect": {"stage": "Order help"}},
    ]
    assert finished_run(shop, test_case_ids=[case["test_case_id"]])["passed"] == 1
    named = made(shop.post(path, {"name": "In a hurry"}))["test_case_id"]
    assert shop.get(f"/test-cases/{named}").get_json()["name"] == "In a hurry"


def test_conversation_ends_after_its_last_turn(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = played(words(FIRST), words(goal_reached=True))
    simulation = finished_simulation(shop, release="live", max_turns=1)
    assert (simulation["ended_by"], simulation["goal_reached"], len(simulation["turns"])) == ("max_turns", True, 1)
    assert (simulation["release_id"], simulation["release_number"]) != (None, None)
    assert "only say whether the goal is reached" in prompts_of_customer(fake_model)[-1]


def test_conversation_ends_when_a_person_takes_over(shop: Shop, fake_model: FakeModel) -> None:
    settings = {"speculation": "off", "handover": {"keywords": ["a human"]}}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    fake_model.respond = played(words("I want a human"), words("Hello?"), words(goal_reached=False))
    simulation = finished_simulation(shop)
    assert (simulation["status"], simulation["ended_by"]) == ("finished", "handover")
    assert [turn["reply"] is None for turn in simulation["turns"]] == [False, True]
    case = made(shop.post(f"/simulations/{simulation['simulation_id']}/test-case"))
    turns = shop.get(f"/test-cases/{case['test_case_id']}").get_json()["turns"]
    assert [turn["message"] for turn in turns] == ["I want a human"]


def test_draft_answers_as_it_was_when_the_simulation_was_started(shop: Shop, fake_model: FakeModel) -> None:
    gate = threading.Event()
    settings = {"speculation": "off", "publishing": "reviewed"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    stage = shop.get(f"/stages/{shop.stages['Order help']}").get_json()
    template = f"/templates/{stage['response_generation_template_id']}"
    assert shop.put(template, {"content": "Design one"}).status_code == 200
    for which, design in (("draft", True), ("live", False)):
        answers = played(Gated(words(FIRST), gate), words(is_done=True))
        fake_model.forget()
        fake_model.respond = answers
        simulation_id = start_simulation(shop, release=which)
        fake_model.wait_for_requests(1)
        assert shop.put(template, {"content": "Design two"}).status_code == 200
        gate.set()
        assert len(wait_for_simulation(shop, simulation_id)["turns"]) == 1
        asked = str(fake_model.requests)
        assert ("Design one" in asked, "Design two" in asked) == (design, False)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("I would like to know where it is.", "did not answer with the required JSON"),
        ('{"message": "Hello", "is_done": "no", "goal_reached": false}', "did not answer with the required JSON"),
        (words(" "), "wrote an empty message"),
        (words(is_done=True), "ended the conversation before its first message"),
        (words("x" * 2_001), "wrote a message of more than 2000 characters"),
        (Status(401), "gave no answer"),
    ],
)
def test_unusable_answer_of_the_customer_ends_the_simulation(
    shop: Shop, fake_model: FakeModel, sql: Connection, answer: Reply, error: str
) -> None:
    fake_model.respond = played(answer)
    simulation = finished_simulation(shop)
    assert simulation["status"] == "failed"
    assert simulation["error"] == f"The model that plays the customer {error}."
    assert (simulation["turns"], simulation["goal_reached"]) == ([], None)
    calls = sql.execute("SELECT step FROM llm_calls").fetchall()
    assert {call["step"] for call in calls} == {"simulation"}
    response = shop.post(f"/simulations/{simulation['simulation_id']}/test-case")
    assert (response.status_code, response.get_json()["message"]) == (
        409,
        "The assistant has not answered any message of the simulation.",
    )


def test_simulation_needs_a_model(database_url: str, master: dict[str, str]) -> None:
    with running_app(make_config(database_url)) as app:
        simulation = finished_simulation(make_shop(app.test_client(), master, "Lantern Books"))
    assert simulation["status"] == "failed"
    assert simulation["error"] == "There is no language model that could play the customer."


def test_failure_of_the_assistant_ends_the_simulation(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = played(words(FIRST), response="")
    simulation = finished_simulation(shop)
    assert simulation["status"] == "failed"
    assert simulation["error"].startswith("The assistant did not answer: ")
    assert [(turn["message"], turn["reply"]) for turn in simulation["turns"]] == [(FIRST, None)]


def test_business_has_one_running_simulation(
    shop: Shop, other_shop: Shop, owner: Staff, fake_model: FakeModel, sql: Connection
) -> None:
    gate = threading.Event()
    fake_model.respond = played(words(FIRST), *itertools.repeat(Gated(words(SECOND), gate), 9))
    viewer = make_member(shop, owner.headers, "viewer")
    assert viewer.send("POST", "/simulations", ROLE).status_code == 403
    simulation_id = start_simulation(shop)
    fake_model.wait_for_requests(5)
    path = f"/simulations/{simulation_id}"
    running = viewer.send("GET", path).get_json()
    assert (running["status"], [turn["message"] for turn in running["turns"]]) == ("running", [FIRST])
    assert shop.post("/simulations", ROLE).get_json()["message"] == "A simulation is running."
    assert shop.post(f"{path}/test-case").status_code == 409
    for response in (other_shop.get(path), other_shop.post(f"{path}/cancel"), other_shop.post(f"{path}/test-case")):
        assert response.status_code == 404
    assert viewer.send("POST", f"{path}/cancel").status_code == 403
    assert shop.post(f"{path}/cancel").get_json()["status"] == "cancelled"
    assert shop.post(f"{path}/cancel").status_code == 409
    entries = shop.get("/audit-log", resource_id=simulation_id).get_json()
    assert [entry["action"] for entry in entries] == ["create", "cancel"]
    fake_model.respond = played(words(FIRST), words(is_done=True))
    gate.set()
    next_id = start_simulation(shop)  # after the turn of the other one
    assert wait_for_simulation(shop, next_id)["status"] == "finished"
    cancelled = get_simulation(shop, simulation_id)
    assert (cancelled["status"], cancelled["goal_reached"]) == ("cancelled", None)
    listed = shop.get("/simulations", limit=1)
    assert [row["simulation_id"] for row in listed.get_json()] == [next_id]
    assert 'rel="next"' in listed.headers["Link"]


def test_further_simulations_wait(client: CheckedClient, master: dict[str, str], fake_model: FakeModel) -> None:
    gate = threading.Event()
    fake_model.respond = lambda body: Gated("no JSON", gate)
    shops = [make_shop(client, master, f"Shop {number}", with_stages=False) for number in range(MAX_SIMULATIONS + 1)]
    for shop in shops:
        shop.add_stage("Greeting")
    ids = [start_simulation(shop) for shop in shops]
    fake_model.wait_for_requests(MAX_SIMULATIONS)
    statuses = [get_simulation(*each)["status"] for each in zip(shops, ids, strict=True)]
    assert sorted(statuses) == ["running"] * MAX_SIMULATIONS + ["waiting"]
    gate.set()
    for shop, simulation_id in zip(shops, ids, strict=True):
        assert wait_for_simulation(shop, simulation_id)["status"] == "failed"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"max_turns": 21}, 400),
        ({"persona": "x" * 2_001}, 400),
        ({"facts": {"a": ["b"]}}, 400),
        ({"facts": {str(number): "x" * 2_000 for number in range(9)}}, 400),
        ({"release": "00000000-0000-4000-8000-000000000000"}, 404),
    ],
)
def test_invalid_simulation_is_refused(shop: Shop, body: dict[str, Any], status: int) -> None:
    assert shop.post("/simulations", {**ROLE, **body}).status_code == status
    assert shop.get("/simulations").get_json() == []
