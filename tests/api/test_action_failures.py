"""Actions that fail when their changes are written, values that are too large, and what the reply may know of it."""

import threading
from typing import Any

import pytest

from tests.support.actions import (
    CHANGE,
    CHANGE_ADDRESS,
    FOUND,
    IN_ADDRESS,
    MOVED,
    NEW,
    NOTHING,
    OLD,
    WRITABLE,
    address_of,
    extracted,
    find_address_first,
    make_address_shop,
    outcomes,
    prompt_of_reply,
    results_of,
)
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated
from tests.support.turns import by_step, in_background

FREE = {
    "extraction_schema": {"properties": {"note": {"type": "string", "x-grounded": False}}},
    "data_retrieval": {"method": "none"},
}


@pytest.fixture(autouse=True)
def answers(fake_model: FakeModel) -> None:
    """The model finds the address in the first message, and nothing in the next ones."""
    find_address_first(fake_model)


@pytest.fixture
def taken_email(shop: Shop) -> dict[str, Any]:
    """An action that fails when it is written, because another customer has the email, and then hands over."""
    make_address_shop(shop)
    settings = {"speculation": "off", "writable_fields": {**WRITABLE, "customer": ["email"]}}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    shop.add_customer("c-2", email="taken@example.com")
    return {"do": "update_customer", "with": {"email": "taken@example.com"}, "on_failure": "hand_over"}


@pytest.mark.parametrize(
    "later", [CHANGE, CHANGE_ADDRESS, {"do": "complete"}, {"do": "set_field", "with": {"vip": "yes"}}]
)
def test_failure_while_writing_hands_over_and_ends_the_list(
    shop: Shop, taken_email: dict[str, Any], later: dict[str, Any]
) -> None:
    before = {"do": "tag", "with": {"add": ["moved"]}}
    body = {"actions": [before, taken_email, later]}
    assert shop.put(f"/stages/{shop.stages['Address']}", body).status_code == 200
    answer = shop.say(MOVED)
    assert [(each["status"], each["cause"]) for each in results_of(shop, answer)] == [
        ("done", None),
        ("failed", "conflict"),
        ("skipped", "earlier_failed"),
    ]
    assert (answer.get_json()["response"], answer.get_json()["handled_by"]) == ("Here you are.", "human")
    conversation = shop.get(f"/conversations/{answer.get_json()['conversation_id']}").get_json()
    assert (conversation["status"], conversation["tags"]) == ("active", ["moved"])
    assert "vip" not in conversation["collected_data"]
    [takeover] = shop.get(f"/conversations/{answer.get_json()['conversation_id']}/takeovers").get_json()
    assert takeover["reason"] == "action_failed"
    assert address_of(shop) == OLD


# The second one is too long for the index of event types.
@pytest.mark.parametrize("event_type", ["x" * 101, "".join(chr(0x4E00 + i * 7919 % 20_000) for i in range(4900))])
def test_event_type_that_is_too_long_fails_and_the_turn_is_answered(
    shop: Shop, fake_model: FakeModel, event_type: str
) -> None:
    make_address_shop(shop, {"do": "create_event", "with": {"event_type": "{note}"}}, **FREE)
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=f'{{"note": "{event_type}"}}', response="Noted.")
    assert outcomes(shop) == [("failed", "invalid_value")]


def test_field_that_contains_earlier_values_does_not_grow_without_limit(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=NOTHING, response="Noted.")
    action = {"do": "set_field", "with": {"log": "{collected_data|start} " * 20}}
    make_address_shop(shop, action)
    statuses = [outcomes(shop)[0] for _ in range(3)]
    assert statuses[0] == ("done", None) and statuses[-1] == ("failed", "invalid_value")
    assert len(shop.say("Hello").get_data()) < 10_000


def test_question_with_an_unknown_value_is_not_asked(shop: Shop) -> None:
    make_address_shop(shop, {**CHANGE_ADDRESS, "confirm": "Shall I send {order_total} worth to {shipping_address}?"})
    [result] = results_of(shop, shop.say(MOVED))
    assert (result["status"], result["cause"], result["missing"]) == ("skipped", "missing_fields", ["order_total"])


def test_prompt_does_not_contain_what_only_the_business_should_know_of_a_failed_call(
    shop: Shop, fake_model: FakeModel
) -> None:
    calls = [
        {"do": "api_call", "with": {"method": "POST", "url": url}}
        for url in ("https://10.0.0.1/", "https://10.0.0.1/{secret.crm}")
    ]
    make_address_shop(shop, *calls)
    results = results_of(shop, shop.say(MOVED))
    assert [each["cause"] for each in results] == ["address_refused", "secret_missing"]
    assert "API_CALL_ALLOWED_HOSTS" in results[0]["message"] and "crm" in results[1]["message"]
    prompt = prompt_of_reply(fake_model)
    assert '"status": "failed", "cause": "address_refused"' in prompt
    assert "API_CALL_ALLOWED_HOSTS" not in prompt and "crm" not in prompt


@pytest.mark.parametrize("is_undone", [False, True])
def test_change_made_before_a_takeover_is_reported_after_it_unless_a_person_has_undone_it(
    shop: Shop, fake_model: FakeModel, is_undone: bool
) -> None:
    make_address_shop(shop)
    conversation_id = shop.say(MOVED).get_json()["conversation_id"]
    gate = threading.Event()
    fake_model.forget()
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=NOTHING, response=Gated("Done.", gate))
    with in_background(lambda: shop.say("Yes")) as answer:
        fake_model.wait_for_requests(3)
        assert shop.post(f"/conversations/{conversation_id}/takeover").status_code == 200
        gate.set()
        held = answer.result(20)
        assert held.status_code == 202
    assert address_of(shop) == NEW
    if is_undone:
        assert shop.put(f"/orders/{shop.order_id}", {"shipping_address": OLD}).status_code == 200
    fake_model.forget()
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=NOTHING, response="It is changed.")
    assert shop.post(f"/conversations/{conversation_id}/release", {"answer": "last"}).status_code == 200
    fake_model.wait_for_requests(3)
    assert ('"action": "update_order", "status": "done"' in prompt_of_reply(fake_model)) is not is_undone
    assert outcomes(shop, "Thanks", conversation_id=conversation_id) == [("skipped", "unchanged")]


def test_changed_message_after_a_takeover_is_carried_out(shop: Shop, fake_model: FakeModel) -> None:
    make_address_shop(shop, CHANGE)
    gate = threading.Event()
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=FOUND, response=Gated("Done.", gate))
    with in_background(lambda: shop.say(MOVED)) as answer:
        fake_model.wait_for_requests(3)
        conversation_id = shop.get("/conversations", user_id=shop.user_id).get_json()[0]["conversation_id"]
        assert shop.post(f"/conversations/{conversation_id}/takeover").status_code == 200
        gate.set()
        assert answer.result(20).status_code == 202
    assert address_of(shop) == NEW
    fake_model.forget()
    later = extracted(order_number="A-10433", shipping_address="Elm Street 7, Bath")
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=later, response="It is changed.")
    assert shop.say("No, Elm Street 7, Bath", conversation_id=conversation_id).status_code == 202
    assert shop.post(f"/conversations/{conversation_id}/release", {"answer": "last"}).status_code == 200
    fake_model.wait_for_requests(3)
    assert "Elm Street 7, Bath" in prompt_of_reply(fake_model)
    assert address_of(shop) == "Elm Street 7, Bath"


@pytest.mark.parametrize("reason", ["stage", "action"])
def test_customer_is_not_asked_if_a_person_reads_the_answer(shop: Shop, reason: str) -> None:
    if reason == "stage":
        agent = made(shop.post("/agents", {"agent_name": "Hugo", "agent_type": "human"}))
        make_address_shop(shop, CHANGE_ADDRESS, agent_id=agent["agent_id"])
    else:
        make_address_shop(shop, {"do": "hand_over"}, CHANGE_ADDRESS)
    answer = shop.say(MOVED)
    assert (answer.get_json()["response"], answer.get_json()["handled_by"]) == ("Here you are.", "human")
    result = results_of(shop, answer)[-1]
    assert (result["status"], result["cause"]) == ("skipped", "held")
