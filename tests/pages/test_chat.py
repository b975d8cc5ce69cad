"""The heart: talk as a customer, see why, change a template, ask again, without leaving the page."""

import re
import threading
from collections.abc import Callable

from playwright.sync_api import Page, expect

from app import close_app, create_app
from tests.conftest import make_config
from tests.pages.conftest import answer_like_a_shop
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel, Gated, Status
from tests.support.visit import Server, Visit


def test_see_why_and_change_it(visit: Visit) -> None:
    page = visit.open("/chat")
    page.get_by_role("combobox", name="Customer").click()
    page.get_by_role("option", name="Carla Customer").click()
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
    expect(log.get_by_text("Where is my order A-10433?")).to_have_count(2)
    expect(page.get_by_role("button", name="Ask again")).to_be_visible()
    flow.get_by_role("button", name="Response").click()
    expect(flow.get_by_role("region", name="User").first).to_contain_text("Say only: we are closed today.")


def choose_customer(page: Page, name: str = "Carla Customer") -> None:
    page.get_by_role("combobox", name="Customer").click()
    page.get_by_role("option", name=name).click()


def test_an_answer_is_seen_while_it_is_written(visit: Visit, model: FakeModel) -> None:
    gate = threading.Semaphore(0)
    page = visit.open("/chat")
    choose_customer(page)
    model.reply('{"stage": "Greeting", "confidence": 0.9}', "{}", Gated("Good morning to you", gate))
    page.get_by_label("Message", exact=True).fill("Hello!")
    page.get_by_role("button", name="Send").click()
    log = page.get_by_role("log")
    expect(log.get_by_text("Good", exact=True)).to_be_visible()
    expect(page.get_by_role("complementary").get_by_text("Working…")).to_have_count(1)
    visit.check_accessibility()
    for _ in range(4):
        gate.release()
    expect(log.get_by_text("Good morning to you")).to_be_visible()
    expect(page.get_by_role("complementary").get_by_text("The model wrote the reply.")).to_be_visible()


def test_a_conversation_that_the_list_does_not_hold_yet_can_be_left(visit: Visit) -> None:
    body = visit.shop.say("Hello!").get_json()
    visit.page.route("**/conversations?*", lambda route: route.fulfill(json=[]))
    page = visit.open(f"/chat?customer={visit.shop.user_id}&conversation={body['conversation_id']}")
    expect(page.get_by_role("log").get_by_text("Hello! How can I help you?")).to_be_visible()
    expect(page.get_by_role("combobox", name="Conversation")).to_have_text("This conversation")
    page.get_by_role("combobox", name="Conversation").click()
    page.get_by_role("option", name="New conversation").click()
    expect(page.get_by_text("No messages yet")).to_be_visible()


def test_a_conversation_left_while_it_is_answered_does_not_come_back(visit: Visit, model: FakeModel) -> None:
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
    page.get_by_role("combobox", name="Conversation").click()
    page.get_by_role("option", name="New conversation").click()
    expect(page.get_by_text("No messages yet")).to_be_visible()
    expect(page.get_by_role("button", name="Stop waiting")).to_be_visible()
    for _ in range(4):
        gate.release()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    expect(page.get_by_text("No messages yet")).to_be_visible()
    expect(page).not_to_have_url(re.compile("conversation="))


def test_a_turn_that_fails_is_kept_and_tried_again(visit: Visit, model: FakeModel) -> None:
    shop = visit.shop
    page = visit.open(f"/chat?customer={shop.user_id}")
    model.respond = lambda body: Status(400)
    page.get_by_label("Message", exact=True).fill("Hello?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Not answered")
    expect(page.get_by_role("log").get_by_text("Not answered")).to_be_visible()
    visit.check_accessibility()
    model.respond = answer_like_a_shop
    page.get_by_role("log").get_by_role("button", name="Try again").click()
    expect(page.get_by_role("log").get_by_text("Hello! How can I help you?")).to_be_visible()
    expect(page.get_by_role("log").get_by_text("Hello?", exact=True)).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_message_that_no_server_took_stays_in_the_field(visit: Visit) -> None:
    shop = visit.shop
    visit.expect_problem("ERR_CONNECTION_REFUSED")
    page = visit.open(f"/chat?customer={shop.user_id}")
    message = page.get_by_label("Message", exact=True)
    message.fill("Is anybody there?")
    with visit.server.stopped():
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("The server is not responding")
        expect(message).to_have_value("Is anybody there?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log").get_by_text("Hello! How can I help you?")).to_be_visible()
    assert len(shop.get("/conversations").get_json()) == 1


def test_too_many_messages_are_told_how_long_to_wait(
    visits: Callable[..., Visit], shop: Shop, pages_database: str, pages_model: FakeModel
) -> None:
    settings = {"OPENAI_BASE_URL": pages_model.base_url, "RATE_LIMIT_MESSAGES": "1 per hour"}
    app = create_app(make_config(pages_database, **settings))
    server = Server(app)
    server.start()
    try:
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
    finally:
        server.stop()
        close_app(app)


def test_a_customer_is_created_and_a_new_conversation_begun(visit: Visit) -> None:
    page = visit.open("/chat")
    page.get_by_role("button", name="New customer").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("Enter a name or an external ID.")).to_be_visible()
    dialog.get_by_label("First name").fill("مريم")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_role("combobox", name="Customer")).to_have_value("مريم")
    for _ in range(2):
        page.get_by_label("Message", exact=True).fill("Hello!")
        page.keyboard.press("Enter")
        expect(page.get_by_role("log").get_by_text("Hello! How can I help you?")).to_have_count(1)
        page.get_by_role("combobox", name="Conversation").click()
        page.get_by_role("option", name="New conversation").click()
        expect(page.get_by_text("No messages yet")).to_be_visible()
    assert len(visit.shop.get("/conversations").get_json()) == 2


def test_a_conversation_is_found_and_read(visit: Visit) -> None:
    shop = visit.shop
    shop.say("Hello!")
    shop.say("Where is my order A-10433?")
    page = visit.open("/conversations")
    page.get_by_role("combobox", name="Stage").click()
    page.get_by_role("option", name="Greeting").click()
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


def test_the_whole_way_by_keyboard_alone(visit: Visit) -> None:
    """From the chat's first field to a changed template, without a pointer."""
    page = visit.open("/chat")
    page.get_by_role("combobox", name="Customer").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Carla Customer")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Message", exact=True)).to_be_enabled()
    reach(page, "textarea", "Message")
    page.keyboard.type("Where is my order A-10433?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary").get_by_role("button", name="Response")).to_be_visible()
    reach(page, "button", "Response")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Edit template")).to_be_visible()
    reach(page, "a", "Edit template")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("textbox", name="Content")).to_be_visible()
    reach(page, "textarea", "Content")
    page.keyboard.press("Control+a")
    page.keyboard.type("Be brief. {user_mess")
    expect(page.get_by_role("option", selected=True)).to_contain_text("user_message")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("The next message will use it")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    stage = visit.shop.get(f"/stages/{visit.shop.stages['Order help']}").get_json()
    assert stage["response_generation_config"]["content"] == "Be brief. {user_message}"


def reach(page: Page, tag: str, name: str) -> None:
    """Press Tab until the element has the focus; fails when it cannot be reached."""
    for _ in range(80):
        page.keyboard.press("Tab")
        held = page.evaluate(
            """() => { const it = document.activeElement; return [it.localName,
                it.getAttribute('aria-label') ?? it.labels?.[0]?.innerText ?? it.innerText ?? ''] }"""
        )
        if held[0] == tag and held[1].startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def test_the_latest_answer_is_in_sight_until_somebody_scrolls_away(visit: Visit) -> None:
    shop = visit.shop
    for _ in range(4):
        conversation = shop.say("Hello!").get_json()["conversation_id"]
    visit.page.set_viewport_size({"width": 390, "height": 640})
    page = visit.open(f"/chat?customer={shop.user_id}&conversation={conversation}")
    reasons = page.get_by_role("log").get_by_role("button", name="Why this answer")
    expect(reasons).to_have_count(4)  # what comes last, and makes the list longer
    expect(reasons.last).to_be_in_viewport(ratio=1)
    page.get_by_role("log").get_by_text("Hello!", exact=True).first.scroll_into_view_if_needed()
    page.set_viewport_size({"width": 390, "height": 600})
    expect(page.get_by_role("log").get_by_text("Hello!", exact=True).first).to_be_in_viewport()
    expect(reasons.last).not_to_be_in_viewport()
