"""Owners write test cases, run them, and make a bad answer one."""

import json
import uuid
from collections.abc import Callable

from playwright.sync_api import expect

from tests.pages.test_layout import check_each_size
from tests.support.factories import Shop, made
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
    with page.expect_response("**/api/v1/test-cases") as response:
        dialog.get_by_role("button", name="Save").click()
    assert response.value.status == 201
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

    page.reload()
    page.get_by_role("button", name="Result: Says <b>hello</b>").click()
    expect(page.get_by_role("list", name="Test cases").get_by_text("Expected: a parrot")).to_be_visible()
    page.get_by_role("checkbox", name="Run each test case three times").check()
    with page.expect_response("**/api/v1/test-runs") as response:
        page.get_by_role("button", name="Run tests").click()
    assert json.loads(response.value.request.post_data or "")["repeat"] == 3
    expect(results.get_by_role("status")).to_have_text("0 passed, 1 failed, 0 unstable")

    page.get_by_role("button", name="Delete test case: Says <b>hello</b>").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No test cases yet")).to_be_visible()


def test_the_form_keeps_all_expectations(visit_as: Callable[..., Visit], shop: Shop) -> None:
    orders = [{"order_number": "A-10433", "status": "sent", "tracking_number": "T-1"}]
    before = {
        "name": "Asks",
        "data": {"orders": orders, "products": [{"product_name": "Lamp"}]},
        "lookups": {"X": None},
    }
    fields = {"order_number": "A-10433", "pieces": 3}
    turns = [{"message": "One"}, {"message": "Where is A-10433?", "expect": {"fields": fields, "stage": "Gone"}}]
    case = made(shop.post("/test-cases", {**before, "turns": turns}))["test_case_id"]
    visit = visit_as("owner")
    page = visit.open("/tests")
    page.get_by_role("button", name="Edit test case: Asks").click()
    dialog = page.get_by_role("dialog", name="Edit test case: Asks")
    dialog.get_by_role("button", name="Remove message 1").click()
    turn = dialog.get_by_role("group", name="Message 1", exact=True)
    turn.get_by_role("button", name="Add a field").click()
    turn.get_by_label("Field", exact=True).last.fill("reason")
    turn.get_by_role("button", name="More expectations").click()
    turn.get_by_label("Look-up").select_option("found")
    turn.get_by_label("Language of the reply").select_option("de")
    turn.get_by_label("Reply matches the pattern").fill("A-\\d+")
    turn.get_by_label("Length of the reply at most").fill("300")
    turn.get_by_label("Tokens at most").fill("2000")
    turn.get_by_label("What is true of a good reply").fill("It is polite.")
    turn.get_by_label("Minimum score").fill("0.9")
    dialog.get_by_label("First name").fill("Ann")
    check_each_size(visit, "test-case-form")
    with page.expect_response(f"**/api/v1/test-cases/{case}") as response:
        dialog.get_by_role("button", name="Save").click()
    assert response.value.status == 200, response.value.text()
    stored = shop.get(f"/test-cases/{case}").get_json()
    judged = {"sentence": "It is polite.", "threshold": 0.9}
    reply = {"matches": "A-\\d+", "language": "de", "max_length": 300, "judged": judged}
    others = {"fields": {**fields, "reason": None}, "stage": "Gone", "look_up": "found", "max_tokens": 2000}
    assert stored["turns"] == [{"message": "Where is A-10433?", "expect": {**others, "reply": reply}}]
    assert stored["customer"] == {"first_name": "Ann"}
    assert {name: stored[name] for name in before} == before


def test_stage_editor_shows_the_tests_of_the_stage(visit_as: Callable[..., Visit], shop: Shop) -> None:
    assert shop.post("/test-cases", {"name": "Of no stage", "turns": [{"message": "Hi"}]}).status_code == 201
    visit = visit_as("owner")
    page = visit.open(f"/stages/{shop.stages['Greeting']}")
    tests = page.get_by_role("region", name="Tests of this stage")
    expect(tests.get_by_text("No tests of this stage yet.")).to_be_visible()
    tests.get_by_role("button", name="New test case").click()
    dialog = page.get_by_role("dialog", name="New test case")
    expect(dialog.get_by_label("Stage that answers")).to_have_value("Greeting")
    dialog.get_by_role("textbox", name="Name").fill("Welcomes")
    dialog.get_by_role("textbox", name="Message 1").fill("Good morning to you")
    dialog.get_by_role("textbox", name="Reply contains").fill("Welcome!")
    with page.expect_response("**/api/v1/test-cases"):
        dialog.get_by_role("button", name="Save").click()
    cases = tests.get_by_role("list", name="Test cases").get_by_role("listitem")
    expect(cases).to_have_text(["WelcomesNot run yet"])
    tests.get_by_role("button", name="Run tests").click()
    expect(tests.get_by_role("status")).to_have_text("0 passed, 1 failed, 0 unstable")
    expect(cases).to_have_text(["WelcomesFailedResult"])
    page.get_by_role("textbox", name="Description").fill("The customer greets us")
    expect(tests.get_by_text("Save first: tests use what is saved.")).to_be_visible()
    check_each_size(visit, "stage-tests")
    with page.expect_response("**/api/v1/stages/*") as response:
        page.get_by_role("button", name="Save", exact=True).click()
    assert response.value.status == 200
    tests.get_by_role("button", name="Edit test case: Welcomes").click()
    dialog = page.get_by_role("dialog", name="Edit test case: Welcomes")
    dialog.get_by_role("textbox", name="Reply contains").fill("How can I help you?")
    with page.expect_response("**/api/v1/test-cases/*"):
        dialog.get_by_role("button", name="Save").click()
    tests.get_by_role("button", name="Run tests").click()
    expect(tests.get_by_role("status")).to_have_text("1 passed, 0 failed, 0 unstable")
    expect(cases).to_have_text(["WelcomesPassedResult"])


def test_bad_answer_becomes_a_test_case(visit_as: Callable[..., Visit], shop: Shop) -> None:
    answered = shop.say("Where is my parcel?", session_id=uuid.uuid4().hex).get_json()
    assert shop.post(f"/messages/{answered['response_message_id']}/feedback", {"rating": "bad"}).status_code == 200
    visit = visit_as("owner")
    page = visit.open("/feedback")
    page.get_by_role("button", name="Create test case: Where is my parcel?").click()
    expect(page.get_by_text("The test case is on the page Tests.")).to_be_visible()
    visit.choose("Assistant", "Tests")
    expect(page.get_by_role("list", name="Test cases").get_by_role("listitem")).to_have_count(1)
