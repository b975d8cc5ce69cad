"""The settings of the business, and how the steps of a turn show what they have saved and cost."""

import json
import re
from typing import Any

from playwright.sync_api import expect

from tests.pages.conftest import answer_like_a_shop
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.staff import make_member
from tests.support.turns import after_response, step_of, wait_for_steps
from tests.support.visit import Visit

SPECULATIVE = "Speed and cost of replies"


def test_speculation_is_chosen_and_its_savings_and_costs_are_shown(visit: Visit, shop: Shop, model: FakeModel) -> None:
    settings = {"speculation": "off", "model": "gpt-4.1-mini", "idle_minutes": 60}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    page = visit.open("/settings/model")
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
    expect(page.get_by_text(re.compile(r"\d m?s saved"))).to_be_visible()
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


def test_assistant_is_paused_for_the_whole_business(visit: Visit, shop: Shop) -> None:
    page = visit.open("/settings")
    pause = page.get_by_role("switch", name="Pause the assistant for the whole business")
    pause.click()
    dialog = page.get_by_role("dialog", name="Pause the assistant?")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Cancel").click()
    expect(pause).not_to_be_checked()
    pause.click()
    dialog.get_by_role("button", name="Pause").click()
    expect(pause).to_be_checked()
    notice = page.get_by_role("status").filter(has_text="The assistant is paused for the whole business.")
    expect(notice).to_be_visible()
    assert shop.say("Hello!").status_code == 202
    visit.check_accessibility()
    pause.click()
    expect(notice).to_have_count(0)
    assert shop.say("Hello again!").get_json()["response"] == "Hello! How can I help you?"


def test_rules_for_handing_over_are_changed(visit: Visit, shop: Shop) -> None:
    page = visit.open("/settings/business")
    card = page.get_by_role("region", name="When a person takes over")
    expect(card.get_by_role("checkbox", name="The reply says that a person will answer")).to_be_checked()
    card.get_by_role("checkbox", name="The stage was uncertain").check()
    card.get_by_label("Keywords").fill("lawyer\n\n complaint \nlawyer")
    visit.choose("Assistant")
    page.get_by_role("button", name="Stay").click()
    card.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert shop.get(f"/businesses/{shop.business_id}").get_json()["settings"]["handover"] == {
        "needs_person": True,
        "low_confidence": True,
        "failed_lookups": False,
        "keywords": ["lawyer", "complaint"],
    }


def test_members_of_a_human_agent_are_chosen(visit: Visit, shop: Shop, master: dict[str, str]) -> None:
    member = make_member(shop, master, "agent")
    page = visit.open("/settings/agents")
    card = page.get_by_role("region", name="Agents")
    card.get_by_role("button", name="New agent").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Front desk")
    dialog.get_by_role("checkbox", name="Agent Member").check()
    visit.check_accessibility()
    dialog.get_by_role("button", name="Save").click()
    expect(card.get_by_text("Human, 1 member")).to_be_visible()
    assert [each["member_ids"] for each in shop.get("/agents").get_json()] == [[member.user_id]]
    card.get_by_role("button", name="Edit “Front desk”").click()
    dialog.get_by_role("checkbox", name="Agent Member").uncheck()
    dialog.get_by_role("button", name="Save").click()
    expect(card.get_by_text("Human, no members")).to_be_visible()
    card.get_by_role("button", name="Delete “Front desk”").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(card.get_by_text("No agents yet.")).to_be_visible()


def other_stage(body: dict[str, Any]) -> str | None:
    return json.dumps({"stage": "Greeting", "confidence": 0.9}) if step_of(body) == "selection" else None
