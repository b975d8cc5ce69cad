"""Actions of stages are checked when the stage is saved."""

from typing import Any

import pytest

from tests.support.actions import ADDRESS_SCHEMA, CHANGE_ADDRESS, WRITABLE
from tests.support.factories import Shop

CALL = {"method": "POST", "url": "https://api.example.com/{order_number}", "headers": {"X-Key": "{secret.crm}"}}


@pytest.fixture
def writable_shop(shop: Shop) -> Shop:
    """A business that allows changes of addresses and phone numbers, with a stage that extracts an address."""
    allow(shop, WRITABLE)
    shop.add_stage("Address", extraction_schema=ADDRESS_SCHEMA)
    return shop


def allow(shop: Shop, writable: dict[str, Any]) -> None:
    body = {"settings": {"speculation": "off", "writable_fields": writable}}
    assert shop.put(f"/businesses/{shop.business_id}", body).status_code == 200


@pytest.mark.parametrize(
    "action",
    [
        CHANGE_ADDRESS,
        {"do": "update_customer", "with": {"phone": "{order_number}"}},
        {"do": "api_call", "with": CALL, "name": "Book", "when": {"if": {"required": ["order_number"]}}},
        {"do": "create_event", "with": {"event_type": "moved", "properties": {"to": "{shipping_address}", "n": 1}}},
        {"do": "hand_over"},
        {"do": "complete", "confirm": "Is that all?"},
        {"do": "set_field", "with": {"vip": "yes"}},
        {"do": "tag", "with": {"add": ["moved"], "remove": ["{user.language}"]}},
    ],
)
def test_action_is_stored_and_returned(writable_shop: Shop, action: dict[str, Any]) -> None:
    path = f"/stages/{writable_shop.stages['Address']}"
    changed = writable_shop.put(path, {"actions": [action]})
    assert changed.status_code == 200, changed.text
    assert changed.get_json()["actions"] == [action]
    assert writable_shop.get(path).get_json()["actions"] == [action]


@pytest.mark.parametrize(
    ("action", "place"),
    [
        ({**CHANGE_ADDRESS, "when": {"fields": ["city"]}}, "$.actions[0].when.fields[0]"),
        ({**CHANGE_ADDRESS, "when": {"if": {"type": "text"}}}, "$.actions[0].when.if.type"),
        ({**CHANGE_ADDRESS, "with": {"order_number": "A-1", "status": "sent"}}, "$.actions[0].with.status"),
        ({"do": "update_customer", "with": {"email": "{shipping_address}"}}, "$.actions[0].with.email"),
        ({**CHANGE_ADDRESS, "confirm": "Change {order_nubmer}?"}, "$.actions[0]"),
        ({**CHANGE_ADDRESS, "confirm": "{secret.crm}?"}, "$.actions[0]"),
        ({"do": "create_event", "with": {"event_type": "a", "properties": {"key": "{secret.crm}"}}}, "$.actions[0]"),
        ({"do": "api_call", "with": {**CALL, "url": "https://{order_number}/"}}, "$.actions[0].with.url"),
        ({"do": "api_call", "with": {**CALL, "ask": "Which order?"}}, "$.actions[0].with.ask"),
        ({"do": "api_call", "with": CALL, "confirm": "Use {secret.crm}?"}, "$.actions[0]"),
        ({"do": "api_call", "with": CALL, "confirm": "{secret.crm}"}, "$.actions[0]"),
        ({"do": "update_order", "with": {"order_number": "{order_number}"}}, "$.actions[0]"),
        ({"do": "delete_order", "with": {}}, "$.actions[0]"),
    ],
)
def test_action_that_cannot_work_is_rejected(writable_shop: Shop, action: dict[str, Any], place: str) -> None:
    answer = writable_shop.put(f"/stages/{writable_shop.stages['Address']}", {"actions": [action]})
    assert answer.status_code == 400
    assert answer.get_json()["details"][0]["path"].startswith(place)


def test_field_of_an_action_cannot_be_removed_from_the_schema(writable_shop: Shop) -> None:
    path = f"/stages/{writable_shop.stages['Address']}"
    assert writable_shop.put(path, {"actions": [CHANGE_ADDRESS]}).status_code == 200
    schema = {"type": "object", "properties": {"order_number": {"type": "string"}}}
    assert writable_shop.put(path, {"extraction_schema": schema}).status_code == 400
    assert writable_shop.put(path, {"extraction_schema": schema, "actions": []}).status_code == 200


def test_templates_can_use_what_the_stage_looks_up(writable_shop: Shop) -> None:
    path = f"/stages/{writable_shop.stages['Address']}"
    retrieval = {"method": "database_query", "config": {"source": "orders", "match": {}}}
    action = {**CHANGE_ADDRESS, "confirm": "It is {status}. Change it?"}
    assert writable_shop.put(path, {"actions": [action]}).status_code == 400
    assert writable_shop.put(path, {"actions": [action], "data_retrieval": retrieval}).status_code == 200
    assert writable_shop.put(path, {"data_retrieval": {"method": "none"}}).status_code == 400


def test_fields_that_are_not_writable_by_default_cannot_be_changed(shop: Shop) -> None:
    stage = {"stage_name": "Address", "extraction_schema": ADDRESS_SCHEMA, "actions": [CHANGE_ADDRESS]}
    assert shop.post("/stages", stage).status_code == 400
    allow(shop, WRITABLE)
    assert shop.post("/stages", stage).status_code == 201
