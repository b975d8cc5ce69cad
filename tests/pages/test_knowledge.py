"""The pages of what the assistant knows: articles are written, uploaded, found and changed."""

from pathlib import Path

from playwright.sync_api import expect

from tests.support.visit import Visit


def test_articles_are_written_uploaded_and_searched(visit: Visit, tmp_path: Path) -> None:
    shop = visit.shop
    page = visit.open("/knowledge")
    page.get_by_role("main").get_by_role("link", name="New article").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Enter a title.")).to_be_visible()
    page.get_by_role("textbox", name="Title").fill("Returns and refunds")
    page.get_by_role("textbox", name="Text").fill("## Time\nThirty days.\n## Cost\nReturns are free.")
    page.get_by_role("textbox", name="Tags").fill("orders, returns")
    visit.check_accessibility()
    page.get_by_role("button", name="Save").click()
    passages = page.get_by_role("region", name="How it is searched").get_by_role("listitem")
    expect(passages).to_have_count(2)
    expect(passages.last).to_contain_text("Returns are free.")
    page.get_by_role("textbox", name="Text").fill("Returns are free for thirty days.")
    page.get_by_role("link", name="Knowledge").first.click()
    page.get_by_role("dialog", name="Leave without saving?").get_by_role("button", name="Stay").click()
    page.get_by_role("button", name="Save").click()
    expect(passages).to_have_count(1)
    page.get_by_role("link", name="Knowledge").first.click()
    expect(page.get_by_role("link", name="Returns and refunds")).to_contain_text("English")

    (tmp_path / "delivery.md").write_text("# Delivery\n\nWe deliver on weekdays, within two days.")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnot a document")
    visit.expect_problem("400")
    page.get_by_role("button", name="Upload files").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Upload", exact=True).click()
    expect(dialog.get_by_text("Choose at least one file.")).to_be_visible()
    dialog.get_by_label("Files").set_input_files([tmp_path / "broken.pdf", tmp_path / "delivery.md"])
    dialog.get_by_role("button", name="Upload", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Not uploaded: broken.pdf")
    expect(dialog.get_by_role("region", name="delivery.md")).to_contain_text("1 article")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Close").click()
    articles = page.get_by_role("list", name="Articles").get_by_role("listitem")
    expect(articles).to_have_count(2)
    page.get_by_role("searchbox", name="Search articles").fill("weekdays")
    expect(articles).to_have_count(1)
    page.get_by_role("searchbox", name="Search articles").fill("no such words")
    expect(page.get_by_text("No matching articles")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()

    page.get_by_role("link", name="Returns and refunds").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(articles).to_have_count(1)
    assert [each["title"] for each in shop.get("/articles").get_json()] == ["Delivery"]
