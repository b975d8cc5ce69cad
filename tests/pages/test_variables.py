"""The page of built-in variables and of the business's own."""

from playwright.sync_api import expect

from tests.support.visit import Visit


def test_own_variable_is_created_changed_and_deleted(visit: Visit) -> None:
    page = visit.open("/variables")
    page.get_by_role("button", name="New variable").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Enter a name.")).to_be_visible()
    dialog.get_by_label("Name").fill("User name")
    dialog.get_by_label("Value").fill("Ada")
    visit.expect_problem("400")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("This is the name of a built-in variable.")
    visit.check_accessibility()
    dialog.get_by_label("Name").fill("Opening hours")
    dialog.get_by_label("Value").fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Enter a value.")).to_be_visible()
    dialog.get_by_label("Value").fill("9 to 18")
    dialog.get_by_role("button", name="Save").click()
    own = page.get_by_role("region", name="Custom")
    expect(own.get_by_text("{opening_hours}")).to_be_visible()
    page.get_by_role("button", name="Edit opening_hours").click()
    dialog.get_by_label("Value").fill("10 to 18")
    dialog.get_by_role("button", name="Save").click()
    expect(own.get_by_text("10 to 18")).to_be_visible()
    page.get_by_role("button", name="Delete opening_hours").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(own.get_by_text("{opening_hours}")).to_have_count(0)


def test_built_in_variable_is_found_by_its_description(visit: Visit) -> None:
    page = visit.open("/variables")
    page.get_by_role("searchbox", name="Search").fill("{customer_message}")
    expect(page.get_by_role("region", name="Built-in").get_by_role("listitem")).to_have_count(1)
    page.get_by_role("searchbox", name="Search").fill("no such thing")
    expect(page.get_by_text("No matching variables.")).to_be_visible()
