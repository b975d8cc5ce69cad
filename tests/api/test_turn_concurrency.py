"""Other requests, edits and further messages while a turn waits for its model."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from tests.conftest import make_config, running_app
from tests.support.database import Connection
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated
from tests.support.turns import REPLY, SELECTION, by_step, edit_prompt, in_background


@pytest.fixture
def model(fake_model: FakeModel) -> FakeModel:
    fake_model.respond = by_step()
    return fake_model


def test_no_database_connection_is_held_during_a_model_call(database_url: str, master: dict[str, str]) -> None:
    gate, answers = threading.Semaphore(0), by_step()
    with (
        FakeModel(lambda body: Gated(str(answers(body)), gate)) as model,
        running_app(make_config(database_url, OPENAI_BASE_URL=model.base_url, DB_POOL_SIZE="1")) as app,
    ):
        shop = make_shop(app.test_client(), master, "One Connection")
        other = Shop(app.test_client(), shop.business_id, shop.key, shop.owner_id)
        with in_background(lambda: shop.say("Where is A-10433?")) as said:
            try:
                for count in (1, 2, 3):
                    model.wait_for_requests(count)
                    # The pool's only connection can serve another request.
                    assert other.get("/conversations").status_code == 200
                    gate.release()
            finally:
                gate.release(10)
            assert said.result().get_json()["response"] == REPLY


def test_release_is_read_once(shop: Shop, model: FakeModel, sql: Connection) -> None:
    edit_prompt(shop, "Order help", "response", "As designed. {message}")
    answer = shop.say("Where?").get_json()
    # If the release were read again, the next turn would find no stages.
    sql.execute(
        "UPDATE releases SET snapshot = jsonb_set(snapshot, '{stages}', '[]') WHERE business_id = %s",
        [shop.business_id],
    )
    assert shop.say("And now?", conversation_id=answer["conversation_id"]).status_code == 200
    assert model.requests[-1]["messages"][-1]["content"] == "As designed. And now?"
    turns = [shop.trace(turn["turn_id"]) for turn in shop.get(f"/conversations/{answer['conversation_id']}/turns").json]
    assert turns[0]["release_id"] == turns[1]["release_id"]


def test_turn_keeps_its_release_when_the_business_is_edited(shop: Shop, model: FakeModel) -> None:
    edit_prompt(shop, "Order help", "response", "Before. {message}")
    gate = threading.Event()
    model.reply(Gated(SELECTION, gate))
    with in_background(lambda: shop.say("Where?")) as said:
        try:
            model.wait_for_requests(1)
            edit_prompt(shop, "Order help", "response", "After. {message}")
        finally:
            gate.set()
        first = said.result().get_json()
    assert model.requests[-1]["messages"][-1]["content"] == "Before. Where?"
    second = shop.say("And now?", conversation_id=first["conversation_id"]).get_json()
    assert model.requests[-1]["messages"][-1]["content"] == "After. And now?"
    assert shop.trace(first["turn_id"])["release_id"] != shop.trace(second["turn_id"])["release_id"]


def test_messages_of_one_conversation_are_answered_in_order(shop: Shop, app: Flask, model: FakeModel) -> None:
    first = shop.say("Hello").get_json()
    conversation_id = first["conversation_id"]
    gate = threading.Event()
    model.reply(Gated(SELECTION, gate))
    other = Shop(app.test_client(), shop.business_id, shop.key, shop.owner_id, user_id=shop.user_id)
    asked_before = len(model.requests)
    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(shop.say, "First", conversation_id=conversation_id)
        try:
            model.wait_for_requests(asked_before + 1)
            two = threads.submit(other.say, "Second", conversation_id=conversation_id)
            while len(shop.get(f"/conversations/{conversation_id}/messages").get_json()) < 4:
                pass  # until the second message is accepted
            assert len(model.requests) == asked_before + 1  # the second turn has not started
        finally:
            gate.set()
        assert one.result().status_code == two.result().status_code == 200
    said = [row["message_content"] for row in shop.get(f"/conversations/{conversation_id}/messages").get_json()]
    assert said == ["Hello", REPLY, "First", REPLY, "Second", REPLY]
    prompts = ["First" in str(body["messages"]) for body in model.requests[asked_before : asked_before + 3]]
    assert prompts == [True, True, True]
    # The second turn's history contains the first message and its reply, but not the second message.
    history = str(model.requests[-1]["messages"])
    assert f"Customer: First\\nAssistant: {REPLY}" in history
    assert "Customer: Second" not in history
