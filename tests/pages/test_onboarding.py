"""From the page for signing in to the first answer of a business of one's own, on a server without data or a model."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.conftest import make_config, own_database
from tests.pages.conftest import running_server
from tests.pages.test_layout import WIDTHS, overflowing_elements
from tests.support.visit import DESKTOP, Server, new_context, record_problems

MAX_CLICKS = 8
PHONE: ViewportSize = {"width": 390, "height": WIDTHS[390]}
# Clicks of the mouse: those that the Enter key causes have the detail 0.
_COUNT_CLICKS = """
    addEventListener('click', event => {
        if (event.detail > 0) sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
    }, true);
"""

Act = Callable[[Page, Locator], None]


@pytest.fixture(scope="module")
def empty_server(server_url: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A new installation where everyone can sign up."""
    folder: Path = tmp_path_factory.mktemp("onboarding")
    with (
        own_database(server_url, template_database) as url,
        running_server(make_config(url, SIGNUP="open", ICMP_DATA_DIR=str(folder))) as server,
    ):
        yield server


def click(_page: Page, target: Locator) -> None:
    target.click()


def press_enter(page: Page, target: Locator) -> None:
    """Move to the element with the Tab key, and press Enter."""
    expect(target).to_be_visible()
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(target).to_be_focused()
    page.keyboard.press("Enter")


def check_width(page: Page) -> None:
    assert overflowing_elements(page) == []


def type_into(page: Page, label: str, text: str) -> None:
    """Type into the field, which must have the focus, and leave it with the Tab key."""
    expect(page.get_by_label(label, exact=True)).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Tab")


@pytest.mark.parametrize(
    ("name", "size", "act"),
    [("Desktop", DESKTOP, click), ("Phone", PHONE, click), ("Keyboard", PHONE, press_enter)],
)
def test_first_answer_of_an_own_business_takes_few_clicks(
    empty_server: Server, browser: Browser, name: str, size: ViewportSize, act: Act
) -> None:
    with new_context(browser) as context:
        context.add_init_script(_COUNT_CLICKS)
        page = context.new_page()
        page.set_viewport_size(size)
        problems = record_problems(page)
        page.goto(f"{empty_server.url}/app/")
        check_width(page)
        act(page, page.get_by_role("link", name="Create a business"))
        type_into(page, "Name of the business", f"{name} Repairs")
        type_into(page, "Your email", f"{name.lower()}@mail.example")
        expect(page.get_by_label("Password", exact=True)).to_be_focused()
        page.keyboard.type("a long password")
        check_width(page)
        act(page, page.get_by_role("button", name="Create business"))
        expect(page.get_by_role("textbox", name="Description")).to_be_focused()
        page.keyboard.type("We repair phones and laptops.")
        check_width(page)
        act(page, page.get_by_role("button", name="Next"))
        expect(page.get_by_role("heading", name="Repair shop")).to_be_visible()
        check_width(page)
        act(page, page.get_by_role("button", name="Use this starter: Repair shop"))
        expect(page.get_by_role("textbox", name="Message")).to_have_value("Is my repair R-1042 ready?")
        check_width(page)
        act(page, page.get_by_role("button", name="Send"))
        answer = page.get_by_role("log").get_by_text("Your repair R-1042 has this status: ready for collection.")
        expect(answer).to_be_visible()
        assert page.evaluate("Number(sessionStorage.clicks ?? 0)") <= (0 if act is press_enter else MAX_CLICKS)
        assert problems == []
