"""The settings of the business, and how the steps of a turn show what they have saved and cost."""

import json
from typing import Any

from playwright.sync_api import expect

from tests.pages.conftest import answer_like_a_shop
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.turns import after_response, step_of, wait_for_steps
from tests.support.visit import Visit

SPECULATIVE = "Speed and cost of replies"


def test_speculation_is_chosen_and_its_savings_and_costs_are_shown(visit: Visit, shop: Shop, model: FakeModel) -> None:
    settings = {"speculation": "off", "model": "gpt-4.1-mini", "idle_minutes": 60}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    page = visit.open("/settings")
    card = page.get_by_role("region", name=SPECULATIVE)
    expect(card.get_by_role("radio", name="One question at a time")).to_be_checked()
    expect(card.get_by_role("button", name="Save")).to_be_disabled()
    card.get_by_role("radio", name="All three together").check()
    visit.check_accessibility()
    card.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(card.get_by_role("button", name="Save")).to_be_disabled()
    saved = shop.get(f"/businesses/{shop.business_id}").get_json()["settings"]
    assert saved == {**settings, "speculation": "full"}

    shop.say("Where is my order A-10433?")
    model.respond = after_response(answer_like_a_shop)
    used = shop.say("Has the order been sent?").get_json()
    visit.go(f"/conversations/{used['conversation_id']}?turn={used['turn_id']}")
    expect(page.get_by_text("ms saved")).to_be_visible()
    expect(page.get_by_text("It was generated while the stage was being selected")).to_be_visible()

    model.respond = after_response(lambda body: other_stage(body) or answer_like_a_shop(body))
    moved = shop.say("Thank you for sending the order!").get_json()
    assert moved["stage"]["stage_name"] == "Greeting"
    wait_for_steps(shop, moved["turn_id"], 6)  # two of them discarded
    visit.go(f"/conversations/{moved['conversation_id']}?turn={moved['turn_id']}")
    expect(page.get_by_text("discarded", exact=False).filter(has_text="$").first).to_be_visible()
    page.get_by_role("button", name="Response").click()
    page.get_by_role("tab", name="(discarded)").click()
    expect(page.get_by_role("alert").filter(has_text='The message belongs to "Greeting".')).to_be_visible()
    visit.check_accessibility()


def other_stage(body: dict[str, Any]) -> str | None:
    return json.dumps({"stage": "Greeting", "confidence": 0.9}) if step_of(body) == "selection" else None
