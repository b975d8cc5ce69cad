"""What actions do, and what they leave alone, with a model."""

import threading
from typing import Any

import pytest

from message_processing.actions.checks import LOOK_UP_COLUMNS
from tests.support.actions import (
    CHANGE,
    FOUND,
    IN_ADDRESS,
    MOVED,
    NEW,
    OLD,
    address_of,
    extracted,
    find_address_first,
    make_address_shop,
    outcomes,
    prompt_of_reply,
    results_of,
)
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Status
from tests.support.turns import by_step, in_background


@pytest.fixture(autouse=True)
def answers(fake_model: FakeModel) -> None:
    """The model finds the address in the first message, and nothing in the next ones."""
    find_address_first(fake_model)


def test_action_is_done_once_although_the_data_stays_known(shop: Shop) -> None:
    make_address_shop(shop, CHANGE)
    assert outcomes(shop) == [("done", None)]
    assert address_of(shop) == NEW
    assert shop.put(f"/orders/{shop.order_id}", {"shipping_address": OLD}).status_code == 200
    assert outcomes(shop, "Thanks") == [("skipped", "unchanged")]
    assert address_of(shop) == OLD


def test_action_with_a_missing_field_is_skipped(shop: Shop, fake_model: FakeModel) -> None:
    make_address_shop(shop, CHANGE)
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=extracted(order_number="A-10433"), response="Where?")
    [result] = results_of(shop, shop.say("A-10433"))
    assert (result["status"], result["cause"], result["missing"]) == ("skipped", "missing_fields", ["shipping_address"])
    assert address_of(shop) == OLD


@pytest.mark.parametrize(("city", "outcome"), [("York", ("done", None)), ("Bath", ("skipped", "condition"))])
def test_condition_decides_whether_an_action_runs(shop: Shop, city: str, outcome: tuple[str, str | None]) -> None:
    condition = {"if": {"properties": {"shipping_address": {"pattern": f"{city}$"}}, "required": ["shipping_address"]}}
    make_address_shop(shop, {**CHANGE, "when": condition})
    assert outcomes(shop) == [outcome]


def test_failed_update_is_reported_as_failed(shop: Shop, fake_model: FakeModel) -> None:
    make_address_shop(shop, CHANGE, {"do": "tag", "with": {"add": ["moved"]}})
    assert shop.put(f"/orders/{shop.order_id}", {"order_number": "A-99999"}).status_code == 200
    assert outcomes(shop) == [("failed", "not_found"), ("done", None)]
    prompt = prompt_of_reply(fake_model)
    assert '"status": "failed", "cause": "not_found"' in prompt
    assert '"action": "update_order", "status": "done"' not in prompt


def test_field_that_may_no_longer_be_changed_is_not_changed(shop: Shop) -> None:
    make_address_shop(shop, CHANGE)
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": {"speculation": "off"}}).status_code == 200
    assert outcomes(shop) == [("failed", "not_writable")]
    assert address_of(shop) == OLD


def test_customer_is_changed(shop: Shop) -> None:
    make_address_shop(shop, {"do": "update_customer", "with": {"phone": "+44 {order_number}"}})
    assert outcomes(shop) == [("done", None)]
    assert shop.get(f"/users/{shop.user_id}").get_json()["phone"] == "+44 A-10433"
    [entry] = shop.get("/audit-log", resource_id=shop.user_id, action="update").get_json()
    assert (entry["actor_type"], entry["resource"], entry["fields"]) == ("turn", "user", ["phone"])


def test_value_that_is_taken_fails_and_the_other_changes_are_made(shop: Shop) -> None:
    make_address_shop(shop)
    settings = {"speculation": "off", "writable_fields": {"customer": ["email"], "orders": ["shipping_address"]}}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    email = {"do": "update_customer", "with": {"email": "taken@example.com"}}
    invalid = {"do": "update_customer", "with": {"email": "{shipping_address}"}}
    shop.add_customer("c-2", email="taken@example.com")
    path = f"/stages/{shop.stages['Address']}"
    assert shop.put(path, {"actions": [email, invalid, CHANGE]}).status_code == 200
    assert outcomes(shop) == [("failed", "conflict"), ("failed", "invalid_value"), ("done", None)]
    assert address_of(shop) == NEW
    assert shop.get(f"/users/{shop.user_id}").get_json()["email"] is None


def test_tags_fields_and_completion(shop: Shop) -> None:
    tag = {"do": "tag", "with": {"add": ["Moved", "{order_number}"], "remove": ["old"]}}
    actions = [tag, {"do": "set_field", "with": {"vip": "yes, {order_number}"}}, {"do": "complete"}]
    make_address_shop(shop, *actions)
    answer = shop.say(MOVED)
    assert [each["status"] for each in results_of(shop, answer)] == ["done"] * 3
    body = answer.get_json()
    assert body["collected_data"]["vip"] == "yes, A-10433"
    assert "vip" not in body["extracted_data"]
    conversation = shop.get(f"/conversations/{body['conversation_id']}").get_json()
    assert (conversation["status"], sorted(conversation["tags"])) == ("completed", ["a-10433", "moved"])
    assert conversation["collected_data"]["vip"] == "yes, A-10433"
    entries = shop.get("/audit-log", resource_id=body["conversation_id"]).get_json()
    assert [(each["actor_id"], each["action"], each["fields"]) for each in entries] == [
        (body["turn_id"], "update", ["tags"]),
        (body["turn_id"], "complete", ["status"]),
    ]
    assert shop.say("Hello again").get_json()["conversation_id"] != body["conversation_id"]


def test_too_many_tags_fail(shop: Shop) -> None:
    make_address_shop(shop, *({"do": "tag", "with": {"add": [f"t{i}-{j}" for j in range(15)]}} for i in range(2)))
    assert outcomes(shop) == [("done", None), ("failed", "invalid_value")]


def test_event_is_validated_and_not_repeated(shop: Shop, fake_model: FakeModel) -> None:
    event = {"do": "create_event", "with": {"event_type": "moved", "properties": {"to": "{shipping_address}"}}}
    make_address_shop(shop, event)
    schema = {"type": "object", "properties": {"to": {"type": "string", "maxLength": 5}}}
    [known] = [made(shop.post("/event-property-schemas", {"event_type": "moved", "property_schema": schema}))]
    assert outcomes(shop) == [("failed", "invalid_value")]
    assert shop.delete(f"/event-property-schemas/{known['schema_id']}").status_code == 204
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=FOUND, response="Noted.")
    assert outcomes(shop) == [("done", None)]
    assert outcomes(shop) == [("skipped", "already_done")]
    assert len(shop.get("/events", event_type="moved").get_json()) == 1


def test_hand_over_gives_the_conversation_to_a_person_after_the_reply(shop: Shop) -> None:
    make_address_shop(shop, {"do": "hand_over"})
    answer = shop.say(MOVED).get_json()
    assert (answer["response"], answer["handled_by"]) == ("Here you are.", "human")
    [takeover] = shop.get(f"/conversations/{answer['conversation_id']}/takeovers").get_json()
    assert takeover["reason"] == "action"


def test_failure_can_hand_over_and_ends_the_list(shop: Shop) -> None:
    wrong = {**CHANGE, "with": {**CHANGE["with"], "order_number": "B-1"}, "on_failure": "hand_over"}
    make_address_shop(shop, wrong, CHANGE)
    answer = shop.say(MOVED)
    assert [(each["status"], each["cause"]) for each in results_of(shop, answer)] == [
        ("failed", "not_found"),
        ("skipped", "earlier_failed"),
    ]
    assert answer.get_json()["handled_by"] == "human"
    [takeover] = shop.get(f"/conversations/{answer.get_json()['conversation_id']}/takeovers").get_json()
    assert takeover["reason"] == "action_failed"
    assert address_of(shop) == OLD


def test_message_that_asks_for_a_person_runs_no_action(shop: Shop) -> None:
    make_address_shop(shop, CHANGE)
    settings = shop.get(f"/businesses/{shop.business_id}").get_json()["settings"]
    body = {"settings": {**settings, "handover": {"keywords": ["human"]}}}
    assert shop.put(f"/businesses/{shop.business_id}", body).status_code == 200
    turn = shop.trace(shop.say(f"{MOVED}, human please").get_json()["turn_id"])
    assert "actions" not in turn["by_step"]
    assert address_of(shop) == OLD


def test_held_turn_changes_nothing(shop: Shop, fake_model: FakeModel) -> None:
    make_address_shop(shop, CHANGE)
    gate = threading.Event()
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=Gated(FOUND, gate), response="Done.")
    with in_background(lambda: shop.say(MOVED)) as answer:
        fake_model.wait_for_requests(2)
        [conversation] = shop.get("/conversations", user_id=shop.user_id).get_json()
        path = f"/conversations/{conversation['conversation_id']}"
        assert shop.post(f"{path}/takeover").status_code == 200
        gate.set()
        assert answer.result(20).status_code == 202
    assert address_of(shop) == OLD
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=FOUND, response="Done.")
    assert shop.post(f"{path}/release", {"answer": "last"}).status_code == 200
    with in_background(lambda: shop.say("Thanks", conversation_id=conversation["conversation_id"])) as answer:
        assert answer.result(20).status_code == 200
    assert address_of(shop) == NEW


def test_late_retry_does_not_overwrite_a_later_change(shop: Shop, fake_model: FakeModel) -> None:
    make_address_shop(shop, CHANGE)
    fake_model.respond = by_step(selection="no", extraction="no", response="no")
    template = shop.get(f"/stages/{shop.stages['Greeting']}").get_json()["stage_selection_template_id"]
    assert shop.put(f"/templates/{template}", {"model_settings": {"timeout": 1}}).status_code == 200
    failed_turn = _fail(shop, fake_model)
    later = extracted(order_number="A-10433", shipping_address="Elm Street 7, Bath")
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=later, response="Done.")
    shop.say("Elm Street 7, Bath for A-10433", conversation_id=failed_turn["conversation_id"])
    assert address_of(shop) == "Elm Street 7, Bath"
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=FOUND, response="Late.")
    assert shop.post(f"/turns/{failed_turn['turn_id']}/retry").status_code == 200
    [result] = shop.trace(failed_turn["turn_id"])["by_step"]["actions"]["output"]["results"]
    assert (result["status"], result["cause"]) == ("skipped", "late")
    assert address_of(shop) == "Elm Street 7, Bath"


def _fail(shop: Shop, fake_model: FakeModel) -> dict[str, Any]:
    fake_model.respond = lambda body: Status(400)
    failed = shop.say(MOVED)
    assert failed.status_code == 503
    body: dict[str, Any] = failed.get_json()
    return body


def test_failed_reply_is_retried_without_repeating_the_actions(
    shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    make_address_shop(shop, CHANGE)
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=FOUND, response=Status(400))
    failed = shop.say(MOVED)
    assert failed.status_code == 503
    assert address_of(shop) == NEW
    assert shop.put(f"/orders/{shop.order_id}", {"shipping_address": OLD}).status_code == 200
    fake_model.respond = by_step(response="It is changed.")
    retried = shop.post(f"/turns/{failed.get_json()['turn_id']}/retry")
    assert retried.get_json()["response"] == "It is changed."
    assert address_of(shop) == OLD


def test_names_of_looked_up_columns_are_those_of_the_rows(shop: Shop, fake_model: FakeModel) -> None:
    make_address_shop(shop, CHANGE)
    made(shop.post("/products", {"product_name": "Mug"}))
    for source, names in LOOK_UP_COLUMNS.items():
        if source == "knowledge":
            continue  # finds a text
        match = {"order_number": "A-10433"} if source == "orders" else {}
        retrieval = {"method": "database_query", "config": {"source": source, "match": match}}
        body = {"data_retrieval": retrieval, "actions": []}
        assert shop.put(f"/stages/{shop.stages['Address']}", body).status_code == 200
        turn = shop.trace(shop.say("Hello").get_json()["turn_id"])
        assert set(turn["by_step"]["retrieval"]["output"]["data"]) == set(names.split())
