"""A bad answer becomes a test case, and is corrected in the draft, tested, replayed and published, on two pages."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.pages.conftest import answer_like_a_shop
from tests.pages.test_layout import check_each_size, overflowing_elements
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.visit import Visit

QUESTION = "Good morning, do you sell stamps?"
CORRECT = "Yes, we sell stamps."


def answer(body: dict[str, Any]) -> str:
    """The model knows about stamps if the prompt says so, and judges whether a reply does."""
    prompt = str(body["messages"])
    if "The reply says the same as" in prompt:
        return json.dumps({"score": int(prompt.count(CORRECT) > 1), "reason": ""})
    return CORRECT if "We sell stamps" in prompt else answer_like_a_shop(body)


def test_bad_answer_is_corrected_on_two_pages(visit_as: Callable[..., Visit], shop: Shop, model: FakeModel) -> None:
    model.respond = answer
    settings = {"publishing": "reviewed"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    shop.say("Hello", session_id=uuid.uuid4().hex)
    answered = shop.say(QUESTION, session_id=uuid.uuid4().hex).get_json()
    visit = visit_as("owner")
    page = visit.open(f"/conversations/{answered['conversation_id']}")
    flow = page.get_by_role("complementary", name="Why this answer")

    rate_as_bad(page)
    with page.expect_response("**/api/v1/test-cases/from-conversation") as response:
        flow.get_by_role("button", name="Create test case").click()
    assert response.value.status == 201
    expect(page.get_by_text("The test case is on the page Tests.")).to_be_visible()
    flow.get_by_role("button", name="Response", exact=False).click()
    flow.get_by_role("link", name="Edit template").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("textbox", name="Content", exact=True).fill("We sell stamps. {user_message}")
    with page.expect_response("**/api/v1/templates/*") as response:
        drawer.get_by_role("button", name="Save", exact=True).click()
    assert response.value.status == 200
    drawer.get_by_role("button", name="Close").click()
    flow.get_by_role("button", name="Replay").click()
    dialog = page.get_by_role("dialog", name="Answer this message again")
    dialog.get_by_role("button", name="Replay").click()
    expect(dialog.get_by_role("status")).to_have_text("Different: Reply")
    expect(dialog.get_by_role("region", name="Answer of the replay")).to_contain_text(CORRECT)
    expect(dialog.get_by_role("region", name="Prompt of the step Response").locator("ins").first).to_be_visible()
    visit.check_accessibility()
    dialog.get_by_role("button", name="Close").click()

    visit.choose("Assistant", "Changes")
    draft = page.get_by_role("region", name="Unpublished changes")
    draft.get_by_role("button", name="Run tests").click()
    expect(draft.get_by_role("region", name="Results").get_by_role("status")).to_contain_text("1 passed, 0 failed")
    replay = draft.get_by_role("region", name="Replay of the draft")
    replay.get_by_label("Messages").select_option(label="The last 20 answered messages")
    replay.get_by_role("button", name="Estimate the cost").click()
    expect(replay.get_by_role("status")).to_contain_text("2 messages")
    replay.get_by_role("button", name="Start the replay").click()
    expect(replay.get_by_role("status")).to_contain_text("2 of 2 messages replayed")
    replay.get_by_label("What is shown").select_option(label="Different reply (2)")
    row = replay.get_by_role("listitem").filter(has_text=QUESTION)
    expect(row.get_by_role("region", name=f"Reply: {QUESTION}").locator("ins").first).to_be_visible()
    check_each_size(visit, "changes-replay")
    with page.expect_response("**/api/v1/releases") as response:
        draft.get_by_role("button", name="Publish", exact=True).click()
    assert response.value.status == 202
    expect(draft.get_by_text("No unpublished changes")).to_be_visible()
    assert shop.say(QUESTION, session_id=uuid.uuid4().hex).get_json()["response"] == CORRECT


def test_conversations_become_test_cases_in_the_inbox(visit_as: Callable[..., Visit], shop: Shop) -> None:
    answered = shop.say(QUESTION, session_id=uuid.uuid4().hex).get_json()
    visit = visit_as("owner")
    page = visit.open(f"/inbox/{answered['conversation_id']}")
    page.get_by_role("button", name="More actions").click()
    with page.expect_response("**/api/v1/test-cases/from-conversation") as response:
        page.get_by_role("menuitem", name="Create test case").click()
    assert response.value.status == 201
    [case] = shop.get("/test-cases").get_json()
    assert case["turns"] == [{"message": QUESTION, "expect": {"stage": "Greeting"}}]


def test_answer_is_replayed_on_a_phone(visit_as: Callable[..., Visit], shop: Shop) -> None:
    answered = shop.say(QUESTION, session_id=uuid.uuid4().hex).get_json()
    visit = visit_as("owner")
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.open(f"/conversations/{answered['conversation_id']}?turn={answered['turn_id']}")
    page.get_by_role("button", name="Replay").click()
    dialog = page.get_by_role("dialog", name="Answer this message again")
    dialog.get_by_label("What answers").select_option(label="The design of that time")
    dialog.get_by_role("button", name="Replay").click()
    expect(dialog.get_by_role("status")).to_have_text("The stage, the fields and the reply are the same.")
    assert overflowing_elements(page) == []
    visit.check_accessibility()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Replay")).to_be_focused()


def rate_as_bad(page: Page) -> None:
    flow = page.get_by_role("complementary", name="Why this answer")
    flow.get_by_role("button", name="Bad answer").click()
    dialog = page.get_by_role("dialog", name="What was wrong with this answer?")
    dialog.get_by_role("textbox", name="Correct answer").fill(CORRECT)
    with page.expect_response("**/feedback"):
        dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
