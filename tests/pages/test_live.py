"""Pages show what happens elsewhere, without being reloaded."""

from collections.abc import Callable

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.support.factories import Shop
from tests.support.visit import Visit

MAX_MILLISECONDS = 5_000  # until a change appears in another browser, also on a busy machine


def test_messages_calls_and_conversations_appear_at_once(visits: Callable[..., Visit], shop: Shop) -> None:
    first = shop.say("Hello!").get_json()
    thread, archive, calls = visits(shop), visits(shop), visits(shop)
    log = thread.open(f"/conversations/{first['conversation_id']}").get_by_role("log", name="Conversation")
    listed = archive.open("/conversations").get_by_role("list", name="Conversations").get_by_role("listitem")
    table = calls.open("/llm-calls").get_by_role("table")
    expect(log.get_by_text("Hello! How can I help you?")).to_be_visible()
    expect(listed).to_have_count(1)
    expect(table.get_by_role("link", name="Open the turn of the call at").first).to_be_visible()
    rows = int(table.get_attribute("aria-rowcount") or 0)

    shop.say("Where is my order A-10433?")
    expect(log.get_by_text("Your order A-10433 is on its way.")).to_be_visible(timeout=MAX_MILLISECONDS)
    expect(log.get_by_role("button", name="Why this answer: Your order")).to_be_visible(timeout=MAX_MILLISECONDS)
    expect(listed.first).to_contain_text("Your order A-10433 is on its way.", timeout=MAX_MILLISECONDS)
    expect(table).to_have_attribute("aria-rowcount", str(rows + 3), timeout=MAX_MILLISECONDS)

    customer = shop.add_customer("c-2", first_name="Nora")
    shop.say("Hello!", user_id=customer)
    expect(listed.first).to_contain_text("Nora", timeout=MAX_MILLISECONDS)


def test_call_links_to_its_turn(visit: Visit, shop: Shop) -> None:
    shop.say("Where is my order A-10433?")
    page = visit.open("/llm-calls")
    page.get_by_role("link", name="Open the turn of the call at").first.click()
    expect(page.get_by_role("heading", name="Conversation with Carla Customer")).to_be_visible()
    expect(page.get_by_role("complementary").get_by_text('Matched "Order help" (92%).')).to_be_visible()


@pytest.mark.slow
def test_interruption_is_shown_and_the_page_stays_up_to_date(visit: Visit, shop: Shop) -> None:
    first = shop.say("Hello!").get_json()
    page = visit.page
    connections: list[WebSocketRoute] = []
    is_refused = False

    def connect(socket: WebSocketRoute) -> None:
        if is_refused:
            socket.close()
        else:
            socket.connect_to_server()
            connections.append(socket)

    page.route_web_socket("**/api/v1/live", connect)
    visit.open(f"/conversations/{first['conversation_id']}")
    log = page.get_by_role("log", name="Conversation")
    expect(log.get_by_text("Hello! How can I help you?")).to_be_visible()
    notice = page.get_by_role("status").filter(has_text="Live updates are interrupted.")
    is_refused = True
    connections[-1].close()
    expect(notice).to_be_visible()
    visit.check_accessibility()
    shop.say("Where is my order A-10433?")
    expect(log.get_by_text("Your order A-10433 is on its way.")).to_be_visible()
    is_refused = False
    page.evaluate("dispatchEvent(new Event('online'))")  # the page need not wait for its next attempt
    expect(notice).to_have_count(0)


def test_idle_page_notices_that_the_session_has_ended(visit_as: Callable[..., Visit]) -> None:
    visit = visit_as("agent")
    page = visit.open("/stages")
    expect(page.get_by_role("link", name="Greeting")).to_be_visible()
    visit.expect_problem("401")
    visit.expect_problem("WebSocket")
    assert page.context.request.post(f"{visit.server.url}/api/v1/auth/logout").ok
    expect(page.get_by_role("dialog", name="Your session has ended")).to_be_visible()
