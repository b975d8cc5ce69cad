"""The page of secrets, and stages that use them to call another system."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.factories import Shop
from tests.support.stage_pages import open_stage, save_stage
from tests.support.visit import Visit, choose
from tests.support.web_server import WebServer, http

VALUE = "sk-live-0123456789"


def test_secret_is_created_replaced_and_deleted(visit: Visit) -> None:
    page = visit.open("/variables")
    visit.choose("Settings", "Integrations")
    page.get_by_role("navigation", name="Integrations").get_by_role("link", name="Secrets").click()
    expect(page.get_by_text("No secrets yet")).to_be_visible()
    page.get_by_role("button", name="New secret").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("CRM key")
    dialog.get_by_label("Value").fill("short")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Start with a lower-case letter")).to_be_visible()
    expect(dialog.get_by_text("Enter at least 8 characters.")).to_be_visible()
    visit.check_accessibility()
    dialog.get_by_label("Name").fill("crm_key")
    dialog.get_by_label("Value").fill(VALUE)
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("list", name="Secrets").get_by_role("listitem")
    expect(row).to_contain_text("{secret.crm_key}")
    expect(row).to_contain_text("Not used yet")
    visit.check_accessibility()
    page.get_by_role("button", name="Replace value of crm_key").click()
    expect(dialog.get_by_label("Value")).to_have_value("")
    dialog.get_by_label("Value").fill("another value")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    assert VALUE not in page.content() and "another value" not in page.content()
    page.get_by_role("button", name="Delete crm_key").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No secrets yet")).to_be_visible()
    assert visit.shop.get("/secrets").get_json() == []


def test_stage_calls_another_system(visits: Callable[..., Visit], shop: Shop) -> None:
    shop.post("/secrets", {"name": "crm_key", "value": VALUE})
    visit = visits(shop)
    order = {"order": {"number": "A-1", "state": "shipped"}, "echo": VALUE}
    with WebServer(http(json.dumps(order).encode())) as api:
        page = open_stage(visit, "Order help")
        choose(page.get_by_role("combobox", name="Method"), "Call another system")
        lookup = page.get_by_role("region", name="Data look-up")
        lookup.get_by_role("textbox", name="Address (URL)").fill(f"http://127.0.0.1:{api.port}/orders/{{order_number}}")
        lookup.get_by_role("button", name="Add header").click()
        headers = lookup.get_by_role("group", name="Headers")
        headers.get_by_role("textbox", name="Header").fill("Authorization")
        headers.get_by_role("textbox", name="Value").fill("Bearer {secret.crm_key}")
        lookup.get_by_label("Part of the response to use").fill("/order")
        lookup.get_by_role("button", name="Add value").click()
        fields = lookup.get_by_role("group", name="Fields to keep")
        fields.get_by_role("textbox", name="Name").fill("status")
        fields.get_by_role("textbox", name="Path").fill("/state")
        visit.check_accessibility()

        lookup.get_by_role("button", name="Try it").click()
        dialog = page.get_by_role("dialog", name="Try it")
        dialog.get_by_role("button", name="Send").click()
        expect(dialog.get_by_role("alert")).to_contain_text("These variables have no value: order_number")
        dialog.get_by_label("order_number").fill("A-1")
        dialog.get_by_role("button", name="Send").click()
        expect(dialog.get_by_role("alert")).to_contain_text("Status 200")
        expect(dialog.get_by_role("region", name="Request")).to_contain_text("Authorization: Bearer {secret.crm_key}")
        expect(dialog.get_by_role("region", name="Retrieved data")).to_contain_text("shipped")
        expect(dialog.get_by_role("region", name="Response")).to_contain_text('"echo": "{secret.crm_key}"')
        assert VALUE not in page.content()
        visit.check_accessibility()
        dialog.get_by_role("button", name="Close").click()
        expect(page.get_by_role("button", name="Save")).to_be_enabled()  # the dialog did not save the stage
        save_stage(page)

        shop.say("Where is my order A-10433?")
    assert b"GET /orders/A-10433 " in api.requests[-1]
    assert f"Bearer {VALUE}".encode() in api.requests[-1]
    stage = shop.get(f"/stages/{shop.stages['Order help']}").get_json()
    assert stage["data_retrieval"]["config"] == {
        "method": "GET",
        "url": f"http://127.0.0.1:{api.port}/orders/{{order_number}}",
        "headers": {"Authorization": "Bearer {secret.crm_key}"},
        "result": "/order",
        "fields": {"status": "/state"},
    }


@pytest.mark.slow
def test_body_is_edited_as_a_form_or_as_json(visit: Visit) -> None:
    shop = visit.shop
    config = {"method": "POST", "url": "https://api.example.com/", "body": {"number": "{order_number}"}}
    stage = {"data_retrieval": {"method": "api_call", "config": config}}
    assert shop.put(f"/stages/{shop.stages['Order help']}", stage).status_code == 200
    page = open_stage(visit, "Order help")
    body = page.get_by_role("group", name="Body")
    expect(body.get_by_role("textbox", name="Value")).to_have_value("{order_number}")
    page.get_by_role("button", name="Edit body as JSON").click()
    page.get_by_role("textbox", name="Body").fill('{"number": ')
    expect(page.get_by_text("This is not a valid JSON object.")).to_be_visible()
    page.get_by_role("textbox", name="Body").fill('{"numbers": ["{order_number}"], "limit": 5}')
    save_stage(page)
    saved = shop.get(f"/stages/{shop.stages['Order help']}").get_json()["data_retrieval"]["config"]
    assert saved["body"] == {"numbers": ["{order_number}"], "limit": 5}
