"""Results of replays: what differs, what is not carried out, and what cannot be replayed."""

from collections.abc import Iterator

import pytest
from flask import Flask

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
    address_of,
    extracted,
    make_address_shop,
)
from tests.support.articles import wait_for_embeddings
from tests.support.database import Connection
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.replays import QUESTION, answered, change_everything, replay, sent_by_step
from tests.support.turns import by_step, edit_prompt
from tests.support.web_server import WebServer, http

pytestmark = pytest.mark.usefixtures("empty_database")


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
