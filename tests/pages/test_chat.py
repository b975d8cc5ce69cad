"""The playground: write as a test customer, see the steps of a turn, change a template, and ask again."""

import re
import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import make_config
from tests.pages.conftest import answer_like_a_shop, make_test_customer, running_server
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Status
from tests.support.visit import Visit, choose


@pytest.fixture(autouse=True)
def carla_is_a_test_customer(shop: Shop) -> None:
    make_test_customer(shop)


def test_template_is_changed_from_the_steps_of_a_turn(visit: Visit) -> None:
    page = visit.open("/chat")
    choose(page.get_by_role("combobox", name="Test customer"), "Carla Customer")
    page.get_by_label("Message", exact=True).fill("Where is my order A-10433?")
    page.keyboard.press("Enter")
    log = page.get_by_role("log")
    expect(log.get_by_text("Your order A-10433 is on its way.")).to_be_visible()
    flow = page.get_by_role("complementary", name="Why this answer")
    expect(flow.get_by_role("listitem")).to_have_count(4)
    visit.check_accessibility()

    flow.get_by_role("button", name="Response").click()
    expect(flow.get_by_role("region", name="System")).to_contain_text("answer its customers in chat")
    flow.get_by_role("tab", name="Variables").click()
    expect(flow.get_by_role("region", name="user_message")).to_have_text("Where is my order A-10433?")
    flow.get_by_role("tab", name="Answer").click()
    expect(flow.get_by_role("region", name="Raw answer")).to_have_text("Your order A-10433 is on its way.")
    visit.check_accessibility()
    flow.get_by_role("link", name="Edit template").click()

    editor = page.get_by_role("dialog")
    editor.get_by_role("textbox", name="Content").fill("Say only: we are closed today. {user_message}")
    visit.check_accessibility()
    editor.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The next message will use it")).to_be_visible()
    editor.get_by_role("button", name="Close").click()

    page.get_by_role("button", name="Ask again").click()
    dialog = page.get_by_role("dialog", name="Ask again")
    before, now = (dialog.get_by_role("region", name=name) for name in ("Answer so far", "Answer now"))
    expect(before.get_by_text("Your order A-10433 is on its way.")).to_be_visible()
    expect(now.get_by_text("Your order A-10433 is on its way.")).to_be_visible()
    now.get_by_role("button", name="Response").click()
    expect(now.get_by_role("region", name="User").first).to_contain_text("Say only: we are closed today.")
    visit.check_accessibility()
    dialog.get_by_role("link", name="Open the copy").click()
    expect(dialog).to_have_count(0)
    expect(log.get_by_text("Where is my order A-10433?")).to_have_count(1)
    assert len(visit.shop.get("/conversations").get_json()) == 2


def choose_customer(page: Page, name: str = "Carla Customer") -> None:
    choose(page.get_by_role("combobox", name="Test customer"), name)


def test_answer_appears_while_the_model_writes(visit: Visit, model: FakeModel) -> None:
    gate = threading.Semaphore(0)
    page = visit.open("/chat")
    choose_customer(page)
    model.reply('{"stage": "Greeting", "confidence": 0.9}', "{}", Gated("Good morning to you", gate))
    page.get_by_label("Message", exact=True).fill("Hello!")
    page.get_by_role("button", name="Send").click()
    page.mouse.move(0, 0)  # otherwise a tooltip of the button that replaces it appears at some time
    log = page.get_by_role("log")
    expect(log.get_by_text("Good", exact=True)).to_be_visible()
    expect(page.get_by_role("complementary").get_by_text("Working…")).to_have_count(1)
    visit.check_accessibility()
    for _ in range(4):
        gate.release()
    expect(log.get_by_text("Good morning to you")).to_be_visible()
    expect(page.get_by_role("complementary").get_by_text("The model wrote the reply.")).to_be_visible()


def test_conversation_missing_from_the_list_can_be_closed(visit: Visit) -> None:
    body = visit.shop.say("Hello!").get_json()
    visit.page.route("**/conversations?*", lambda route: route.fulfill(json=[]))
    page = visit.open(f"/chat?customer={visit.shop.user_id}&conversation={body['conversation_id']}")
    expect(page.get_by_role("log").get_by_text("Hello! How can I help you?")).to_be_visible()
    expect(page.get_by_role("combobox", name="Conversation").locator("option:checked")).to_have_text(
        "This conversation"
    )
    choose(page.get_by_role("combobox", name="Conversation"), "New conversation")
    expect(page.get_by_text("No messages yet")).to_be_visible()


def test_answer_to_a_closed_conversation_does_not_reopen_it(visit: Visit, model: FakeModel) -> None:
    gate = threading.Semaphore(0)
    page = visit.open(f"/chat?customer={visit.shop.user_id}")
    log, message = page.get_by_role("log"), page.get_by_label("Message", exact=True)
    message.fill("Hello!")
    page.keyboard.press("Enter")
    expect(log.get_by_text("Hello! How can I help you?")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    model.reply('{"stage": "Greeting", "confidence": 0.9}', "{}", Gated("Good morning to you", gate))
    message.fill("And now?")
    page.keyboard.press("Enter")
    expect(log.get_by_text("Good", exact=True)).to_be_visible()
    choose(page.get_by_role("combobox", name="Conversation"), "New conversation")
    expect(page.get_by_text("No messages yet")).to_be_visible()
    expect(page.get_by_role("button", name="Stop waiting")).to_be_visible()
    for _ in range(4):
        gate.release()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    expect(page.get_by_text("No messages yet")).to_be_visible()
    expect(page).not_to_have_url(re.compile("conversation="))


def test_failed_turn_can_be_retried(visit: Visit, model: FakeModel) -> None:
    shop = visit.shop
    page = visit.open(f"/chat?customer={shop.user_id}")
    model.respond = lambda body: Status(400)
    page.get_by_label("Message", exact=True).fill("Hello?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Not answered")).to_be_visible()
    expect(page.get_by_role("log").get_by_text("Not answered")).to_be_visible()
    visit.check_accessibility()
    model.respond = answer_like_a_shop
    page.get_by_role("log").get_by_role("button", name="Try again").click()
    expect(page.get_by_role("log").get_by_text("Hello! How can I help you?")).to_be_visible()
    expect(page.get_by_role("log").get_by_text("Hello?", exact=True)).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_message_stays_in_the_field_when_the_server_is_unreachable(visit: Visit) -> None:
    shop = visit.shop
    visit.expect_problem("ERR_CONNECTION_REFUSED")
    page = visit.open(f"/chat?customer={shop.user_id}")
    message = page.get_by_label("Message", exact=True)
    message.fill("Is anybody there?")
    visit.wait_for_responses()
    with visit.server.stopped():
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("The server is not responding")
        expect(message).to_have_value("Is anybody there?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log").get_by_text("Hello! How can I help you?")).to_be_visible()
    assert len(shop.get("/conversations").get_json()) == 1


def test_rate_limit_shows_when_to_try_again(
    visits: Callable[..., Visit], shop: Shop, pages_database: str, pages_model: FakeModel
) -> None:
    settings = {"OPENAI_BASE_URL": pages_model.base_url, "RATE_LIMIT_MESSAGES": "1 per hour"}
    with running_server(make_config(pages_database, **settings)) as server:
        visit = visits(shop, server=server)
        page = visit.open(f"/chat?customer={shop.user_id}")
        message = page.get_by_label("Message", exact=True)
        for _ in range(2):
            message.fill("Hello!")
            page.keyboard.press("Enter")
            expect(page.get_by_role("log").get_by_text("Hello! How can I help you?")).to_be_visible()
            expect(page.get_by_role("button", name="Ask again")).to_be_visible()
        visit.expect_problem("429")
        expect(page.get_by_role("alert")).to_contain_text("Try again in")
        expect(message).to_have_value("Hello!")
        visit.check_accessibility()


def test_conversation_is_found_and_its_steps_are_shown(visit: Visit) -> None:
    shop = visit.shop
    shop.say("Hello!")
    shop.say("Where is my order A-10433?")
    page = visit.open("/conversations")
    page.get_by_role("searchbox").fill("no such words")
    expect(page.get_by_text("No conversations match these filters")).to_be_visible()
    page.get_by_role("searchbox").fill("A-10433")
    expect(page.get_by_role("link", name="Carla Customer")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(page).not_to_have_url(re.compile("q="))
    choose(page.get_by_role("combobox", name="Stage"), "Greeting")
    expect(page.get_by_text("No conversations match these filters")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("link", name="Carla Customer").click()
    expect(page.get_by_role("heading", name="Conversation with Carla Customer")).to_be_visible()
    expect(page.get_by_role("log").get_by_text("Your order A-10433 is on its way.")).to_be_visible()
    page.get_by_role("button", name="Why this answer: Hello! How can I help you?").click()
    flow = page.get_by_role("complementary", name="Why this answer")
    expect(flow.get_by_text('Matched "Greeting" (92%).')).to_be_visible()
    flow.get_by_role("button", name="Response").click()
    flow.get_by_role("link", name="Open this call").click()
    expect(
        page.get_by_role("region", name="Answer").get_by_text("Hello! How can I help you?", exact=True)
    ).to_be_visible()


def test_template_can_be_changed_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit.open("/chat")
    customer = page.get_by_role("combobox", name="Test customer")
    customer.focus()
    expect(customer.locator("option", has_text="Carla Customer")).to_be_attached()
    page.keyboard.type("Carla")
    expect(page.get_by_label("Message", exact=True)).to_be_enabled()
    tab_to(page, "textarea", "Message")
    page.keyboard.type("Where is my order A-10433?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary").get_by_role("button", name="Response")).to_be_visible()
    tab_to(page, "button", "Response")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Edit template")).to_be_visible()
    tab_to(page, "a", "Edit template")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("textbox", name="Content")).to_be_visible()
    tab_to(page, "textarea", "Content")
    page.keyboard.press("Control+a")
    page.keyboard.type("Be brief. {user_mess")
    expect(page.get_by_role("listbox").get_by_role("option", selected=True)).to_contain_text("user_message")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("The next message will use it")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    stage = visit.shop.get(f"/stages/{visit.shop.stages['Order help']}").get_json()
    assert stage["response_generation_config"]["content"] == "Be brief. {user_message}"


def tab_to(page: Page, tag: str, name: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const element = document.activeElement; return [element.localName,
                element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText ?? ''] }"""
        )
        if focused[0] == tag and focused[1].startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def test_log_follows_the_latest_answer_until_the_user_scrolls_up(visit: Visit) -> None:
    shop = visit.shop
    for _ in range(4):
        conversation = shop.say("Hello!").get_json()["conversation_id"]
    visit.page.set_viewport_size({"width": 390, "height": 640})
    page = visit.open(f"/chat?customer={shop.user_id}&conversation={conversation}")
    reasons = page.get_by_role("log").get_by_role("button", name="Why this answer")
    expect(reasons).to_have_count(4)  # they appear last and make the log longer
    expect(reasons.last).to_be_in_viewport(ratio=1)
    page.get_by_role("log").get_by_text("Hello!", exact=True).first.scroll_into_view_if_needed()
    page.set_viewport_size({"width": 390, "height": 600})
    expect(page.get_by_role("log").get_by_text("Hello!", exact=True).first).to_be_in_viewport()
    expect(reasons.last).not_to_be_in_viewport()


def test_answer_that_arrives_at_once_is_scrolled_into_view(visit: Visit, model: FakeModel) -> None:
    shop = visit.shop
    for _ in range(4):
        conversation = shop.say("Hello!").get_json()["conversation_id"]
    visit.page.set_viewport_size({"width": 390, "height": 640})
    page = visit.open(f"/chat?customer={shop.user_id}&conversation={conversation}")
    expect(page.get_by_role("log").get_by_role("button", name="Why this answer")).to_have_count(4)
    long = "A long answer that arrives as a whole. " * 20
    model.reply('{"stage": "Greeting", "confidence": 0.9}', "{}", long)
    page.get_by_label("Message", exact=True).fill("Tell me everything.")
    page.keyboard.press("Enter")
    reasons = page.get_by_role("log").get_by_role("button", name="Why this answer")
    expect(reasons).to_have_count(5)
    expect(reasons.last).to_be_in_viewport(ratio=1)
