"""Owners review, publish, discard and restore the design of the assistant."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.pages.conftest import answer_like_a_shop, template_of
from tests.pages.test_layout import check_each_size
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.visit import Visit

AT_ONCE = re.compile("^At once")


def test_owner_publishes_discards_and_restores(visit_as: Callable[..., Visit], shop: Shop) -> None:
    visit = visit_as("owner")
    page = visit.open("/health")
    visit.choose("Assistant", "Changes")
    releases = page.get_by_role("list", name="Releases").get_by_role("listitem")
    expect(page.get_by_role("radio", name=AT_ONCE)).to_be_checked()
    page.get_by_role("radio", name="After a review").check()
    draft = page.get_by_role("region", name="Unpublished changes")
    expect(draft.get_by_text("No unpublished changes")).to_be_visible()
    visit.check_accessibility()
    expect(releases.first).to_contain_text("Robin Role")
    live = releases.first.get_by_text("Release").text_content()

    visit.choose("Assistant", "Variables")
    expect(page.get_by_text("Edits are live after you publish them")).to_be_visible()
    stage = f"/stages/{shop.stages['Greeting']}"
    assert shop.put(stage, {"stage_name": "Welcome", "fixed_reply": "Hello and <b>welcome</b>!"}).status_code == 200
    page.get_by_role("note").get_by_role("link", name="Changes").click()
    expect(draft.get_by_text("Stage: Greeting")).to_have_count(0)
    expect(draft.get_by_text("Stage: Welcome")).to_be_visible()
    expect(draft.get_by_role("region", name="Name").locator("del")).to_have_text("Greeting")
    expect(draft.get_by_role("region", name="Fixed reply").locator("ins")).to_have_text("Hello and <b>welcome</b>!")
    check_each_size(visit, "changes")
    visit.expect_problem("400")
    page.get_by_role("radio", name=AT_ONCE).click()
    expect(page.get_by_text("There are unpublished changes. Publish or discard them first.")).to_be_visible()
    page.get_by_role("textbox", name="Note").fill("Friendlier 👋")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(draft.get_by_text("No unpublished changes")).to_be_visible()
    expect(releases.first).to_contain_text("Live")
    expect(releases.first).to_contain_text("Friendlier 👋")
    releases.first.get_by_role("button", name="Show changes: Release").click()
    expect(releases.first.get_by_text("Stage: Welcome")).to_be_visible()

    assert shop.put(stage, {"stage_name": "Mistake"}).status_code == 200
    visit.choose("Assistant", "Variables")
    visit.choose("Assistant", "Changes")
    expect(draft.get_by_text("Stage: Mistake")).to_be_visible()
    page.get_by_role("button", name="Discard the draft").click()
    dialog = page.get_by_role("dialog", name="Discard all unpublished changes?")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Discard the draft").click()
    expect(draft.get_by_text("No unpublished changes")).to_be_visible()
    expect(releases.first).to_contain_text("Unpublished draft")

    page.get_by_role("button", name=f"Restore {str(live).lower()}").click()
    page.get_by_role("dialog").get_by_role("button", name="Restore").click()
    expect(releases.first).to_contain_text(f"Restored from {str(live).lower()}")
    assert shop.get(stage).get_json()["stage_name"] == "Greeting"
    page.get_by_role("radio", name=AT_ONCE).check()
    expect(draft).to_have_count(0)


def test_owner_tries_a_draft_out_on_some_conversations(visit_as: Callable[..., Visit], shop: Shop) -> None:
    settings = {"publishing": "reviewed"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    assert shop.put(f"/stages/{shop.stages['Greeting']}", {"fixed_reply": "Hi!"}).status_code == 200
    case = {"name": "Says hi", "stage_id": shop.stages["Greeting"], "turns": [{"message": "Hello"}]}
    assert shop.post("/test-cases", case).status_code == 201
    visit = visit_as("owner")
    page = visit.open("/changes")
    added = page.get_by_role("region", name="Unpublished changes").get_by_role("listitem").filter(has_text="Says hi")
    expect(added).to_have_text("AddedTest case: Says hiStage: Greeting")
    page.get_by_role("button", name="Run tests").click()
    expect(page.get_by_role("region", name="Results").get_by_role("status")).to_contain_text("1 passed")
    page.get_by_label("Who it answers").select_option(label="20% of new conversations")
    page.get_by_role("button", name="Start a trial").click()
    trial = page.get_by_role("region", name="Trial")
    expect(trial.get_by_text("answers 20% of new conversations")).to_be_visible()
    expect(page.get_by_role("list", name="Releases").get_by_role("listitem").first).to_contain_text("Trial")
    trial.get_by_label("New conversations").select_option(label="50%")
    expect(trial.get_by_text("answers 50% of new conversations")).to_be_visible()
    check_each_size(visit, "changes-trial")
    trial.get_by_role("button", name="End the trial").click()
    expect(trial).to_have_count(0)
    page.get_by_role("radio", name="Stay with their release").check()
    expect(page.get_by_text("Saved.")).to_be_visible()
    business = shop.get(f"/businesses/{shop.business_id}").get_json()
    assert business["settings"] == {**settings, "pin": "conversation"}


def test_owner_publishes_a_refused_draft_for_a_reason(
    visit_as: Callable[..., Visit], shop: Shop, model: FakeModel
) -> None:
    model.respond = lambda body: "What now?" if "Be brief" in str(body["messages"]) else answer_like_a_shop(body)
    turn = {"message": "Good morning to you", "expect": {"reply": {"contains": ["How can I help you?"]}}}
    assert shop.post("/test-cases", {"name": "Says <b>welcome</b>", "turns": [turn]}).status_code == 201
    settings = {"publishing": "reviewed"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    template = f"/templates/{template_of(shop, 'Greeting')}"
    assert shop.put(template, {"content": "Be brief: {user_message}"}).status_code == 200
    visit = visit_as("owner")
    page = visit.open("/changes")
    page.get_by_role("button", name="Publish", exact=True).click()
    notice = page.get_by_role("status").filter(has_text="was not published")
    expect(notice.get_by_role("listitem")).to_have_text("Says <b>welcome</b>")
    releases = page.get_by_role("list", name="Releases").get_by_role("listitem")
    expect(releases.first).to_contain_text("Refused")
    notice.get_by_role("button", name="Results").click()
    results = page.get_by_role("region", name="Results")
    expect(results.get_by_text("Expected: How can I help you?")).to_be_visible()
    check_each_size(visit, "changes-refused")
    notice.get_by_role("button", name="Publish without tests").click()
    dialog = page.get_by_role("dialog", name="Publish without the test cases?")
    dialog.get_by_role("button", name="Publish without tests").click()
    expect(dialog.get_by_text("Enter a reason.")).to_be_visible()
    visit.check_accessibility()
    dialog.get_by_role("textbox", name="Reason").fill("The shop is closed.")
    dialog.get_by_role("button", name="Publish without tests").click()
    expect(page.get_by_text("No unpublished changes")).to_be_visible()
    expect(releases.first).to_contain_text("Published without tests: The shop is closed.")
    expect(releases.first).to_contain_text("Live")


def test_viewers_read_the_changes(visit_as: Callable[..., Visit], shop: Shop) -> None:
    visit = visit_as("viewer")
    page = visit.open("/changes")
    releases = page.get_by_role("list", name="Releases").get_by_role("listitem")
    releases.first.get_by_role("button", name="Show changes: Release").click()
    expect(releases.first.get_by_text("Stage: Order help").first).to_be_visible()
    expect(page.get_by_role("radio", name="After a review")).to_be_disabled()
    expect(page.get_by_role("button", name="Restore")).to_have_count(0)
    visit.check_accessibility()
