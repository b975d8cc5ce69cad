"""The template editor: variables, preview, versions, and simultaneous edits."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import template_of
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.visit import Visit, choose


def content_of(shop: Shop, template_id: str) -> str:
    content: str = shop.get(f"/templates/{template_id}").get_json()["content"]
    return content


def test_editor_completes_variables_and_warns_of_unknown_ones(visit: Visit) -> None:
    template = template_of(visit.shop)
    page = visit.open(f"/templates/{template}")
    content = page.get_by_role("textbox", name="Content")
    content.fill("")
    content.press_sequentially("Dear {user_na")
    expect(page.get_by_role("listbox").get_by_role("option", selected=True)).to_contain_text("user_name")
    visit.check_accessibility()
    page.keyboard.press("Enter")
    expect(content).to_have_value("Dear {user_name}")
    expect(page.get_by_role("listbox", name="Variables")).to_have_count(0)
    content.press_sequentially(", {last")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    content.press_sequentially("_mood} {order_number}")
    expect(content).to_have_value("Dear {user_name}, {last_mood} {order_number}")
    expect(page.get_by_text("Unknown: {last_mood}.")).to_be_visible()  # order_number is a field of the stage
    page.keyboard.press("Control+z")
    content.press_sequentially(" {user.")
    for name, description in {"user.email": "email address", "user.timezone": "time zone"}.items():
        expect(page.get_by_role("option", name=name)).to_contain_text(f"The customer's {description}")
    page.keyboard.press("Escape")
    with page.expect_response(lambda response: response.request.method == "PUT"):
        page.keyboard.press("Control+s")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    assert content_of(visit.shop, template).startswith("Dear {user_name}, {last_mood")


def test_preview_shows_the_rendered_prompt(visit: Visit) -> None:
    shop = visit.shop
    shop.say("Where is A-10433?")
    page = visit.open(f"/templates/{template_of(shop)}")
    page.get_by_role("textbox", name="Content").fill("{user_name} asked about {order_number} in {colour}.")
    rendered = page.get_by_role("region", name="Rendered prompt")
    expect(rendered).to_have_text("Carla Customer asked about A-10433 in .")
    expect(page.get_by_role("region", name="Customer’s message")).to_have_text("Where is A-10433?")
    expect(page.get_by_text("No value for {colour}.")).to_be_visible()
    choose(page.get_by_role("combobox", name="Preview with"), "Custom values")
    page.get_by_label("Value of colour").fill("red <b>")
    expect(rendered).to_contain_text("[user_name: not available in this preview] asked about")
    expect(rendered).to_contain_text("in red <b>.")
    visit.check_accessibility()


def test_versions_and_the_default_can_be_restored(visit: Visit) -> None:
    shop = visit.shop
    template = template_of(shop)
    first = content_of(shop, template)
    shop.put(f"/templates/{template}", {"content": "Short."})
    page = visit.open(f"/templates/{template}")
    page.get_by_role("tab", name="Versions").click()
    page.get_by_role("button", name="Version 1").click()
    compared = page.get_by_role("region", name="Content")
    expect(compared.locator("ins").first).to_contain_text("Short")
    expect(compared.locator("del").first).to_contain_text("About the business")
    visit.check_accessibility()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Version 1 was restored.")).to_be_visible()
    assert content_of(shop, template) == first
    page.get_by_role("textbox", name="Content").fill("Something else")
    page.get_by_role("button", name="Reset to default").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset to default").click()
    expect(page.get_by_role("textbox", name="Content")).to_have_value(first)
    expect(page.get_by_role("button", name="Save")).to_be_disabled()


def test_conflicting_edits_are_shown_side_by_side(visits: Callable[..., Visit], shop: Shop) -> None:
    template = template_of(shop)
    one, two = visits(shop), visits(shop)
    for visit in (one, two):
        expect(visit.open(f"/templates/{template}").get_by_role("textbox", name="Content")).not_to_be_empty()
    with one.page.expect_response(lambda response: response.request.method == "PUT"):
        save_content(one.page, "First")
    expect(one.page.get_by_role("button", name="Save")).to_be_disabled()

    two.expect_problem("412")
    save_content(two.page, "Second")
    conflict = two.page.get_by_role("dialog", name="Someone else has changed this template")
    expect(conflict.get_by_role("region", name="Content: Their version (saved)")).to_have_text("First")
    expect(conflict.get_by_role("region", name="Content: Your version (not saved)").locator("ins")).to_have_text(
        "Second"
    )
    two.check_accessibility()
    conflict.get_by_role("button", name="Use their version").click()
    expect(two.page.get_by_role("textbox", name="Content")).to_have_value("First")
    two.page.get_by_role("button", name="Restore my version").click()
    expect(two.page.get_by_role("textbox", name="Content")).to_have_value("Second")
    two.page.get_by_role("button", name="Save").click()
    expect(two.page.get_by_role("button", name="Save")).to_be_disabled()
    contents = [version["content"] for version in shop.get(f"/templates/{template}/versions").get_json()]
    assert contents[-2:] == ["First", "Second"]


@pytest.mark.slow
def test_leaving_unsaved_changes_needs_confirmation(visit: Visit) -> None:
    template = template_of(visit.shop)
    page = visit.open(f"/templates/{template}")
    page.get_by_role("textbox", name="Content").fill("Half a thou")
    page.get_by_role("link", name="Variables").click()
    asked = page.get_by_role("dialog", name="Leave without saving?")
    visit.check_accessibility()
    asked.get_by_role("button", name="Stay").click()
    expect(page.get_by_role("textbox", name="Content")).to_have_value("Half a thou")
    page.get_by_role("link", name="Variables").click()
    asked.get_by_role("button", name="Leave without saving").click()
    expect(page.get_by_role("heading", name="Variables", level=1)).to_be_visible()


def test_template_is_searched_created_and_deleted(visit: Visit) -> None:
    page = visit.open("/templates")
    page.get_by_role("searchbox", name="Search").fill("nothing like it")
    expect(page.get_by_text("No matching templates")).to_be_visible()
    page.get_by_role("button", name="New template").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("Enter a name for the template.")).to_be_visible()
    dialog.get_by_label("Name").fill("Farewell")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Farewell", level=1)).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Templates", level=1)).to_be_visible()
    assert "Farewell" not in visit.shop.get("/templates").get_data(as_text=True)


@pytest.mark.slow
def test_template_in_use_cannot_be_deleted(visit: Visit) -> None:
    visit.expect_problem("409")
    page = visit.open(f"/templates/{template_of(visit.shop)}")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Order help")


def test_default_templates_are_read_only(visit: Visit, model: FakeModel) -> None:
    page = visit.open("/templates")
    page.get_by_role("list", name="Platform defaults").get_by_role("link").first.click()
    expect(page.get_by_text("only operators can change it")).to_be_visible()
    expect(page.get_by_role("textbox", name="Content")).not_to_be_editable()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def save_content(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Content").fill(text)
    page.get_by_role("button", name="Save").click()


@pytest.mark.slow
def test_changes_of_other_fields_are_merged(visits: Callable[..., Visit], shop: Shop) -> None:
    template = template_of(shop)
    visit = visits(shop)
    page = visit.open(f"/templates/{template}")
    page.get_by_role("textbox", name="Content").fill("Mine")
    shop.put(f"/templates/{template}", {"system_prompt": "Theirs"})
    visit.expect_problem("412")
    page.get_by_role("button", name="Save").click()
    conflict = page.get_by_role("dialog", name="Someone else has changed this template")
    expect(conflict.get_by_text("They also changed: System prompt.")).to_be_visible()
    expect(conflict.get_by_role("heading", level=3)).to_have_count(0)
    conflict.get_by_role("button", name="Keep my version").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    row = shop.get(f"/templates/{template}").get_json()
    assert (row["system_prompt"], row["content"]) == ("Theirs", "Mine")


@pytest.mark.slow
def test_unsaved_text_survives_a_failed_reload(visits: Callable[..., Visit], shop: Shop) -> None:
    template = template_of(shop)
    visit = visits(shop)
    page = visit.open(f"/templates/{template}")
    page.get_by_role("textbox", name="Content").fill("Mine, of an hour")
    shop.put(f"/templates/{template}", {"content": "Theirs"})
    page.route(
        f"**/api/v1/templates/{template}",
        lambda route: route.abort("connectionrefused") if route.request.method == "GET" else route.continue_(),
    )
    visit.expect_problem("412")
    visit.expect_problem("ERR_CONNECTION_REFUSED")
    page.get_by_role("button", name="Save").click()
    conflict = page.get_by_role("alert")
    expect(conflict).to_contain_text("Your changes are still here")
    expect(page.get_by_role("textbox", name="Content")).to_have_value("Mine, of an hour")
    page.unroute_all()
    conflict.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("dialog", name="Someone else has changed this template")).to_be_visible()
