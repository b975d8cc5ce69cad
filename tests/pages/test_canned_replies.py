"""The page with canned replies."""

from playwright.sync_api import expect

from tests.support.visit import Visit


def test_canned_reply_is_created_changed_and_deleted(visit: Visit) -> None:
    shop = visit.shop
    page = visit.open("/canned-replies")
    page.get_by_role("button", name="New canned reply").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("This field is required.")).to_have_count(2)
    dialog.get_by_label("Shortcut").fill("/Hours")
    dialog.get_by_label("Title").fill("Opening hours")
    dialog.get_by_label("Text", exact=True).press_sequentially("We are open, {user.first_n")
    expect(page.get_by_role("listbox").get_by_role("option", selected=True)).to_contain_text("user.first_name")
    page.keyboard.press("Enter")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Save").click()
    item = page.get_by_role("listitem").filter(has_text="Opening hours")
    expect(item).to_contain_text("/hours")
    expect(item).to_contain_text("We are open, {user.first_name}")
    visit.check_accessibility()

    page.get_by_role("button", name="New canned reply").click()
    dialog.get_by_label("Shortcut").fill("hours")
    dialog.get_by_label("Title").fill("Again")
    dialog.get_by_label("Text", exact=True).fill("Twice")
    visit.expect_problem("409")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()

    page.get_by_role("button", name="Edit “Opening hours”").click()
    dialog.get_by_label("Text", exact=True).fill("From 9 to 18.")
    dialog.get_by_role("button", name="Save").click()
    expect(item).to_contain_text("From 9 to 18.")
    assert [each["content"] for each in shop.get("/canned-replies").get_json()] == ["From 9 to 18."]

    page.get_by_role("searchbox", name="Search").fill("return")
    expect(page.get_by_text("No canned replies match your search")).to_be_visible()
    page.get_by_role("searchbox", name="Search").fill("/hou")
    page.get_by_role("button", name="Delete “Opening hours”").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No canned replies yet")).to_be_visible()
