"""Owners write test cases, run them, and make a bad answer one."""

import uuid
from collections.abc import Callable

from playwright.sync_api import expect

from tests.pages.test_layout import check_each_size
from tests.support.factories import Shop
from tests.support.visit import Visit


def test_owner_writes_runs_and_corrects_a_test_case(visit_as: Callable[..., Visit], shop: Shop) -> None:
    stage = f"/stages/{shop.stages['Greeting']}"
    assert shop.put(stage, {"fixed_reply": "Hello and welcome!"}).status_code == 200
    visit = visit_as("owner")
    page = visit.open("/health")
    visit.choose("Assistant", "Tests")
    expect(page.get_by_text("No test cases yet")).to_be_visible()
    page.get_by_role("button", name="New test case").click()
    dialog = page.get_by_role("dialog", name="New test case")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Enter a text.")).to_have_count(2)
    dialog.get_by_role("textbox", name="Name").fill("Says <b>hello</b>")
    dialog.get_by_role("textbox", name="Message 1").fill("Good morning to you")
    dialog.get_by_role("textbox", name="Reply contains").fill("a parrot\n\n")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    [stored] = shop.get("/test-cases").get_json()
    assert stored["turns"] == [{"message": "Good morning to you", "expect": {"reply": {"contains": ["a parrot"]}}}]

    page.get_by_role("button", name="Run tests").click()
    results = page.get_by_role("region", name="Results")
    expect(results.get_by_role("status")).to_have_text("0 passed, 1 failed, 0 unstable")
    expect(results.get_by_text("Expected: a parrot")).to_be_visible()
    expect(page.get_by_role("list", name="Test cases").get_by_text("Failed")).to_be_visible()
    check_each_size(visit, "tests")
    visit.check_accessibility()

    page.get_by_role("button", name="Delete test case: Says <b>hello</b>").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No test cases yet")).to_be_visible()


def test_bad_answer_becomes_a_test_case(visit_as: Callable[..., Visit], shop: Shop) -> None:
    answered = shop.say("Where is my parcel?", session_id=uuid.uuid4().hex).get_json()
    assert shop.post(f"/messages/{answered['response_message_id']}/feedback", {"rating": "bad"}).status_code == 200
    visit = visit_as("owner")
    page = visit.open("/feedback")
    page.get_by_role("button", name="Create test case: Where is my parcel?").click()
    expect(page.get_by_text("The test case is on the page Tests.")).to_be_visible()
    visit.choose("Assistant", "Tests")
    expect(page.get_by_role("list", name="Test cases").get_by_role("listitem")).to_have_count(1)
