"""The pages that create, edit, try, order and delete stages."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.support.factories import Shop
from tests.support.stage_pages import open_advanced, open_stage, save_stage
from tests.support.visit import Visit, choose


def test_stage_is_created_with_fields(visit: Visit) -> None:
    page = visit.open("/stages")
    expect(page.get_by_role("list", name="Stages").get_by_role("listitem")).to_have_count(2)
    page.get_by_role("link", name="New stage").click()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("Enter a name for the stage.")).to_be_visible()
    page.get_by_role("textbox", name="Name", exact=False).first.fill("Returns")
    page.get_by_role("textbox", name="Description").fill("The customer wants to send something back")
    page.get_by_role("textbox", name="Example messages").fill("I want my money back\nThis is broken")
    page.get_by_role("button", name="Add field").click()
    field = page.get_by_role("group", name="Field")
    field.get_by_role("textbox", name="Field name").fill("order_number")
    field.get_by_role("checkbox", name="Required").check()
    open_advanced(page)
    page.get_by_role("textbox", name="Pattern of order_number").fill("^[A-Z]-[0-9]{5}$")
    visit.check_accessibility()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Returns", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    stage = next(each for each in visit.shop.get("/stages").get_json() if each["stage_name"] == "Returns")
    assert stage["example_messages"] == ["I want my money back", "This is broken"]
    assert stage["extraction_schema"] == {
        "type": "object",
        "properties": {"order_number": {"type": "string", "pattern": "^[A-Z]-[0-9]{5}$"}},
        "required": ["order_number"],
    }


@pytest.mark.slow
def test_editing_keeps_a_schema_that_the_form_cannot_show(visit: Visit) -> None:
    shop = visit.shop
    schema = {"type": "object", "properties": {"sizes": {"type": "array", "items": {"type": "string"}}}}
    stage_id = shop.add_stage("Sizes", extraction_schema=schema)
    page = visit.open(f"/stages/{stage_id}")
    expect(page.get_by_text("The form does not support everything in this schema")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    page.get_by_role("textbox", name="Name", exact=False).first.fill("Sizes and colours")
    save_stage(page)
    expect(page.get_by_role("heading", name="Sizes and colours", level=1)).to_be_visible()
    assert shop.get(f"/stages/{stage_id}").get_json()["extraction_schema"] == schema


@pytest.mark.slow
def test_conflicting_edits_are_shown_side_by_side(visits: Callable[..., Visit], shop: Shop) -> None:
    stage_id = shop.stages["Greeting"]
    visit = visits(shop)
    page = visit.open(f"/stages/{stage_id}")
    page.get_by_role("textbox", name="Description").fill("Mine")
    shop.put(f"/stages/{stage_id}", {"stage_description": "Theirs", "example_messages": ["Theirs too"]})
    visit.expect_problem("412")
    page.get_by_role("button", name="Save").click()
    conflict = page.get_by_role("dialog", name="Someone else has changed this stage")
    expect(conflict.get_by_text("Theirs", exact=True)).to_be_visible()
    visit.check_accessibility()
    conflict.get_by_role("button", name="Keep my version").click()
    save_stage(page)
    stage = shop.get(f"/stages/{stage_id}").get_json()
    assert (stage["stage_description"], stage["example_messages"]) == ("Mine", ["Theirs too"])


def test_deletion_moves_conversations_to_another_stage(visit: Visit) -> None:
    shop = visit.shop
    conversation = shop.say("Hello!").get_json()["conversation_id"]
    visit.expect_problem("409")
    page = visit.open(f"/stages/{shop.stages['Greeting']}")
    page.get_by_role("button", name="Actions for Greeting").click()
    page.get_by_role("menuitem", name="Delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").click()
    choose(dialog.get_by_role("combobox", name="Move conversations to"), "Order help")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Stages", level=1)).to_be_visible()
    assert shop.get(f"/conversations/{conversation}").get_json()["stage_id"] == shop.stages["Order help"]


@pytest.mark.slow
def test_changes_of_other_fields_are_merged(visits: Callable[..., Visit], shop: Shop) -> None:
    stage_id = shop.stages["Greeting"]
    visit = visits(shop)
    page = visit.open(f"/stages/{stage_id}")
    page.get_by_role("textbox", name="Description").fill("Mine")
    shop.put(f"/stages/{stage_id}", {"stage_description": "Theirs", "example_messages": ["Hi"], "stage_type": "first"})
    visit.expect_problem("412")
    page.get_by_role("button", name="Save").click()
    conflict = page.get_by_role("dialog", name="Someone else has changed this stage")
    expect(conflict.get_by_role("heading", level=3)).to_have_text(["Description"])
    expect(conflict.get_by_role("region", name="Description: Your version (not saved)")).to_have_text("Mine")
    expect(conflict.get_by_text("They also changed: Category, Example messages.")).to_be_visible()
    conflict.get_by_role("button", name="Use their version").click()
    expect(page.get_by_role("textbox", name="Description")).to_have_value("Theirs")
    page.get_by_role("button", name="Restore my version").click()
    expect(page.get_by_role("textbox", name="Description")).to_have_value("Mine")
    expect(page.get_by_role("textbox", name="Example messages")).to_have_value("Hi")


@pytest.mark.slow
def test_unsaved_text_survives_deletion_by_someone_else(visits: Callable[..., Visit], shop: Shop) -> None:
    stage_id = shop.stages["Greeting"]
    visit = visits(shop)
    page = visit.open(f"/stages/{stage_id}")
    page.get_by_role("textbox", name="Description").fill("Mine, of an hour")
    shop.put(f"/stages/{stage_id}", {"stage_description": "Theirs"})

    def delete_before_reading(route: Route) -> None:
        if route.request.method == "GET":
            assert shop.delete(f"/stages/{stage_id}").status_code == 204
        route.continue_()

    page.route(f"**/api/v1/stages/{stage_id}", delete_before_reading)
    for status in ("412", "404"):
        visit.expect_problem(status)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    expect(page.get_by_role("textbox", name="Description")).to_have_value("Mine, of an hour")
    visit.check_accessibility()


def test_invalid_pattern_is_reported_at_its_field(visit: Visit) -> None:
    page = visit.open(f"/stages/{visit.shop.stages['Order help']}")
    open_advanced(page)
    pattern = page.get_by_role("textbox", name="Pattern of order_number")
    pattern.fill("((")
    open_advanced(page)  # closes it
    visit.expect_problem("400")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is not a valid regular expression")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("Not saved. Correct the errors under “Information to collect”.")
    expect(page.get_by_text("extraction_schema")).to_have_count(0)
    visit.check_accessibility()
    pattern.fill("^A-[0-9]+$")
    expect(page.get_by_text("This is not a valid regular expression")).to_have_count(0)
    save_stage(page)


@pytest.mark.slow
def test_lookup_is_edited_as_json(visit: Visit) -> None:
    shop = visit.shop
    page = open_stage(visit, "Order help")
    lookup = page.get_by_role("region", name="Data look-up")
    lookup.get_by_role("button", name="Edit as JSON").click()
    text = lookup.get_by_role("textbox", name="Data look-up as JSON")
    expect(text).to_have_value('{\n  "method": "none"\n}')
    wrong = {"method": "database_query", "config": {"source": "orders", "match": {"colour": "red"}}}
    text.fill(json.dumps(wrong))
    expect(lookup.get_by_role("button", name="Edit as form")).to_be_disabled()
    visit.expect_problem("400")
    page.get_by_role("button", name="Save").click()
    expect(lookup.get_by_role("alert")).to_have_text("Match › Colour: Unknown field.")
    expect(page.get_by_text("Not saved. Correct the errors under “Data look-up”.")).to_be_visible()
    text.fill(json.dumps({"method": "prompt_user", "config": {"prompt": "Which order?"}}))
    lookup.get_by_role("button", name="Edit as form").click()
    expect(lookup.get_by_role("textbox", name="Question to the customer")).to_have_value("Which order?")
    visit.check_accessibility()
    save_stage(page)
    stage = shop.get(f"/stages/{shop.stages['Order help']}").get_json()
    assert stage["data_retrieval"] == {"method": "prompt_user", "config": {"prompt": "Which order?"}}


def test_stage_is_corrected_after_it_was_tried(visit: Visit) -> None:
    """An answer is tried beside the form. What was wrong is corrected from its explanation and in the template."""
    shop = visit.shop
    page = open_stage(visit, "Order help")
    panel = page.get_by_role("tabpanel", name="Response")
    content = panel.get_by_role("textbox", name="Content")
    content.fill("We are open {opening_hours}. {user_message}\nKnown: {order_number}")
    expect(page.get_by_text("Messages are answered without them.")).to_be_visible()
    save_stage(page)
    aside = page.get_by_role("complementary", name="Try it")
    for message, stage in (("Hello!", "Other stage: Greeting"), ("Where is my order A-10433?", "This stage")):
        aside.get_by_label("Message", exact=True).fill(message)
        page.keyboard.press("Enter")
        expect(aside.get_by_text(stage)).to_be_visible()
    visit.check_accessibility()

    panel.get_by_role("tab", name="Preview").click()
    rendered = panel.get_by_role("region", name="Rendered prompt")
    expect(rendered).to_have_text("We are open . Where is my order A-10433?\nKnown: A-10433")
    choose(panel.get_by_role("combobox", name="Message"), "Hello!")
    expect(rendered).to_have_text("We are open . Hello!\nKnown: ")
    visit.check_accessibility()

    aside.get_by_role("button", name="Why this answer").last.click()
    aside.get_by_role("button", name="Response").click()
    aside.get_by_role("button", name="Create {opening_hours}").click()
    dialog = page.get_by_role("dialog", name="New variable")
    expect(dialog.get_by_role("textbox", name="Name")).to_have_value("opening_hours")
    dialog.get_by_role("textbox", name="Value").fill("9 to 5")
    dialog.get_by_role("button", name="Save").click()
    expect(aside.get_by_role("button", name="Create {opening_hours}")).to_have_count(0)
    aside.get_by_role("button", name="Use as fixed reply").click()
    dialog = page.get_by_role("dialog", name="Use as fixed reply")
    expect(dialog.get_by_role("textbox", name="Fixed reply of Order help")).to_have_value(
        "Your order A-10433 is on its way."
    )
    dialog.get_by_role("textbox").fill("{order_number} is on its way.")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("textbox", name="Fixed reply")).to_have_value("{order_number} is on its way.")
    aside.get_by_role("button", name="Selection").click()
    aside.get_by_role("button", name="Should be another stage").click()
    dialog = page.get_by_role("dialog", name="Should be another stage")
    dialog.get_by_role("button", name="Add as example").click()
    expect(dialog.get_by_text("Choose a stage.")).to_be_visible()
    choose(dialog.get_by_role("combobox", name="Right stage"), "Greeting")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Add as example").click()
    expect(page.get_by_text("Added to the example messages of Greeting.")).to_be_visible()
    assert shop.get(f"/stages/{shop.stages['Greeting']}").get_json()["example_messages"] == [
        "Where is my order A-10433?"
    ]
    # The form shows what was saved from the explanation, and can still be saved.
    page.get_by_role("textbox", name="Description").first.fill("Everything about orders")
    save_stage(page)
    assert shop.get(f"/stages/{shop.stages['Order help']}").get_json()["fixed_reply"] == "{order_number} is on its way."


def test_stages_are_ordered_duplicated_and_mapped(visit: Visit) -> None:
    shop = visit.shop
    shop.say("Hello!")
    shop.say("Where is my order A-10433?")
    page = visit.open("/stages")
    names = page.get_by_role("list", name="Stages").get_by_role("link")
    expect(names).to_have_text([re.compile("Greeting"), re.compile("Order help")])
    handle = page.get_by_role("button", name="Move Order help")
    handle.hover()
    page.mouse.down()
    first = page.get_by_role("button", name="Move Greeting").bounding_box()
    assert first is not None
    page.mouse.move(first["x"] + 5, first["y"] + 5, steps=4)
    page.mouse.up()
    expect(names).to_have_text([re.compile("Order help"), re.compile("Greeting")])
    expect(page.get_by_text("Order help is now stage 1 of 2.")).to_be_attached()
    page.get_by_role("button", name="Move Greeting").focus()
    page.keyboard.press("ArrowUp")
    expect(names).to_have_text([re.compile("Greeting"), re.compile("Order help")])
    expect(page.get_by_role("button", name="Move Greeting")).to_be_focused()
    visit.check_accessibility()

    page.get_by_role("link", name="Map").click()
    rows = page.get_by_role("region", name="Transitions").get_by_role("listitem")
    expect(rows.filter(has_text="Greeting → Order help")).to_contain_text("1 · 100%")
    page.get_by_role("button", name="Order help").click()
    expect(rows).to_have_count(1)
    visit.check_accessibility()
    page.get_by_role("link", name="Open this stage").click()

    page.get_by_role("button", name="Actions for Order help").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.get_by_role("heading", name="Order help (copy)", level=1)).to_be_visible()
    expect(page.get_by_text("Inactive", exact=True)).to_be_visible()
    page.get_by_role("button", name="Actions for Order help (copy)").click()
    page.get_by_role("menuitem", name="Activate").click()
    expect(page.get_by_text("Order help (copy) is active.")).to_be_visible()
    stages = sorted(shop.get("/stages").get_json(), key=lambda each: (each["position"], each["created_at"]))
    assert [(each["stage_name"], each["is_active"]) for each in stages] == [
        ("Greeting", True),
        ("Order help", True),
        ("Order help (copy)", True),
    ]
