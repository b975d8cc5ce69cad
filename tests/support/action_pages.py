"""Reads and writes the actions of the stage Address, through the API and in its editor."""

from typing import Any

from playwright.sync_api import Locator

from tests.support.factories import Shop
from tests.support.stage_pages import open_stage
from tests.support.visit import Visit


def set_actions(shop: Shop, actions: list[dict[str, Any]]) -> None:
    changed = shop.put(f"/stages/{shop.stages['Address']}", {"actions": actions})
    assert changed.status_code == 200, changed.text


def saved_actions(shop: Shop) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = shop.get(f"/stages/{shop.stages['Address']}").get_json()["actions"]
    return actions


def open_editor(visit: Visit) -> Locator:
    return open_stage(visit, "Address").get_by_role("region", name="Actions")
