"""Agents in the settings, with languages and working hours, and those of a stage."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.pages.test_layout import overflowing_elements
from tests.support.factories import Shop, made
from tests.support.stage_pages import open_stage, save_stage
from tests.support.visit import Visit, choose


def test_agent_gets_instructions_languages_and_working_hours(visit: Visit, shop: Shop) -> None:
    settings = {"settings": {"speculation": "off", "timezone": "Europe/Berlin"}}
    assert shop.put(f"/businesses/{shop.business_id}", settings).status_code == 200
    page = visit.open("/settings/agents")
    card = page.get_by_role("region", name="Agents")
    card.get_by_role("button", name="New agent").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Front desk")
    dialog.get_by_label("Instructions").fill("Be brief.")
    languages = dialog.get_by_role("combobox", name="Languages")
    for text in ("German", "pt-BR", "Klingonish"):
        languages.fill(text)
        languages.press("Enter")
    dialog.get_by_role("switch", name="Only during working hours").press("Space")
    expect(dialog.get_by_text("In the time zone of the business (Europe/Berlin).", exact=False)).to_be_visible()
    dialog.get_by_role("button", name="Remove the hours 1 of Friday").press("Enter")
    dialog.get_by_role("button", name="Add hours on Saturday").press("Enter")
    dialog.get_by_label("Saturday, from (1)").fill("22:00")
    dialog.get_by_label("Saturday, to (1)").fill("22:00")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Enter two different times.")).to_be_visible()
    expect(dialog.get_by_text("“Klingonish” is not a language.", exact=False)).to_be_visible()
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        visit.check_accessibility()
        assert overflowing_elements(page) == []
    dialog.get_by_label("Saturday, to (1)").fill("00:00")
    languages.press("Backspace")
    dialog.get_by_role("button", name="Save").click()

    expect(card.get_by_text("Speaks German (de), Brazilian Portuguese (pt-BR) · Has working hours")).to_be_visible()
    [agent] = shop.get("/agents").get_json()
    assert (agent["instructions"], agent["languages"]) == ("Be brief.", ["de", "pt-BR"])
    office = [{"day": day, "start": "09:00", "end": "17:00"} for day in ("monday", "tuesday", "wednesday", "thursday")]
    assert agent["working_hours"] == [*office, {"day": "saturday", "start": "22:00", "end": "24:00"}]
    card.get_by_role("button", name="Edit “Front desk”").click()
    expect(dialog.get_by_label("Saturday, to (1)")).to_have_value("00:00")
    dialog.get_by_role("switch", name="Only during working hours").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    assert shop.get("/agents").get_json()[0]["working_hours"] is None


@pytest.mark.parametrize("width", [390, 1440])
def test_stage_gets_several_agents_with_conditions(visits: Callable[..., Visit], shop: Shop, width: int) -> None:
    night = made(shop.post("/agents", {"agent_name": "Night", "agent_type": "ai"}))["agent_id"]
    day = made(shop.post("/agents", {"agent_name": "Day", "agent_type": "human"}))["agent_id"]
    visit = visits(shop)
    visit.page.set_viewport_size({"width": width, "height": 900})
    page = open_stage(visit, "Order help")
    section = page.get_by_role("region", name="Agents")
    expect(section.get_by_text("No agent. The assistant answers.")).to_be_visible()
    for name in ("Night", "Day"):
        choose(section.get_by_role("combobox", name="Add agent"), name)
    section.get_by_role("button", name="Move Day up").press("Enter")
    of_day = section.get_by_role("group", name="Day", exact=True)
    of_day.get_by_role("checkbox", name="Is within its working hours").press("Space")
    of_day.get_by_role("checkbox", name="Speaks the customer’s language").press("Space")
    of_day.get_by_role("checkbox", name="Speaks the customer’s language").press("Space")
    visit.check_accessibility()
    assert overflowing_elements(page) == []
    save_stage(page)
    assert shop.get(f"/stages/{shop.stages['Order help']}").get_json()["agents"] == [
        {"agent_id": day, "conditions": ["hours"]},
        {"agent_id": night, "conditions": []},
    ]

    section.get_by_role("button", name="Remove Day").click()
    save_stage(page)
    assert shop.get(f"/stages/{shop.stages['Order help']}").get_json()["agent_id"] == night
