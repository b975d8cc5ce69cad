"""The chat widget on a page of another origin whose Content-Security-Policy allows only the widget's script."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from dev.front_end import BUILT
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated
from tests.support.visit import Server, Visit, new_context, record_problems
from tests.support.web_server import WebServer, http
from tests.support.widget import Widget, make_widget

# While the browser is offline, when a test loses a response, and when an origin is refused.
_EXPECTED = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 403")
MAX_SIZE = 30 * 1024  # bytes, compressed with gzip

_PAGE = """<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Shop</title>
<link rel="icon" href="data:,"><main><h1>Shop</h1><a href="#">Link</a></main>
<script src="{server}/widget.js" data-channel="{channel}" {attributes} async></script></html>"""


@contextmanager
def host_page(server: Server, widget: Widget, language: str = "en", attributes: str = "") -> Iterator[str]:
    """The address of a page of another origin with the widget."""
    page = _PAGE.format(
        server=server.url,
        channel=widget.channel_id,
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        attributes=attributes,
    )
    policy = (
        f"default-src 'none'; script-src {server.url}; connect-src {server.url}; img-src data:;"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    )
    headers = "Content-Type: text/html", f"Content-Security-Policy: {policy}"
    with WebServer(http(page.encode(), "200 OK", *headers)) as web:
        origin = f"http://127.0.0.1:{web.port}"
        path = f"/channels/{widget.channel_id}"
        settings = widget.shop.get(path).get_json()["settings"]
        changed = widget.shop.put(path, {"settings": {**settings, "allowed_origins": [origin]}})
        assert changed.status_code == 200, changed.text
        yield f"{origin}/"


@pytest.fixture
def widget(shop: Shop) -> Widget:
    return make_widget(
        shop,
        title={"en": "Lantern Books"},
        greeting={"en": "Hello! How can we help?", "ar": "مرحبا! كيف يمكننا مساعدتك؟"},
        starters={"en": ["Where is my order?"], "ar": ["أين طلبي؟"]},
    )


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """The browser of a visitor. Nothing on its pages may be reported as a problem."""
    context = new_context(browser)
    found: list[list[str]] = []
    context.on("page", lambda page: found.append(record_problems(page)))
    yield context
    context.close()
    assert [text for each in found for text in each if not any(part in text for part in _EXPECTED)] == []


def open_chat(page: Page, name: str = "Open chat") -> None:
    page.get_by_role("button", name=name).click()


def bubbles(page: Page) -> list[str]:
    return page.get_by_role("dialog").locator("li .bubble").all_inner_texts()


def test_script_is_small() -> None:
    assert (BUILT / "widget.js.gz").stat().st_size < MAX_SIZE
    assert Path(BUILT / "widget.js.br").stat().st_size < MAX_SIZE


def test_first_message_takes_two_clicks_and_the_reload_keeps_it(
    visitor: BrowserContext, pages_server: Server, widget: Widget
) -> None:
    with host_page(pages_server, widget) as url:
        page = visitor.new_page()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(url)
        expect(page.get_by_role("button", name="Open chat")).to_be_visible()
        assert [each for each in requests if each.startswith(pages_server.url)] == [f"{pages_server.url}/widget.js"]
        open_chat(page)
        chat = page.get_by_role("dialog", name="Lantern Books")
        expect(chat.get_by_text("Hello! How can we help?")).to_be_visible()
        other = visitor.new_page()
        other.goto(url)
        open_chat(other)
        expect(other.get_by_role("button", name="Where is my order?")).to_be_visible()
        page.bring_to_front()
        chat.get_by_role("button", name="Where is my order?").click()
        expect(chat.locator("li .bubble")).to_have_count(2)
        assert len([each for each in requests if each.endswith("/sessions")]) == 1
        before = bubbles(page)
        assert before[0] == "Where is my order?"
        page.reload()
        expect(chat.locator("li .bubble")).to_have_count(2)
        assert bubbles(page) == before
        # Another tab is the same visitor, and sees what the first one writes.
        expect(other.locator("li .bubble")).to_have_count(2)
        chat.get_by_role("textbox").fill("Thanks")
        chat.get_by_role("textbox").press("Enter")
        expect(other.locator("li .bubble")).to_have_count(4)
        expect(chat.locator("li .bubble")).to_have_count(4)
        assert bubbles(page) == bubbles(other)


def test_person_answers_live_and_the_answer_is_shown_while_it_is_written(
    visitor: BrowserContext, pages_server: Server, widget: Widget, model: FakeModel, anna: Visit
) -> None:
    gate = threading.Semaphore(0)
    model.reply('{"stage": "Greeting", "confidence": 0.9}', "{}", Gated("Good morning to you", gate))
    with host_page(pages_server, widget) as url:
        page = visitor.new_page()
        page.goto(url)
        open_chat(page)
        chat = page.get_by_role("dialog")
        chat.get_by_role("textbox").fill("Hello")
        chat.get_by_role("button", name="Send").click()
        expect(chat.get_by_text("Good", exact=True)).to_be_visible()
        for _ in range(20):
            gate.release()
        expect(chat.locator("li .bubble").last).to_have_text("Good morning to you")
        [conversation] = widget.shop.get("/conversations").get_json()
        path = f"/conversations/{conversation['conversation_id']}"
        request = anna.page.context.request
        headers = {"Origin": pages_server.url}
        assert request.post(f"{pages_server.url}/api/v1{path}/takeover", data={}, headers=headers).ok
        expect(chat.get_by_text("Someone from our team answers you here.").first).to_be_visible()
        body = {"message": "I am **Anna**, see https://example.com/help."}
        assert request.post(f"{pages_server.url}/api/v1{path}/messages", data=body, headers=headers).ok
        expect(chat.get_by_text("Anna Berg", exact=True)).to_be_visible()
        expect(chat.locator("strong")).to_have_text("Anna")
        expect(chat.get_by_role("link")).to_have_attribute("href", "https://example.com/help")
        expect(chat.get_by_role("status")).to_have_text("Anna Berg: I am **Anna**, see https://example.com/help.")
        # With the chat closed, the button says that there is something new.
        page.keyboard.press("Escape")
        assert request.post(
            f"{pages_server.url}/api/v1{path}/messages", data={"message": "Still there?"}, headers=headers
        ).ok
        expect(page.get_by_role("button", name="Open chat, 1 new")).to_be_visible()


def test_messages_written_offline_are_sent_once_when_the_visitor_is_back(
    visitor: BrowserContext, pages_server: Server, widget: Widget
) -> None:
    with host_page(pages_server, widget) as url:
        page = visitor.new_page()
        page.goto(url)
        open_chat(page)
        chat = page.get_by_role("dialog")
        expect(chat.get_by_role("button", name="Where is my order?")).to_be_visible()
        visitor.set_offline(True)
        for text in ("One", "Two"):
            chat.get_by_role("textbox").fill(text)
            chat.get_by_role("textbox").press("Enter")
        expect(chat.get_by_text("You are offline.").first).to_be_visible()
        expect(chat.get_by_text("Waiting to be sent")).to_have_count(2)
        visitor.set_offline(False)
        expect(chat.locator("li.assistant")).to_have_count(2)
        assert [text for text in bubbles(page) if text in ("One", "Two")] == ["One", "Two"]
        # A response that is lost is followed by the same request, which stores nothing new.
        lost: list[str] = []

        def lose_first(route: Route) -> None:
            if lost or route.request.method != "POST":
                route.continue_()
            else:
                lost.append(str(route.request.post_data))
                route.fetch()
                route.abort()

        page.route("**/messages", lose_first)
        chat.get_by_role("textbox").fill("Three")
        chat.get_by_role("textbox").press("Enter")
        expect(chat.locator("li.assistant")).to_have_count(3)
        assert bubbles(page).count("Three") == 1
        [conversation] = widget.shop.get("/conversations").get_json()
        stored = widget.shop.get(f"/conversations/{conversation['conversation_id']}/messages").get_json()
        texts = [each["message_content"] for each in stored if each["sender_type"] == "user"]
        assert texts == ["One", "Two", "Three"]
        expect(chat.get_by_text("Waiting to be sent")).to_have_count(0)


def test_keyboard_and_screen_reader_can_use_it(visitor: BrowserContext, pages_server: Server, widget: Widget) -> None:
    with host_page(pages_server, widget) as url:
        page = visitor.new_page()
        page.set_viewport_size({"width": 320, "height": 568})
        page.goto(url)
        launcher = page.get_by_role("button", name="Open chat")
        expect(launcher).to_be_visible()
        page.get_by_role("link", name="Link").focus()
        page.keyboard.press("Tab")
        expect(launcher).to_be_focused()
        page.keyboard.press("Enter")
        chat = page.get_by_role("dialog", name="Lantern Books")
        expect(chat.get_by_role("textbox", name="Message")).to_be_focused()
        expect(chat.get_by_role("button", name="Where is my order?")).to_be_visible()
        page.keyboard.type("Hello")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("and good day")
        page.keyboard.press("Enter")
        expect(chat.get_by_role("status")).to_contain_text("Assistant: ")
        Visit(page, pages_server, widget.shop, []).check_accessibility()
        assert bubbles(page)[0] == "Hello\nand good day"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.keyboard.press("Escape")
        expect(launcher).to_be_focused()
        expect(chat).to_have_count(0)


def test_arabic_page_has_an_arabic_widget_from_right_to_left(
    visitor: BrowserContext, pages_server: Server, widget: Widget
) -> None:
    with host_page(pages_server, widget, "ar") as url:
        page = visitor.new_page()
        page.goto(url)
        open_chat(page, "فتح المحادثة")
        chat = page.get_by_role("dialog")
        expect(chat.get_by_text("مرحبا! كيف يمكننا مساعدتك؟")).to_be_visible()
        expect(chat).to_have_attribute("dir", "rtl")
        send, field = chat.get_by_role("button", name="إرسال"), chat.get_by_role("textbox", name="الرسالة")
        left, right = send.bounding_box(), field.bounding_box()
        assert left and right and left["x"] < right["x"]


def test_widget_works_where_storage_is_blocked(visitor: BrowserContext, pages_server: Server, widget: Widget) -> None:
    with host_page(pages_server, widget) as url:
        page = visitor.new_page()
        page.add_init_script(
            """for (const name of ['localStorage', 'sessionStorage'])
                Object.defineProperty(window, name, { get() { throw new DOMException('', 'SecurityError'); } });"""
        )
        page.goto(url)
        open_chat(page)
        page.get_by_role("button", name="Where is my order?").click()
        expect(page.locator("li.assistant")).to_have_count(1)


def test_page_of_another_origin_says_that_the_chat_is_not_available(
    visitor: BrowserContext, pages_server: Server, widget: Widget
) -> None:
    with host_page(pages_server, widget) as url:
        page = visitor.new_page()
        page.goto(url.replace("127.0.0.1", "localhost"))
        open_chat(page)
        expect(page.get_by_text("The chat is not available on this page.").first).to_be_visible()


def test_demo_page_shows_the_widget(visitor: BrowserContext, pages_server: Server, widget: Widget) -> None:
    page = visitor.new_page()
    page.goto(f"{pages_server.url}/widget-demo/{widget.channel_id}")
    open_chat(page)
    page.get_by_role("button", name="Where is my order?").click()
    expect(page.locator("li.assistant")).to_have_count(1)
