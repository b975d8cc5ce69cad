"""The first minute after `make run`: open the demo business, ask, and change the reply."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.launched import Launched, launch_make
from tests.support.os_users import make_checkout, os_user_for
from tests.support.visit import choose, new_context, record_problems

pytestmark = pytest.mark.slow


@pytest.fixture
def started() -> Iterator[Launched]:
    """`make run` in a copy of this checkout, in which everything is installed and built already."""
    for os_user in os_user_for(as_root=True):  # the user that runs the tests
        checkout = make_checkout(os_user, Path(os_user.home) / "checkout")
        with launch_make(os_user, checkout) as run:
            run.wait_until_ready()
            yield run
            run.end(run.process.pid, signal.SIGTERM)


def test_reply_of_the_demo_business_is_changed(started: Launched, browser: Browser) -> None:
    link = re.search(r"open it at (\S+)", "\n".join(started.announced))
    assert link is not None
    with new_context(browser) as context:
        page = context.new_page()
        problems = record_problems(page)
        page.goto(link[1])
        expect(page).to_have_url(re.compile("/app/inbox"))
        page.get_by_role("link", name="Playground").click()
        choose(page.get_by_role("combobox", name="Test customer"), "You (test)")
        page.get_by_label("Message", exact=True).fill("where is my order A-10450?")
        page.keyboard.press("Enter")
        log = page.get_by_role("log")
        expect(log.get_by_text("Your order A-10450 is on its way.")).to_be_visible()

        flow = page.get_by_role("complementary", name="Why this answer")
        expect(flow.get_by_text("Searched orders for order_number A-10450: 1 found.")).to_be_visible()
        flow.get_by_role("button", name="Response").click()
        flow.get_by_role("link", name="Edit stage").click()
        reply = page.get_by_role("textbox", name="Fixed reply")
        expect(reply).to_have_value(re.compile("Your order {order_number} is {status}"))
        reply.fill("{user.first_name}, we have handed {order_number} to {shipping_carrier}.")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Ask again").click()
        now = page.get_by_role("region", name="Answer now")
        expect(now.get_by_text("You, we have handed A-10450 to Gullpost.")).to_be_visible()
        assert problems == []
