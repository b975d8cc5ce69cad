"""Actions that ask the customer first: the address example with a model."""

import json
import threading

import pytest

from tests.support.actions import (
    ASKED,
    CHANGE_ADDRESS,
    FOUND,
    IN_ADDRESS,
    MOVED,
    NEW,
    NOTHING,
    OLD,
    OTHER,
    address_of,
    extracted,
    make_address_shop,
    results_of,
)
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated
from tests.support.os_users import wait_for
from tests.support.turns import by_step, in_background, step_of


@pytest.fixture
def address_shop(shop: Shop, fake_model: FakeModel) -> Shop:
    """A business with the address example. The model finds the address in the first message."""
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=[FOUND, *[NOTHING] * 5], response="Here you are.")
    return make_address_shop(shop)


def answers(fake_model: FakeModel, *confirmations: str, extraction: str = NOTHING) -> None:
    """Makes the model read these answers in the next messages."""
    fake_model.forget()
    fake_model.respond = by_step(
        selection=IN_ADDRESS,
        confirmation=[f'{{"answer": "{answer}"}}' for answer in confirmations],
        extraction=extraction,
        response="Here you are.",
    )


def steps_asked(fake_model: FakeModel) -> list[str]:
    return [step_of(body) for body in fake_model.requests]


def test_confirmed_change_is_made_and_reported(address_shop: Shop, fake_model: FakeModel) -> None:
    asked = address_shop.say(MOVED)
    assert asked.get_json()["response"] == ASKED
    conversation_id = asked.get_json()["conversation_id"]
    question = address_shop.get(f"/conversations/{conversation_id}/messages").get_json()[-1]
    assert question["metadata"] == {"buttons": ["Yes", "No"]}
    [waiting] = results_of(address_shop, asked)
    assert (waiting["status"], waiting["values"]) == (
        "waiting",
        {"order_number": "A-10433", "shipping_address": NEW},
    )
    assert address_of(address_shop) == OLD

    answers(fake_model, "yes")
    done = address_shop.say("Yes, please")
    assert done.get_json()["response"] == "Here you are."
    assert steps_asked(fake_model) == ["confirmation", "extraction", "response"]
    assert [result["status"] for result in results_of(address_shop, done)] == ["done"]
    assert address_of(address_shop) == NEW
    prompt = fake_model.requests[-1]["messages"][-1]["content"]
    reported = {"order_number": "A-10433", "shipping_address": NEW}
    assert json.dumps({"action": "update_order", "status": "done", "values": reported}) in prompt
    turn = address_shop.trace(done.get_json()["turn_id"])
    [entry] = address_shop.get("/audit-log", resource_id=address_shop.order_id, action="update").get_json()
    assert (entry["actor_type"], entry["actor_id"], entry["fields"]) == ("turn", turn["turn_id"], ["shipping_address"])
    assert turn["by_step"]["selection"]["output"]["answer"] == "yes"


def test_declined_change_is_not_made(address_shop: Shop, fake_model: FakeModel) -> None:
    address_shop.say(MOVED)
    answers(fake_model, "no")
    declined = address_shop.say("No, leave it")
    [result] = results_of(address_shop, declined)
    assert (result["status"], result["cause"]) == ("skipped", "declined")
    assert address_of(address_shop) == OLD
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=NOTHING, response="Bye.")
    [result] = results_of(address_shop, address_shop.say("yes"))
    assert (result["status"], result["cause"]) == ("skipped", "unchanged")
    assert address_of(address_shop) == OLD


def test_unclear_answer_is_asked_once_more(address_shop: Shop, fake_model: FakeModel) -> None:
    address_shop.say(MOVED)
    answers(fake_model, "neither", "neither", "yes")
    assert address_shop.say("Hm").get_json()["response"] == f"Please answer yes or no. {ASKED}"
    ended = address_shop.say("What are your opening hours?")
    assert ended.get_json()["response"] == "Here you are."
    assert steps_asked(fake_model)[-4:] == ["confirmation", "selection", "extraction", "response"]
    [result] = results_of(address_shop, ended)
    assert (result["status"], result["cause"]) == ("skipped", "unconfirmed")
    assert address_shop.say("yes").get_json()["response"] == "Here you are."
    assert address_of(address_shop) == OLD


def test_yes_after_the_second_question_is_accepted(address_shop: Shop, fake_model: FakeModel) -> None:
    address_shop.say(MOVED)
    answers(fake_model, "neither", "yes")
    address_shop.say("Hm")
    address_shop.say("Yes")
    assert address_of(address_shop) == NEW


@pytest.mark.parametrize("answer", ["yes", "no", "neither"])
def test_changed_data_is_asked_about_again(address_shop: Shop, fake_model: FakeModel, answer: str) -> None:
    address_shop.say(MOVED)
    answers(fake_model, answer, "yes", extraction=extracted(shipping_address=OTHER))
    assert address_shop.say(f"Make that {OTHER}").get_json()["response"] == ASKED.replace(NEW, OTHER)
    assert address_of(address_shop) == OLD
    address_shop.say("Yes")
    assert address_of(address_shop) == OTHER


def test_same_value_in_another_form_counts_as_unchanged(address_shop: Shop, fake_model: FakeModel) -> None:
    fields = {name: {"type": "string", "x-grounded": False} for name in ("order_number", "shipping_address")}
    schema = {"extraction_schema": {"type": "object", "properties": fields}}
    assert address_shop.put(f"/stages/{address_shop.stages['Address']}", schema).status_code == 200
    address_shop.say(MOVED)
    answers(fake_model, "yes", extraction=extracted(shipping_address="oak street 5,  York."))
    address_shop.say("Yes")
    assert address_of(address_shop) == NEW


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("annab@example.com", "anna.b@example.com"),
        ("a+b@example.com", "ab@example.com"),
        ("15", "1.5"),
        ("-5", "5"),
        ("c", "c++"),
        ("की", "का"),
        ("old@example.com", "former@example.com"),
    ],
)
def test_value_that_differs_in_signs_is_asked_about_again(
    address_shop: Shop, fake_model: FakeModel, asked: str, answered: str
) -> None:
    schema = {"type": "object", "properties": {"email": {"type": "string", "x-grounded": False}}}
    assert address_shop.put(f"/users/{address_shop.user_id}", {"email": "former@example.com"}).status_code == 200
    event = {"do": "create_event", "with": {"event_type": "moved", "properties": {"to": "{email}"}}}
    body = {
        "actions": [{**event, "confirm": "Is it {email} instead of {user.email}?"}],
        "extraction_schema": schema,
        "data_retrieval": {"method": "none"},
    }
    assert address_shop.put(f"/stages/{address_shop.stages['Address']}", body).status_code == 200
    found = [json.dumps({"email": each}) for each in (asked, answered)]
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=found, response="Done.")
    assert address_shop.say("Hello").get_json()["response"] == f"Is it {asked} instead of former@example.com?"
    again = address_shop.say(f"Yes, {answered}").get_json()["response"]
    assert again == f"Is it {answered} instead of former@example.com?"
    assert address_shop.get("/events", event_type="moved").get_json() == []


def test_question_expires_with_the_idle_limit(address_shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    asked = address_shop.say(MOVED).get_json()
    sql.execute(
        "UPDATE messages SET created_at = created_at - interval '31 minutes' WHERE conversation_id = %(id)s",
        {"id": asked["conversation_id"]},
    )
    answers(fake_model)
    address_shop.say("Yes", conversation_id=asked["conversation_id"])
    assert address_of(address_shop) == OLD
    assert "confirmation" not in steps_asked(fake_model)


def test_answer_to_a_person_confirms_nothing(address_shop: Shop, fake_model: FakeModel) -> None:
    conversation_id = address_shop.say(MOVED).get_json()["conversation_id"]
    path = f"/conversations/{conversation_id}"
    assert address_shop.post(f"{path}/takeover").status_code == 200
    assert address_shop.post(f"{path}/messages", {"message": "Do you want a refund?"}).status_code == 201
    answers(fake_model)
    assert address_shop.say("Yes").status_code == 202
    assert address_shop.post(f"{path}/release", {"answer": "last"}).status_code == 200
    fake_model.wait_for_requests(3)
    assert steps_asked(fake_model) == ["selection", "extraction", "response"]
    assert address_of(address_shop) == OLD


def test_message_sent_before_the_question_confirms_nothing(shop: Shop, fake_model: FakeModel) -> None:
    make_address_shop(shop)
    gate = threading.Event()
    fake_model.respond = by_step(
        selection=IN_ADDRESS, extraction=[Gated(FOUND, gate), NOTHING, NOTHING], response="Done."
    )
    with in_background(lambda: shop.say(MOVED)) as first:
        fake_model.wait_for_requests(2)
        [conversation] = shop.get("/conversations", user_id=shop.user_id).get_json()
        ids = {"conversation_id": conversation["conversation_id"]}
        with in_background(lambda: shop.say("Yes, it is urgent", **ids)) as second:
            wait_for(lambda: len(shop.get(f"/conversations/{ids['conversation_id']}/turns").get_json()) == 2, "a turn")
            gate.set()
            assert first.result(20).get_json()["response"] == ASKED
            assert second.result(20).get_json()["response"] == f"Please answer yes or no. {ASKED}"
    assert address_of(shop) == OLD
    assert shop.say("Yes", **ids).get_json()["response"] == "Done."
    assert address_of(shop) == NEW


def test_changed_stage_forgets_the_question(address_shop: Shop, fake_model: FakeModel) -> None:
    address_shop.say(MOVED)
    action = {**CHANGE_ADDRESS, "with": {**CHANGE_ADDRESS["with"], "order_number": "A-10434"}}
    assert address_shop.put(f"/stages/{address_shop.stages['Address']}", {"actions": [action]}).status_code == 200
    answers(fake_model)
    address_shop.say("Yes")
    assert "confirmation" not in steps_asked(fake_model)
    assert address_of(address_shop) == OLD


def test_actions_after_the_question_wait_for_the_answer(shop: Shop, fake_model: FakeModel) -> None:
    event = {"do": "create_event", "with": {"event_type": "moved", "properties": {"to": "{shipping_address}"}}}
    before = {"do": "tag", "with": {"add": ["Address"]}}
    make_address_shop(shop, before, CHANGE_ADDRESS, event)
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=[FOUND, NOTHING], response="Done.")
    asked = results_of(shop, shop.say(MOVED))
    assert [(each["status"], each["cause"]) for each in asked] == [
        ("done", None),
        ("waiting", None),
        ("skipped", "waiting"),
    ]
    assert shop.get("/events", event_type="moved").get_json() == []
    confirmed = results_of(shop, shop.say("Yes"))
    assert [(each["index"], each["status"]) for each in confirmed] == [(1, "done"), (2, "done")]
    [stored] = shop.get("/events", event_type="moved").get_json()
    assert stored["custom_event_properties"] == {"to": NEW}
    assert (stored["verified"], stored["user_id"]) == (True, shop.user_id)


def test_order_of_another_customer_is_not_found(address_shop: Shop, fake_model: FakeModel) -> None:
    other = address_shop.add_customer("c-2")
    refused = address_shop.say(MOVED, user_id=other)
    [result] = results_of(address_shop, refused)
    assert (result["status"], result["cause"]) == ("failed", "not_found")
    assert address_of(address_shop) == OLD
