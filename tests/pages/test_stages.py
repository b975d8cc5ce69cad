"""The pages that create, show, edit and delete stages."""

import json
from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.support.factories import Shop
from tests.support.visit import Visit


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
    field.get_by_role("textbox", name="Pattern").fill("^[A-Z]-[0-9]{5}$")
    visit.check_accessibility()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Returns", level=1)).to_be_visible()
    expect(page.get_by_text("Order number · required")).to_be_visible()
    stage = next(each for each in visit.shop.get("/stages").get_json() if each["stage_name"] == "Returns")
    assert stage["example_messages"] == ["I want my money back", "This is broken"]
    assert stage["extraction_schema"] == {
        "type": "object",
        "properties": {"order_number": {"type": "string", "pattern": "^[A-Z]-[0-9]{5}$"}},
        "required": ["order_number"],
    }


def test_editing_keeps_a_schema_that_the_form_cannot_show(visit: Visit) -> None:
    shop = visit.shop
    schema = {"type": "object", "properties": {"sizes": {"type": "array", "items": {"type": "string"}}}}
    stage_id = shop.add_stage("Sizes", extraction_schema=schema)
    page = visit.open(f"/stages/{stage_id}")
    page.get_by_role("link", name="Edit", exact=True).first.click()
    expect(page.get_by_text("The form does not support everything in this schema")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    page.get_by_role("textbox", name="Name", exact=False).first.fill("Sizes and colours")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Sizes and colours", level=1)).to_be_visible()
    assert shop.get(f"/stages/{stage_id}").get_json()["extraction_schema"] == schema


def test_conflicting_edits_are_shown_side_by_side(visits: Callable[..., Visit], shop: Shop) -> None:
    stage_id = shop.stages["Greeting"]
    visit = visits(shop)
    page = visit.open(f"/stage-editor/{stage_id}")
    page.get_by_role("textbox", name="Description").fill("Mine")
    shop.put(f"/stages/{stage_id}", {"stage_description": "Theirs", "example_messages": ["Theirs too"]})
    visit.expect_problem("412")
    page.get_by_role("button", name="Save").click()
    conflict = page.get_by_role("dialog", name="Someone else has changed this stage")
    expect(conflict.get_by_text("Theirs", exact=True)).to_be_visible()
    visit.check_accessibility()
    conflict.get_by_role("button", name="Keep my version").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Greeting", exact=True)).to_be_visible()  # the stage's page, not its editor
    stage = shop.get(f"/stages/{stage_id}").get_json()
    assert (stage["stage_description"], stage["example_messages"]) == ("Mine", ["Theirs too"])


def test_deletion_moves_conversations_to_another_stage(visit: Visit) -> None:
    shop = visit.shop
    conversation = shop.say("Hello!").get_json()["conversation_id"]
    visit.expect_problem("409")
    page = visit.open(f"/stages/{shop.stages['Greeting']}")
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").click()
    dialog.get_by_role("combobox", name="Move conversations to").click()
    page.get_by_role("option", name="Order help").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Stages", level=1)).to_be_visible()
    assert shop.get(f"/conversations/{conversation}").get_json()["stage_id"] == shop.stages["Order help"]


def test_changes_of_other_fields_are_merged(visits: Callable[..., Visit], shop: Shop) -> None:
    stage_id = shop.stages["Greeting"]
    visit = visits(shop)
    page = visit.open(f"/stage-editor/{stage_id}")
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


def test_unsaved_text_survives_deletion_by_someone_else(visits: Callable[..., Visit], shop: Shop) -> None:
    stage_id = shop.stages["Greeting"]
    visit = visits(shop)
    page = visit.open(f"/stage-editor/{stage_id}")
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
    page = visit.open(f"/stage-editor/{visit.shop.stages['Order help']}")
    field = page.get_by_role("group", name="Field order_number")
    field.get_by_role("textbox", name="Pattern").fill("((")
    visit.expect_problem("400")
    page.get_by_role("button", name="Save").click()
    expect(field.get_by_text("This is not a valid regular expression")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("Not saved. Correct the errors under “Information to collect”.")
    expect(page.get_by_text("extraction_schema")).to_have_count(0)
    visit.check_accessibility()
    field.get_by_role("textbox", name="Pattern").fill("^A-[0-9]+$")
    expect(page.get_by_text("This is not a valid regular expression")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Order help", exact=True)).to_be_visible()


def test_lookup_is_edited_as_json(visit: Visit) -> None:
    shop = visit.shop
    page = visit.open(f"/stage-editor/{shop.stages['Order help']}")
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
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Order help", level=1, exact=True)).to_be_visible()
    stage = shop.get(f"/stages/{shop.stages['Order help']}").get_json()
    assert stage["data_retrieval"] == {"method": "prompt_user", "config": {"prompt": "Which order?"}}
