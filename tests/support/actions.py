"""The address example: a stage that changes the address of the customer's order, after a confirmation."""

import json
from typing import Any

from werkzeug.test import TestResponse

from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.turns import by_step

ADDRESS_SCHEMA = {
    "type": "object",
    "properties": {
        "order_number": {"type": "string", "pattern": "^[A-Z]-\\d{4,6}$"},
        "shipping_address": {"type": "string", "pattern": "^[A-Z][a-z]+ Street \\d{1,3}, [A-Z][a-z]+$"},
    },
    "required": ["order_number", "shipping_address"],
}
QUESTION = "Shall I change the address of order {order_number} to {shipping_address}?"
CHANGE_ADDRESS: dict[str, Any] = {
    "do": "update_order",
    "when": {"fields": ["shipping_address"]},
    "with": {"order_number": "{order_number}", "shipping_address": "{shipping_address}"},
    "confirm": QUESTION,
    "on_failure": "continue",
}
LOOK_UP = {
    "method": "database_query",
    "config": {"source": "orders", "match": {"order_number": "{order_number}"}, "ask": "Which order is it?"},
}
OLD, NEW, OTHER = "Mill Street 1, Leeds", "Oak Street 5, York", "Elm Street 7, Bath"
MOVED = f"My address is now {NEW}, for order A-10433"
ASKED = f"Shall I change the address of order A-10433 to {NEW}?"
IN_ADDRESS = '{"stage": "Address", "confidence": 0.9}'
CHANGE = {"do": "update_order", "with": CHANGE_ADDRESS["with"]}  # without a question
WRITABLE = {"orders": ["shipping_address"], "customer": ["phone"]}


def extracted(**fields: str) -> str:
    """The model's answer to the extraction prompt."""
    return json.dumps({"order_number": None, "shipping_address": None, **fields})


FOUND = extracted(order_number="A-10433", shipping_address=NEW)
NOTHING = extracted()


def make_address_shop(shop: Shop, *actions: dict[str, Any], **stage: Any) -> Shop:
    """Give a business the stage Address, with these actions or the change of the address, and the customer's order."""
    settings = {"speculation": "off", "writable_fields": WRITABLE}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    values = {"extraction_schema": ADDRESS_SCHEMA, "data_retrieval": LOOK_UP, "actions": [*actions] or [CHANGE_ADDRESS]}
    shop.add_stage("Address", stage_description="The customer wants another address", **{**values, **stage})
    order = {"user_id": shop.user_id, "order_number": "A-10433", "shipping_address": OLD}
    shop.order_id = made(shop.post("/orders", order))["order_id"]
    return shop


def address_of(shop: Shop) -> str:
    """The address of the order."""
    address: str = shop.get(f"/orders/{shop.order_id}").get_json()["shipping_address"]
    return address


def results_of(shop: Shop, answer: TestResponse) -> list[dict[str, Any]]:
    """The results of the actions of an answered turn."""
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = shop.trace(answer.get_json()["turn_id"])["by_step"]["actions"]["output"]["results"]
    return results


def outcomes(shop: Shop, message: str = MOVED, **values: Any) -> list[tuple[str, str | None]]:
    """The status and the cause of each action after a message."""
    return [(each["status"], each["cause"]) for each in results_of(shop, shop.say(message, **values))]


def find_address_first(fake_model: FakeModel) -> None:
    """The model finds the address in the first message, and nothing in the next ones."""
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=[FOUND, *[NOTHING] * 5], response="Here you are.")


def prompt_of_reply(fake_model: FakeModel) -> str:
    """The last prompt that the model has received."""
    text: str = fake_model.requests[-1]["messages"][-1]["content"]
    return text
