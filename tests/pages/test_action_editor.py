"""The editor of a stage's actions."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.action_pages import open_editor, saved_actions, set_actions
from tests.support.actions import CHANGE_ADDRESS
from tests.support.factories import Shop
from tests.support.stage_pages import save_stage
from tests.support.visit import Visit, choose

TAG = {"do": "tag", "with": {"add": ["moved"]}}
NAMED = {**CHANGE_ADDRESS, "name": "Change the address"}


@pytest.mark.slow
def test_actions_are_reordered_and_removed_by_keyboard(visits: Callable[..., Visit], address_shop: Shop) -> None:
    set_actions(address_shop, [NAMED, TAG, {"do": "complete"}])
    visit = visits(address_shop)
    section = open_editor(visit)
    page = visit.page
    headings = section.get_by_role("heading", level=3)
    section.get_by_role("button", name="Move up: Tag the conversation").focus()
    page.keyboard.press("Enter")
    expect(headings).to_have_text(["1. Tag the conversation", "2. Change the address", "3. Close the conversation"])
    expect(section.get_by_role("status")).to_have_text("Tag the conversation is now action 1 of 3.")
    expect(section.get_by_role("button", name="Move up: Tag the conversation")).to_be_focused()
    section.get_by_role("button", name="Remove: Close the conversation").focus()
    page.keyboard.press("Enter")
    expect(section.get_by_role("button", name="Add action")).to_be_focused()
    save_stage(page)
    assert saved_actions(address_shop) == [TAG, NAMED]


@pytest.mark.slow
def test_condition_is_built_as_a_form_and_kept_as_json(visits: Callable[..., Visit], address_shop: Shop) -> None:
    odd = {"anyOf": [{"required": ["order_number"]}, {"required": ["shipping_address"]}]}
    set_actions(address_shop, [{**TAG, "when": {"if": odd}}, TAG])
    visit = visits(address_shop)
    section = open_editor(visit)
    page = visit.page
    expect(section.get_by_role("listitem")).to_have_count(2)
    first, second = section.get_by_role("listitem").all()
    first.get_by_role("button", name="Edit: Tag").click()
    expect(first.get_by_text("The form cannot show everything in this JSON.")).to_be_visible()
    expect(first.get_by_role("textbox", name="Condition as JSON Schema")).to_have_value(json.dumps(odd, indent=2))
    second.get_by_role("button", name="Edit: Tag").click()
    second.get_by_role("button", name="Add condition").click()
    condition = second.get_by_role("group", name="Condition 1")
    choose(condition.get_by_role("combobox", name="Information"), "Order number")
    choose(condition.get_by_role("combobox", name="Comparison"), "contains")
    condition.get_by_role("textbox", name="Value").fill("A-")
    visit.check_accessibility()
    second.get_by_role("button", name="Edit condition as JSON Schema").click()
    schema = {"type": "object", "properties": {"order_number": {"pattern": "A\\-"}}, "required": ["order_number"]}
    expect(second.get_by_role("textbox", name="Condition as JSON Schema")).to_have_value(json.dumps(schema, indent=2))
    second.get_by_role("button", name="Edit as form").first.click()
    expect(condition.get_by_role("textbox", name="Value")).to_have_value("A-")
    save_stage(page)
    assert [each["when"] for each in saved_actions(address_shop)] == [{"if": odd}, {"if": schema}]


@pytest.mark.slow
def test_json_and_cards_show_errors_at_their_action(visits: Callable[..., Visit], address_shop: Shop) -> None:
    set_actions(address_shop, [TAG])
    visit = visits(address_shop)
    section = open_editor(visit)
    page = visit.page
    section.get_by_role("button", name="Edit all actions as JSON").click()
    text = section.get_by_role("textbox", name="Actions as JSON")
    expect(text).to_have_value(json.dumps([TAG], indent=2))
    text.fill("[{")
    expect(section.get_by_text("This is not a valid JSON list of actions")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(text).to_be_focused()
    refused = {**CHANGE_ADDRESS, "with": {"order_number": "{order_number}", "status": "sent"}}
    text.fill(json.dumps([TAG, refused]))
    visit.expect_problem("400")
    page.get_by_role("button", name="Save").click()
    expect(section.get_by_role("alert")).to_contain_text("Action 2: Status: Actions may not change this field")
    expect(page.get_by_text("Not saved. Correct the errors under “Actions”.")).to_be_visible()
    visit.check_accessibility()
    section.get_by_role("button", name="Edit as form").last.click()
    second = section.get_by_role("listitem", name="2. Change an order")
    expect(second.get_by_text("Status: Actions may not change this field")).to_be_visible()
    change = second.get_by_role("group", name="Status")
    expect(change.get_by_text("Actions may not change this field yet.")).to_be_visible()
    visit.check_accessibility()
    choose(change.get_by_role("combobox", name="Field"), "Shipping address")
    expect(section.get_by_role("alert")).to_have_count(0)
    save_stage(page)
    assert saved_actions(address_shop)[1]["with"] == {"order_number": "{order_number}", "shipping_address": "sent"}


def test_every_kind_of_action_is_a_form(visits: Callable[..., Visit], address_shop: Shop) -> None:
    visit = visits(address_shop)
    section = open_editor(visit)
    page = visit.page
    section.get_by_role("button", name="Add action").click()
    card = section.get_by_role("listitem").first

    kinds = card.get_by_role("combobox", name="What to do")
    choose(kinds, "Record an event")
    card.get_by_role("textbox", name="Type of event").fill("moved")
    card.get_by_role("button", name="Add field").click()
    card.get_by_role("textbox", name="Name").last.fill("to")
    card.get_by_role("textbox", name="Value").fill("{shipping_address}")
    expected: list[dict[str, Any]] = [
        {"do": "create_event", "with": {"event_type": "moved", "properties": {"to": "{shipping_address}"}}}
    ]
    save_stage(page)
    assert saved_actions(address_shop) == expected
    for kind, fill, action in (
        ("Tag the conversation", ("Tags to add", "moved\nvip"), {"do": "tag", "with": {"add": ["moved", "vip"]}}),
        (
            "Call another system",
            ("Address (URL)", "https://api.example.com/{order_number}"),
            {"do": "api_call", "with": {"method": "POST", "url": "https://api.example.com/{order_number}"}},
        ),
        ("Hand over to a person", None, {"do": "hand_over"}),
        ("Change the customer’s profile", None, {"do": "update_customer", "with": {"phone": "{order_number}"}}),
    ):
        choose(kinds, kind)
        if fill:
            card.get_by_role("textbox", name=fill[0], exact=True).fill(fill[1])
        if kind.startswith("Change"):
            card.get_by_role("textbox", name="New value").fill("{order_number}")
        visit.check_accessibility()
        save_stage(page)
        assert saved_actions(address_shop) == [action]
