"""What all pages share: who is signed in, messages of success, notices."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.support.factories import Shop
from tests.support.visit import Visit


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("role", ["owner", "agent", "viewer"])
def test_pages_show_who_is_signed_in(visit_as: Callable[..., Visit], shop: Shop, role: str, width: int) -> None:
    visit = visit_as(role)
    visit.page.set_viewport_size({"width": width, "height": 800})
    page = visit.open("/stages")
    name = shop.get(f"/businesses/{shop.business_id}").get_json()["business_name"]
    for words in ("Robin Role", role.title(), name):
        expect(page.get_by_text(words).filter(visible=True).first).to_be_visible()


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
def test_message_of_success_covers_nothing(visit: Visit, size: tuple[int, int]) -> None:
    page = visit.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    visit.open("/settings/model")
    card = page.get_by_role("region", name="Speed and cost of replies")
    card.get_by_role("radio", name="All three together").check()
    card.get_by_role("button", name="Save").click()
    toast = page.get_by_text("Saved.")
    expect(toast).to_be_visible()
    visit.check_accessibility()
    box = box_of(toast)
    assert box["x"] + box["width"] > size[0] / 2  # at the right
    assert box["y"] > size[1] * 0.8  # at the bottom
    for button in page.get_by_role("button").all():
        if button.get_attribute("aria-label") != "Dismiss" and button.is_visible():
            assert not overlap(box_of(button), box)
    page.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


def test_keyboard_focus_is_visible_in_the_navigation(visit: Visit) -> None:
    page = visit.open("/stages")
    link = page.get_by_role("link", name="Playground")
    page.get_by_role("link", name="Inbox").focus()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_have_css("outline-style", "solid")
    expect(link).to_have_css("outline-width", "2px")


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box
    return box


def overlap(a: FloatRect, b: FloatRect) -> bool:
    return (
        a["x"] < b["x"] + b["width"]
        and b["x"] < a["x"] + a["width"]
        and a["y"] < b["y"] + b["height"]
        and b["y"] < a["y"] + a["height"]
    )
