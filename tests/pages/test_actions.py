"""The address example from its settings to the inbox."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.pages.conftest import make_test_customer
from tests.support.action_pages import open_editor, saved_actions, set_actions
from tests.support.actions import (
    ASKED,
    CHANGE_ADDRESS,
    FOUND,
    IN_ADDRESS,
    MOVED,
    NEW,
    NOTHING,
    OLD,
    QUESTION,
    address_of,
)
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.stage_pages import save_stage
from tests.support.turns import by_step
from tests.support.visit import Visit

NAMED = {**CHANGE_ADDRESS, "name": "Change the address"}


def allow(shop: Shop, writable: dict[str, Any]) -> None:
    settings = {"settings": {"speculation": "off", "writable_fields": writable}}
    assert shop.put(f"/businesses/{shop.business_id}", settings).status_code == 200


def test_fields_that_actions_may_change_are_chosen(visit: Visit) -> None:
    allow(visit.shop, {"customer": ["phone"]})
    page = visit.open("/settings")
    card = page.get_by_role("region", name="What actions may change")
    expect(card.get_by_role("checkbox", name="Phone")).to_be_checked()
    expect(card.get_by_role("button", name="Save")).to_be_disabled()
    card.get_by_role("checkbox", name="Shipping address").check()
    card.get_by_role("checkbox", name="Phone").uncheck()
    card.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    settings = visit.shop.get(f"/businesses/{visit.shop.business_id}").get_json()["settings"]
    assert settings == {"speculation": "off", "writable_fields": {"orders": ["shipping_address"], "customer": []}}


def test_address_example_is_built_and_confirmed_without_json(
    visits: Callable[..., Visit], address_shop: Shop, model: FakeModel
) -> None:
    model.respond = by_step(
        selection=IN_ADDRESS,
        confirmation='{"answer": "yes"}',
        extraction=[FOUND, NOTHING],
        response="Your parcel will go to the new address.",
    )
    make_test_customer(address_shop)
    visit = visits(address_shop)
    section = open_editor(visit)
    page = visit.page
    section.get_by_role("button", name="Add action").click()
    card = section.get_by_role("listitem", name="1. Change an order")
    expect(card.get_by_role("combobox", name="What to do")).to_be_focused()
    expect(card.get_by_role("textbox", name="Order number", exact=True)).to_have_value("{order_number}")
    change = card.get_by_role("group", name="Shipping address")
    expect(change.get_by_role("textbox", name="New value")).to_have_value("{shipping_address}")
    card.get_by_role("button", name="Shipping address", exact=True).click()
    card.get_by_role("checkbox", name="Ask the customer first").check()
    page.get_by_role("button", name="Save").click()
    expect(card.get_by_text("Enter the question.")).to_be_visible()
    question = card.get_by_role("textbox", name="Question")
    expect(question).to_be_focused()
    expect(page.get_by_role("alert")).to_have_text("Not saved. Correct the fields that are marked.")
    visit.check_accessibility()
    question.fill("Shall I change the address of order {order_number} to ")
    card.get_by_role("button", name="Insert variable into Question").click()
    page.keyboard.type("shipping_a")
    page.keyboard.press("Enter")
    page.keyboard.type("?")
    expect(question).to_have_value(QUESTION)
    save_stage(page)
    assert saved_actions(address_shop) == [
        {name: each for name, each in CHANGE_ADDRESS.items() if name != "on_failure"}
    ]

    visit.go(f"/chat?customer={address_shop.user_id}")
    expect(page.get_by_role("heading", name="Playground")).to_be_visible()
    log = page.get_by_role("log")
    message = page.get_by_label("Message", exact=True)
    message.fill(MOVED)
    page.keyboard.press("Enter")
    expect(log.get_by_text(ASKED)).to_be_visible()
    expect(log.get_by_text("Waiting for the customer’s answer: Change an order")).to_be_visible()
    assert address_of(address_shop) == OLD
    visit.check_accessibility()
    message.fill("Yes, please")
    page.keyboard.press("Enter")
    expect(log.get_by_text("Your parcel will go to the new address.")).to_be_visible()
    expect(log.get_by_text("Order A-10433 changed: shipping address")).to_be_visible()
    expect(log.get_by_text("Waiting for the customer’s answer")).to_have_count(0)
    assert address_of(address_shop) == NEW
    steps = page.get_by_role("complementary", name="Why this answer")
    steps.get_by_role("button", name="Actions").click()
    result = steps.get_by_role("list", name="Actions").get_by_role("listitem")
    expect(result).to_contain_text("done")
    expect(result.get_by_role("region", name="Values of action 1")).to_contain_text(NEW)
    visit.check_accessibility()


def test_inbox_shows_the_waiting_action_and_its_result(
    visits: Callable[..., Visit], address_shop: Shop, model: FakeModel
) -> None:
    set_actions(address_shop, [NAMED])
    model.respond = by_step(
        selection=IN_ADDRESS, confirmation='{"answer": "no"}', extraction=[FOUND, NOTHING], response="It stays."
    )
    conversation = address_shop.say(MOVED).get_json()["conversation_id"]
    visit = visits(address_shop)
    page = visit.open(f"/inbox/{conversation}")
    log = page.get_by_role("log")
    expect(log.get_by_text("Waiting for the customer’s answer: Change the address")).to_be_visible()
    expect(page.get_by_text("Waiting for a yes or no")).to_be_visible()
    visit.check_accessibility()
    address_shop.say("No, leave it")
    expect(log.get_by_text("Not done: Change the address (the customer said no)")).to_be_visible()
    expect(page.get_by_text("Waiting for a yes or no")).to_have_count(0)
    visit.check_accessibility()
