"""Actions in rules mode, and in turns whose model has failed: replies claim only what was done."""

from collections.abc import Iterator
from typing import Any

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
    OLD,
    OTHER,
    address_of,
    make_address_shop,
    outcomes,
    results_of,
)
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Status
from tests.support.turns import by_step

CHANGED = f"Order A-10433 will be sent to {NEW}."
STAGE = {
    "fixed_reply": "Order {order_number} will be sent to {shipping_address}.",
    "example_messages": ["My address is now Mill Street 3, Leeds", "Please send it to another address"],
}
FAILED = "I am sorry, I could not do that."


@pytest.fixture(scope="module")
def rules_app(database_url: str) -> Iterator[Flask]:
    with running_app(make_config(database_url)) as app:
        yield app


@pytest.fixture
def rules_shop(rules_app: Flask, empty_database: None, master: dict[str, str]) -> Shop:
    """A business without a model."""
    return make_shop(rules_app.test_client(), master, "Lantern Books")


def reply(shop: Shop, message: str, **values: Any) -> str:
    answer = shop.say(message, **values)
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["engine"] == "rules"
    text: str = answer.get_json()["response"]
    return text


def test_address_is_asked_changed_and_reported(rules_shop: Shop) -> None:
    make_address_shop(rules_shop, **STAGE)
    assert reply(rules_shop, MOVED) == ASKED
    assert address_of(rules_shop) == OLD
    assert reply(rules_shop, "Yes, please.") == CHANGED
    assert address_of(rules_shop) == NEW
    # Not that nothing was changed at all:
    later = reply(rules_shop, "Please send it to another address")
    assert later == "I have not changed anything just now. How can I help you?"
    # There is nothing to change any more, so the customer is not asked again.
    assert reply(rules_shop, f"My address is now {NEW}") == CHANGED


def test_declined_change_is_not_reported(rules_shop: Shop) -> None:
    make_address_shop(rules_shop, **STAGE)
    reply(rules_shop, MOVED)
    assert reply(rules_shop, "No!") == "All right, I will not do that."
    assert address_of(rules_shop) == OLD


def test_unclear_answer_is_asked_once_more_and_changed_data_again(rules_shop: Shop) -> None:
    make_address_shop(rules_shop, **STAGE)
    reply(rules_shop, MOVED)
    assert reply(rules_shop, "Hm, let me think") == f"Please answer yes or no. {ASKED}"
    assert reply(rules_shop, f"Make that {OTHER}") == ASKED.replace(NEW, OTHER)
    assert reply(rules_shop, "ok") == CHANGED.replace(NEW, OTHER)
    assert address_of(rules_shop) == OTHER


def test_missing_field_is_asked_for(rules_shop: Shop) -> None:
    make_address_shop(rules_shop, **{**STAGE, "data_retrieval": {"method": "none"}})
    assert reply(rules_shop, f"My address is now {NEW}") == "To help you with this, I need your order number."
    assert reply(rules_shop, "A-10433") == ASKED


@pytest.mark.parametrize("on_failure", ["continue", "hand_over"])
def test_failed_action_is_reported_as_failed(rules_shop: Shop, on_failure: str) -> None:
    action = {**CHANGE, "with": {**CHANGE["with"], "order_number": "A-99999"}, "on_failure": on_failure}
    make_address_shop(rules_shop, action, **STAGE)
    answer = rules_shop.say(MOVED)
    assert [each["cause"] for each in results_of(rules_shop, answer)] == ["not_found"]
    text, handled_by = answer.get_json()["response"], answer.get_json()["handled_by"]
    if on_failure == "hand_over":
        assert (text, handled_by) == (
            f"{FAILED} Thank you for your message. Someone from our team will reply to you.",
            "human",
        )
    else:
        assert (text, handled_by) == (FAILED, "ai")
        # The stage's own text is not sent for a later message either, because nothing was done.
        later = reply(rules_shop, "Please send it to another address")
        assert later == "I have not changed anything just now. How can I help you?"


def test_partly_failed_list_is_reported(rules_shop: Shop) -> None:
    wrong = {**CHANGE, "with": {**CHANGE["with"], "order_number": "A-99999"}}
    make_address_shop(rules_shop, CHANGE, wrong, **STAGE)
    assert reply(rules_shop, MOVED) == "I am sorry, I could do only a part of that."
    assert address_of(rules_shop) == NEW


def test_stage_without_a_text_of_its_own_says_done(rules_shop: Shop) -> None:
    make_address_shop(rules_shop, CHANGE, **{**STAGE, "fixed_reply": None})
    assert reply(rules_shop, MOVED) == "Done."


def test_action_with_a_question_is_left_to_the_person_who_takes_over(rules_shop: Shop) -> None:
    agent = made(rules_shop.post("/agents", {"agent_name": "Hugo", "agent_type": "human"}))
    make_address_shop(rules_shop, agent_id=agent["agent_id"], **STAGE)
    assert reply(rules_shop, MOVED) == "Thank you for your message. Someone from our team will reply to you."


def test_question_says_what_was_done_before_it(rules_shop: Shop) -> None:
    event = {"do": "create_event", "with": {"event_type": "asked"}}
    make_address_shop(rules_shop, event, CHANGE_ADDRESS, **STAGE)
    assert reply(rules_shop, MOVED) == f"Done. {ASKED}"


def test_fixed_reply_after_a_failed_model_claims_only_what_was_done(shop: Shop, fake_model: FakeModel) -> None:
    wrong = {**CHANGE, "with": {**CHANGE["with"], "order_number": "A-99999"}}
    make_address_shop(shop, wrong, **STAGE)
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=FOUND, response=Status(400))
    failed = shop.say(MOVED)
    assert (failed.get_json()["engine"], failed.get_json()["response"]) == ("fallback", FAILED)
    assert shop.put(f"/stages/{shop.stages['Address']}", {"actions": [CHANGE]}).status_code == 200
    done = shop.say(MOVED)
    assert (done.get_json()["engine"], done.get_json()["response"]) == ("fallback", CHANGED)
    assert outcomes(shop) == [("done", None)]


def test_answer_is_recognised_by_words_if_the_model_fails(shop: Shop, fake_model: FakeModel) -> None:
    make_address_shop(shop, **STAGE)
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=FOUND)
    assert shop.say(MOVED).get_json()["response"] == ASKED
    fake_model.respond = by_step(confirmation=Status(400))
    answer = shop.say("Yes, please")
    assert (answer.get_json()["engine"], answer.get_json()["response"]) == ("fallback", CHANGED)
    assert address_of(shop) == NEW
