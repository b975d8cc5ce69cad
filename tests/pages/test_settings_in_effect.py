"""Each setting is changed on its page, and takes effect with the next message."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.pages.conftest import answer_like_a_shop
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Hang
from tests.support.os_users import wait_for
from tests.support.visit import Visit, choose

OWN_KEY = "sk-key-of-this-business"


def ask(shop: Shop, message: str, customer: str) -> dict[str, Any]:
    """The trace of the next message, with the values of the variables in the prompt of the response."""
    answer = shop.say(message, user={"external_id": customer}).get_json()
    trace = shop.trace(answer["turn_id"])
    variables = {each["name"]: each["value"] for each in trace["by_step"].get("response", {}).get("variables", [])}
    return {**trace, "variables": variables, "answer": answer}


def requests_of(trace: dict[str, Any]) -> list[dict[str, Any]]:
    return [call["request"] for step in trace["steps"] for call in step["calls"]]


def save(visit: Visit, card: Locator) -> None:
    card.get_by_role("button", name="Save").click()
    expect(visit.page.get_by_text("Saved.")).to_be_visible()
    expect(card.get_by_role("button", name="Save")).to_be_disabled()
    visit.page.get_by_role("button", name="Dismiss").click()


def test_settings_of_the_business_take_effect_with_the_next_message(visit: Visit, shop: Shop, sql: Connection) -> None:
    page = visit.open("/settings")
    profile = page.get_by_role("region", name="Profile")
    values = {
        "Name": f"{shop.business_id[-6:]} Books",
        "Description": "Second-hand books.",
        "Address": "1 Quay Street",
        "Phone number": "020 7946 0000",
        "Website": "https://books.example",
    }
    for label, text in values.items():
        profile.get_by_label(label).fill(text)
    save(visit, profile)

    hours = page.get_by_role("region", name="Opening hours and languages")
    choose(hours.get_by_role("combobox", name="Time zone of the business"), "Europe/Berlin")
    for text in ("German", "English"):
        hours.get_by_role("combobox", name="Languages").fill(text)
        hours.get_by_role("combobox", name="Languages").press("Enter")
    hours.get_by_role("switch", name="The business has opening hours").press("Space")
    hours.get_by_role("button", name="Remove the hours 1 of Friday").press("Enter")
    save(visit, hours)

    quiet = page.get_by_role("region", name="Quiet hours")
    quiet.get_by_role("switch", name="The assistant keeps quiet hours").press("Space")
    quiet.get_by_label("Until").fill("21:00")
    expect(quiet.get_by_text("Enter two different times.")).to_be_visible()
    expect(quiet.get_by_role("button", name="Save")).to_be_disabled()
    quiet.get_by_label("Until").fill("07:30")
    save(visit, quiet)
    settings = shop.get(f"/businesses/{shop.business_id}").get_json()["settings"]
    assert settings["quiet_hours"] == {"start": "21:00", "end": "07:30"}

    conversations = page.get_by_role("region", name="Conversations")
    choose(conversations.get_by_role("combobox", name="Starting stage"), "Order help")
    conversations.get_by_label("Minimum confidence").fill("101")
    expect(conversations.get_by_text("Enter a number from 0 to 100")).to_be_visible()
    expect(conversations.get_by_role("button", name="Save")).to_be_disabled()
    visit.check_accessibility()
    conversations.get_by_label("Minimum confidence").fill("95")
    conversations.get_by_label("Idle time").fill("5")
    conversations.get_by_label("Messages per summary").fill("2")
    save(visit, conversations)

    handover = page.get_by_role("region", name="When a person takes over")
    handover.get_by_label("Keywords").fill("lawyer")
    handover.get_by_label("Text when a person will answer").fill("{business_name} will call you.")
    save(visit, handover)

    first = ask(shop, "Hello!", "c-1")
    assert first["by_step"]["selection"]["output"]["stage_name"] == "Order help"  # 92 % are not enough any more
    assert "95%" in first["by_step"]["selection"]["decision"]
    info = first["variables"]["business_info"]
    assert info.splitlines() == [
        *(f"{label.removesuffix(' number')}: {text}" for label, text in values.items()),
        "Opening hours: Montag bis Donnerstag 09:00-17:00, Freitag bis Sonntag geschlossen (Europe/Berlin)",
        "Languages of replies: de, en (reply in de to customers who write in another language)",
    ]
    [summary, *_] = wait_for(lambda: shop.get("/llm-calls", step="summary").get_json(), "a summary")
    assert summary["conversation_id"] == first["answer"]["conversation_id"]
    sql.execute(
        "UPDATE conversations SET last_updated = last_updated - interval '6 minutes' WHERE business_id = %(id)s",
        {"id": shop.business_id},
    )
    second = ask(shop, "Hello again!", "c-1")
    assert second["answer"]["conversation_id"] != first["answer"]["conversation_id"]
    third = ask(shop, "I will call my lawyer.", "c-2")
    assert third["answer"]["response"] == f"{values['Name']} will call you."
    assert requests_of(third) == []

    visit.go(f"/conversations/{second['answer']['conversation_id']}?turn={second['turn_id']}")
    page.get_by_role("button", name="Response").click()
    expect(page.get_by_text("Freitag bis Sonntag geschlossen").first).to_be_visible()


def test_settings_of_the_model_take_effect_with_the_next_message(
    visit: Visit, shop: Shop, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llm.retries.MAX_ATTEMPTS", 1)
    page = visit.open("/settings/model")
    card = page.get_by_role("region", name="Language model")
    card.get_by_label("Model", exact=True).fill("gpt-4.1-nano")
    card.get_by_label("Temperature").fill("0.3")
    card.get_by_label("Maximum length").fill("90")
    card.get_by_label("Time limit").fill("1")
    card.get_by_role("button", name="Test").click()
    expect(card.get_by_role("status")).to_contain_text("gpt-4.1-nano answered in")
    assert (model.requests[-1]["temperature"], model.requests[-1]["max_tokens"]) == (0.3, 90)
    card.get_by_role("switch", name="The model accepts images").press("Space")
    save(visit, card)
    path = f"/businesses/{shop.business_id}"
    assert shop.get(path).get_json()["settings"]["images"] is True
    sent = requests_of(ask(shop, "Hello!", "c-1"))
    assert {(each["model"], each["temperature"], each["max_tokens"]) for each in sent} == {("gpt-4.1-nano", 0.3, 90)}
    model.respond = lambda _: Hang(30)
    assert ask(shop, "Hello!", "c-2")["failure"]["cause"] == "timeout: the server did not answer in time"
    model.respond = answer_like_a_shop

    with FakeModel(answer_like_a_shop) as own_server:
        card.get_by_role("radio", name="Your own model server").check()
        expect(card.get_by_role("button", name="Save")).to_be_disabled()
        card.get_by_label("URL").fill("http://10.0.0.1/v1")
        card.get_by_label("API key").fill(OWN_KEY)
        card.get_by_role("textbox", name="Model", exact=True).fill("llama")
        card.get_by_role("button", name="Test").click()
        expect(card.get_by_role("status")).to_contain_text("The address is not public.")
        card.get_by_label("URL").fill(own_server.base_url)
        card.get_by_role("button", name="Test").click()
        expect(card.get_by_role("status")).to_contain_text("llama answered in")
        visit.check_accessibility()
        asked = len(model.requests)
        save(visit, card)
        expect(card.get_by_label("API key")).to_have_value("")
        expect(card.get_by_text("the key in the secret “model_server_key”")).to_be_visible()
        trace = ask(shop, "Where is my order A-10433?", "c-3")
        assert {each["model"] for each in requests_of(trace)} == {"llama"}
        assert {each["authorization"] for each in own_server.headers} == {f"Bearer {OWN_KEY}"}
        assert len(model.requests) == asked
        assert OWN_KEY not in page.content()

        card.get_by_role("radio", name="The model of this platform").check()
        card.get_by_role("switch", name="The model accepts images").press("Space")
        save(visit, card)
        assert "images" not in shop.get(path).get_json()["settings"]
        assert {each["model"] for each in requests_of(ask(shop, "Hello!", "c-4"))} == {"gpt-4.1-nano"}
        assert shop.get("/secrets").get_json()[0]["name"] == "model_server_key"


def test_budget_takes_effect_with_the_next_message(visit: Visit, shop: Shop, model: FakeModel) -> None:
    page = visit.open("/settings/budget")
    usage = page.get_by_role("region", name="Spent so far")
    expect(usage.get_by_text("$0, without a limit")).to_have_count(2)
    prices = page.get_by_role("region", name="Prices")
    prices.get_by_role("button", name="Add a price").click()
    price = prices.get_by_role("group", name="Prices of a new model")
    price.get_by_label("Model").fill("gpt-4.1-mini")
    price = prices.get_by_role("group", name="Prices of gpt-4.1-mini")
    expect(price.get_by_text("Built-in price: $0.40 for prompts and $1.60 for answers.")).to_be_visible()
    price.get_by_label("Prompt", exact=True).fill("0")
    expect(prices.get_by_role("button", name="Save")).to_be_disabled()
    price.get_by_label("Answer").fill("100000")
    save(visit, prices)

    limits = page.get_by_role("region", name="Limits")
    limits.get_by_label("Limit per day").fill("nothing")
    expect(limits.get_by_role("button", name="Save")).to_be_disabled()
    limits.get_by_label("Limit per day").fill("0.5")
    limits.get_by_role("radio", name="A cheaper model answers").check()
    expect(limits.get_by_role("button", name="Save")).to_be_disabled()
    limits.get_by_role("textbox", name="Cheaper model", exact=True).fill("gpt-4.1-nano")
    limits.get_by_role("textbox", name="Additional amount").fill("50")
    visit.check_accessibility()
    limits.get_by_role("radio", name="A person answers Each").check()
    save(visit, limits)

    assert ask(shop, "Hello!", "c-1")["answer"]["handled_by"] == "ai"
    notice = page.get_by_role("status").get_by_text("of today’s budget has been spent.")
    expect(notice).to_be_visible()
    expect(usage.get_by_role("progressbar", name="Today")).to_be_visible()
    asked = len(model.requests)
    assert ask(shop, "Hello!", "c-2")["answer"]["handled_by"] == "human"
    assert len(model.requests) == asked

    prices.get_by_role("button", name="Remove").click()
    save(visit, prices)
    limits.get_by_label("Limit per day").fill("")
    save(visit, limits)
    settings = shop.get(f"/businesses/{shop.business_id}").get_json()["settings"]
    assert not {"budget", "prices"} & settings.keys()
    expect(notice).to_have_count(0)
