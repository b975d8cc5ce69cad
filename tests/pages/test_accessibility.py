"""axe-core finds nothing on any page, in light and dark colours, and no page scrolls sideways on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.pages.test_layout import create_content, overflowing_elements
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.visit import Visit

WIDTHS = {390: 844, 1440: 900}


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_any_page(visits: Callable[..., Visit], shop: Shop, model: FakeModel, width: int) -> None:
    visit = visits(shop)
    page = visit.page
    addresses = create_content(shop)
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    visit.open("/health")
    found: dict[str, list[str]] = {}
    for name, (address, words) in addresses.items():
        visit.go(address)
        # Not by role: on a phone, a drawer may be open in front of the page.
        expect(page.locator("main").get_by_text(words).first).to_be_visible()
        expect(page.get_by_role("status", name="Loading")).to_have_count(0)
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            expect(page.locator("html")).to_have_attribute("data-colors", colours)
            found[f"{name}, {colours}"] = [*visit.accessibility_violations(), *overflowing_elements(page)]
    assert "\n".join(f"{place}: {each}" for place, all_found in found.items() for each in all_found) == ""


def test_axe_finds_nothing_on_the_login_page(visits: Callable[..., Visit], shop: Shop) -> None:
    visit = visits(shop, signed_in=False)
    expect(visit.open("/").get_by_role("heading", name="Sign in")).to_be_visible()
    assert visit.accessibility_violations() == []
