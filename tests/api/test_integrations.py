"""The recipes of docs/integrations, with orders as the shops send them."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from background.hooks.mapping import fields_to_map
from background.imports.records import NAMES
from tests.support.factories import Shop, made
from tests.support.hooks import SECRET, deliver
from tests.support.imports import run_import
from tests.support.os_users import wait_for

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests/support/data"
NOTIFY = {"field": "status", "text": "News about your order {order_number}: it is now {status}."}


def recipe(shop_system: str) -> dict[str, Any]:
    """The documented body of POST /hooks."""
    text = (ROOT / f"docs/integrations/{shop_system}.md").read_text()
    found: dict[str, Any] = json.loads(re.findall(r"```json\n(.*?)```", text, re.DOTALL)[0])
    return found


def payload(shop_system: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{shop_system}_order.json").read_text())
    return found


@pytest.mark.parametrize("shop_system", ["shopify", "woocommerce"])
def test_form_offers_the_documented_recipe(shop_system: str) -> None:
    offered = json.loads((ROOT / "front-end/src/features/hooks/recipes.json").read_text())
    assert offered[shop_system] == recipe(shop_system)


def test_form_offers_the_fields_that_can_be_mapped() -> None:
    offered = json.loads((ROOT / "front-end/src/features/hooks/fields.json").read_text())
    assert offered == {resource: list(fields_to_map(resource)) for resource in NAMES}


def test_documented_notification_is_accepted(shop: Shop) -> None:
    text = (ROOT / "docs/integrations/README.md").read_text()
    documented = json.loads(re.findall(r"```json\n(.*?)```", text, re.DOTALL)[0])
    made(shop.post("/hooks", {**recipe("shopify"), "notify": documented}))


def test_documented_file_is_imported(shop: Shop) -> None:
    text = (ROOT / "docs/integrations/README.md").read_text()
    found = run_import(shop, "orders", re.findall(r"```csv\n(.*?)```", text, re.DOTALL)[0])
    assert (found["created"], found["invalid"]) == (2, 0)


def test_order_of_shopify(shop: Shop) -> None:
    hook = {**recipe("shopify"), "secret": SECRET, "notify": NOTIFY}
    hook_id = made(shop.post("/hooks", hook))["hook_id"]
    order = payload("shopify")
    answer = deliver(shop, hook_id, order, {"X-Shopify-Webhook-Id": "w-1"}, hook=hook)
    assert answer.get_json()["result"] == "created", answer.text
    [row] = shop.get("/orders", order_number="1042").get_json()
    expected = {
        "status": "paid",
        "order_total": 89.75,
        "currency": "EUR",
        "shipping_address": "Nora Lind, Am Kai 12, c/o Büro Süd, 20457, Hamburg, Germany",
        "billing_address": "Nora Lind, Lange Straße 7, 20095, Hamburg, Germany",
        "payment_method": "shopify_payments",
        "tracking_number": None,
        "order_date": "2026-03-14T17:22:07+00:00",
        "items": [
            {"product_name": "Paper lantern - Large", "quantity": 2, "price": 29.9},
            {"product_name": "Atlas of Lights", "quantity": 1, "price": 25},
        ],
    }
    assert {name: row[name] for name in expected} == expected
    user = shop.get(f"/users/{row['user_id']}").get_json()
    assert (user["external_id"], user["first_name"], user["last_name"]) == ("7194421960851", "Nora", "Lind")

    conversation_id = shop.say("Hi", user={"external_id": "7194421960851"}).get_json()["conversation_id"]
    shipped = copy.deepcopy(order)
    shipped["fulfillment_status"] = "fulfilled"
    tracking = {"tracking_company": "DHL", "tracking_number": "0034", "shipment_status": "in_transit"}
    shipped["fulfillments"] = [{"id": 1, "status": "success", **tracking}]
    for delivery in ("w-2", "w-2", "w-3"):  # repeated, and sent again because another field has changed
        assert deliver(shop, hook_id, shipped, {"X-Shopify-Webhook-Id": delivery}, hook=hook).status_code == 200
    [row] = shop.get("/orders", order_number="1042").get_json()
    assert (row["status"], row["tracking_number"], row["shipping_carrier"]) == ("in_transit", "0034", "DHL")
    assert wait_for_message(shop, conversation_id) == ["News about your order 1042: it is now in_transit."]


def test_order_of_a_guest_of_woocommerce(shop: Shop) -> None:
    hook = {**recipe("woocommerce"), "secret": SECRET}
    hook_id = made(shop.post("/hooks", hook))["hook_id"]
    answer = deliver(shop, hook_id, payload("woocommerce"), {"X-WC-Webhook-Delivery-ID": "w-1"}, hook=hook)
    assert answer.get_json()["result"] == "created", answer.text
    [row] = shop.get("/orders", order_number="727").get_json()
    expected = {
        "status": "processing",
        "order_total": 64.45,
        "currency": "EUR",
        "shipping_address": "Ömer, Aydın, Hafenweg 3, Hinterhaus, 28195, Bremen, DE",
        "payment_method": "Direktüberweisung",
        "order_date": "2026-03-14T17:22:07+00:00",
        "items": [{"product_name": "Storm lantern", "quantity": 2, "price": 25}],
    }
    assert {name: row[name] for name in expected} == expected
    assert shop.get(f"/users/{row['user_id']}").get_json()["external_id"] == "omer@example.com"
    done = {**payload("woocommerce"), "status": "completed", "customer_id": 0}
    assert deliver(shop, hook_id, done, hook=hook).get_json()["result"] == "updated"


def wait_for_message(shop: Shop, conversation_id: str) -> list[str]:
    """What the assistant has written without being asked."""

    def found() -> list[str]:
        rows = shop.get(f"/conversations/{conversation_id}/messages").get_json()
        return [row["message_content"] for row in rows if row["sender_type"] == "assistant" and not row["turn_id"]]

    messages: list[str] = wait_for(found, "a message of the assistant", pause=0.05)
    return messages
