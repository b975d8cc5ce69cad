"""Staff rate answers and follow up bad ones; visitors of the widget rate answers and conversations."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.pages.test_widget import host_page
from tests.support.factories import Shop
from tests.support.visit import Server, Visit, new_context, record_problems
from tests.support.widget import Widget, make_widget


def say(shop: Shop, message: str) -> dict[str, Any]:
    response = shop.say(message, session_id=uuid.uuid4().hex)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    return body


def rate(shop: Shop, answered: dict[str, Any], rating: str = "bad", **values: Any) -> None:
    path = f"/messages/{answered['response_message_id']}/feedback"
    assert shop.post(path, {"rating": rating, **values}).status_code == 200


def examples(shop: Shop) -> dict[str, list[str]]:
    return {row["stage_name"]: row["example_messages"] for row in shop.get("/stages").get_json()}


def test_each_follow_up_of_a_bad_answer_takes_one_click(visit: Visit, shop: Shop) -> None:
    questions = ("Where is my parcel?", "I will order tea", "Do you sell stamps?", "Are you open?")
    for question in questions:
        rate(shop, say(shop, question), comment=f"Not helpful: {question}")
    corrected = say(shop, "Do you deliver on Sundays?")
    rate(shop, corrected, source="staff", correct_answer="We deliver from Monday to Saturday.")
    page = visit.open("/health")
    visit.choose("Insights", "Feedback")
    rows = page.get_by_role("list", name="Feedback").get_by_role("listitem")
    expect(rows).to_have_count(5)
    visit.check_accessibility()

    rows.first.get_by_role("button", name="Save as an article: Do you deliver on Sundays?").click()
    expect(page.get_by_text("The correct answer is now an article.")).to_be_visible()
    expect(rows).to_have_count(4)
    [article] = shop.get("/articles").get_json()
    assert article["title"] == "Do you deliver on Sundays?"

    def row(question: str) -> Any:
        return rows.filter(has_text=f"Not helpful: {question}")

    row(questions[0]).get_by_role("button", name="Move to “Order help”").click()
    expect(rows).to_have_count(3)
    row(questions[1]).get_by_role("button", name="Move to another stage").click()
    page.get_by_role("menuitem", name="Greeting").click()
    expect(rows).to_have_count(2)
    assert examples(shop) == {"Greeting": [questions[1]], "Order help": [questions[0]]}

    row(questions[3]).get_by_role("button", name=f"Dismiss: {questions[3]}").click()
    expect(rows).to_have_count(1)

    row(questions[2]).get_by_role("link", name=f"Write an article: {questions[2]}").click()
    expect(page.get_by_role("textbox", name="Title")).to_have_value(questions[2])
    page.get_by_role("textbox", name="Text").fill("We sell stamps.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="How it is searched").get_by_role("listitem")).to_have_count(1)
    visit.choose("Insights", "Feedback")
    expect(page.get_by_text("No answers to review")).to_be_visible()
    page.get_by_role("button", name="Bad", exact=True).click()
    expect(rows).to_have_count(5)
    for text in ("Moved to another stage", "An article was written", "Dismissed"):
        expect(page.get_by_text(text).first).to_be_visible()


def test_staff_rate_in_the_inbox_and_choose_examples(visit_as: Callable[..., Visit], shop: Shop) -> None:
    answered = say(shop, "Hello")
    visit = visit_as("agent")
    page = visit.open(f"/inbox/{answered['conversation_id']}")
    thread = page.get_by_role("log")
    good = thread.get_by_role("button", name="Good answer")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    thread.get_by_role("button", name="Bad answer").click()
    dialog = page.get_by_role("dialog", name="What was wrong with this answer?")
    expect(dialog.get_by_role("checkbox")).to_be_disabled()
    dialog.get_by_role("textbox", name="What was wrong").fill("Too cold")
    dialog.get_by_role("textbox", name="Correct answer").fill("Welcome to Lantern Books!")
    dialog.get_by_role("checkbox").check()
    visit.check_accessibility()
    dialog.get_by_role("button", name="Save").click()
    expect(thread.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    rate(shop, answered, "bad", comment="Rude")
    expect(thread.get_by_text("Rude")).to_be_visible()
    [listed] = shop.get("/feedback").get_json()
    assert [(each["source"], each["rating"]) for each in listed["feedback"]] == [("customer", "bad"), ("staff", "bad")]

    visit.go("/feedback?show=examples")
    expect(page.get_by_text("Welcome to Lantern Books!")).to_be_visible()
    page.get_by_role("button", name="Do not use as an example").click()
    expect(page.get_by_text("No examples")).to_be_visible()
    visit.go(f"/conversations/{answered['conversation_id']}?turn={answered['turn_id']}")
    flow = page.get_by_role("complementary", name="Why this answer")
    expect(flow.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")


@pytest.fixture
def widget(shop: Shop) -> Widget:
    return make_widget(shop, title={"en": "Lantern Books"})


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = new_context(browser)
    found: list[list[str]] = []
    context.on("page", lambda page: found.append(record_problems(page)))
    yield context
    context.close()
    assert [text for each in found for text in each] == []


def test_visitor_rates_an_answer_and_the_conversation_once(
    visitor: BrowserContext, pages_server: Server, widget: Widget, shop: Shop
) -> None:
    with host_page(pages_server, widget) as url:
        page: Page = visitor.new_page()
        page.goto(url)
        page.get_by_role("button", name="Open chat").click()
        chat = page.get_by_role("dialog", name="Lantern Books")
        chat.get_by_role("textbox", name="Message").fill("Hello")
        chat.get_by_role("textbox", name="Message").press("Enter")
        bad = chat.get_by_role("button", name="Bad answer")
        bad.click()
        expect(bad).to_have_attribute("aria-pressed", "true")
        chat.get_by_role("textbox", name="What was wrong?").fill("Too short")
        chat.get_by_role("textbox", name="What was wrong?").press("Enter")
        expect(chat.get_by_role("textbox", name="What was wrong?")).to_be_hidden()
        expect(bad).to_be_focused()
        page.reload()
        expect(bad).to_have_attribute("aria-pressed", "true")
        with page.expect_response(lambda response: response.url.endswith("/feedback")):
            chat.get_by_role("button", name="Good answer").click()
        [listed] = shop.get("/feedback").get_json()
        assert [(each["source"], each["rating"]) for each in listed["feedback"]] == [("customer", "good")]

        expect(chat.get_by_text("How was this conversation?")).to_be_hidden()
        conversation = f"/conversations/{listed['conversation_id']}"
        assert shop.post(f"{conversation}/complete").status_code == 200
        expect(chat.get_by_text("How was this conversation?")).to_be_visible()
        for name in ("2 of 5", "4 of 5"):
            with page.expect_response(lambda response: response.url.endswith("/rating")):
                chat.get_by_role("button", name=name).click()
        expect(chat.get_by_text("Thank you for your feedback.").first).to_be_visible()
        assert shop.get(conversation).get_json()["rating"]["rating"] == 4
        chat.get_by_role("textbox", name="Message").fill("One more thing")
        chat.get_by_role("textbox", name="Message").press("Enter")
        expect(chat.get_by_text("How was this conversation?")).to_be_hidden()
