"""Every page at the widths of a phone, a tablet and a desk, light and dark: nothing sticks out, all can be read.

SCREENSHOTS=folder keeps a picture of each.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories import Shop, made
from tests.fake_model import FakeModel
from tests.pages.conftest import Visit

WIDTHS = {390: 844, 768: 1024, 1440: 900}


def sticking_out(page: Page) -> list[str]:
    """The elements that make the page wider than its window."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
            [...document.querySelectorAll('body *')]
            .filter(each => each.getBoundingClientRect().right > window.innerWidth)
            .map(each => each.outerHTML.slice(0, 150))"""
    )
    return found


def addresses_of(shop: Shop) -> dict[str, str]:
    """Each page by name, of a shop that has something to show on every one."""
    shop.put(
        f"/businesses/{shop.business_id}", {"business_description": "A small bookshop by the harbour, open 9 to 18."}
    )
    made(
        shop.post(
            "/variables",
            {"name": "opening_hours", "value": "Monday to Saturday, 9 to 18", "description": "When we are open"},
        )
    )
    shop.put(
        f"/stages/{shop.stages['Order help']}",
        {
            "example_messages": ["Where is my parcel?", "Has order A-10433 been sent?"],
            "fixed_reply": "Hello {user.first_name|there}, we look after {order_number|your order}.",
            "data_retrieval": {
                "method": "database_query",
                "config": {"source": "orders", "match": {"order_number": "{order_number}"}},
            },
        },
    )
    first = shop.say("Hello! Are you open today?").get_json()
    second = shop.say(
        "Where is my order A-10433? I have been waiting for two weeks and nobody tells me anything."
    ).get_json()
    assert first["conversation_id"] == second["conversation_id"]
    call = shop.get("/llm-calls", turn_id=second["turn_id"]).get_json()[-1]
    stage = shop.stages["Order help"]
    template = shop.get(f"/stages/{stage}").get_json()["response_generation_template_id"]
    shop.put(
        f"/templates/{template}", {"content": "Answer {user_name} about {order_number} in {colour}.\n\n{user_message}"}
    )
    conversation = second["conversation_id"]
    return {
        "chat": f"/chat?customer={shop.user_id}&conversation={conversation}",
        "conversations": "/conversations",
        "conversation": f"/conversations/{conversation}?turn={second['turn_id']}",
        "stages": "/stages",
        "stage": f"/stages/{stage}",
        "stage-editor": f"/stage-editor/{stage}",
        "stage-new": "/stage-editor/new",
        "templates": "/templates",
        "template": f"/templates/{template}",
        "variables": "/variables",
        "llm-calls": "/llm-calls",
        "llm-call": f"/llm-calls/{call['call_id']}",
        "health": "/health",
        "welcome": "/welcome",
        "not-found": "/no-such-page",
    }


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_page_fits(visits: Callable[..., Visit], shop: Shop, model: FakeModel, colours: str) -> None:
    visit = visits(shop, color_scheme=colours, reduced_motion="reduce")
    page = visit.page
    folder = os.environ.get("SCREENSHOTS")
    for name, address in addresses_of(shop).items():
        visit.open(address)
        expect(page.get_by_role("main")).to_be_visible()
        expect(page.get_by_role("status", name="Loading")).to_have_count(0)
        if folder:
            page.wait_for_load_state("networkidle")
        if name == "conversation":
            page.get_by_role("button", name="Response").click()
            expect(page.get_by_role("region", name="System")).to_be_visible()
        for width, height in (WIDTHS if colours == "light" or folder else {1440: 900}).items():
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("() => new Promise(requestAnimationFrame)")
            assert sticking_out(page) == [], (name, width)
            if folder:
                page.screenshot(path=Path(folder) / f"{name}-{width}-{colours}.png", full_page=True)
            if colours == "light" and width != 768:
                visit.check_accessibility()
            elif colours == "dark" and width == 1440:  # where the colours are all that differs
                visit.check_accessibility("color-contrast")


def test_login_fits(visits: Callable[..., Visit], shop: Shop) -> None:
    for colours in ("light", "dark"):
        visit = visits(shop, signed_in=False, color_scheme=colours)
        page = visit.open("/")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert sticking_out(page) == []
            if os.environ.get("SCREENSHOTS"):
                page.screenshot(path=Path(os.environ["SCREENSHOTS"]) / f"login-{width}-{colours}.png")
        visit.check_accessibility()
