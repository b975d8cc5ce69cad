"""The page of a stage, in which its fields are on several tabs."""

from playwright.sync_api import Page, expect

from tests.support.visit import Visit


def open_stage(visit: Visit, name: str, tab: str = "Response") -> Page:
    """The page of the shop's stage with this name, showing a tab."""
    page = visit.open(f"/stages/{visit.shop.stages[name]}")
    page.get_by_role("tab", name=tab).click()
    return page


def open_advanced(page: Page) -> None:
    page.get_by_role("button", name="Advanced", exact=True).click()


def save_stage(page: Page) -> None:
    """Save the stage, and wait until nothing is left to save."""
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
