"""Texts in several languages: the fixed reply of a stage, and canned replies."""

from playwright.sync_api import expect

from tests.support.factories import made
from tests.support.fake_model import FakeModel
from tests.support.visit import Visit


def test_fixed_reply_gets_a_text_in_another_language(visit: Visit) -> None:
    stage_id = visit.shop.stages["Order help"]
    page = visit.open(f"/stages/{stage_id}")
    page.get_by_role("combobox", name="Add “Fixed reply” in another language").select_option("de")
    german = page.get_by_role("textbox", name="Fixed reply in German (de)")
    german.fill("Wie lautet die Nummer?")
    page.get_by_role("combobox", name="Add “Fixed reply” in another language").select_option("ar")
    visit.check_accessibility()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. The next message uses it.")).to_be_visible()
    stage = visit.shop.get(f"/stages/{stage_id}").get_json()
    assert stage["fixed_reply_translations"] == {"de": "Wie lautet die Nummer?"}
    page.get_by_role("button", name="Remove German (de)").click()
    expect(german).to_have_count(0)


def test_canned_reply_gets_a_text_in_another_language(visit: Visit) -> None:
    shop = visit.shop
    made(shop.post("/canned-replies", {"shortcut": "hi", "title": "Greeting", "content": "Hello"}))
    page = visit.open("/canned-replies")
    page.get_by_role("button", name="Edit “Greeting”").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Add “Text” in another language").select_option("es")
    dialog.get_by_role("textbox", name="Text in Spanish (es)").fill("Hola")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    assert shop.get("/canned-replies").get_json()[0]["translations"] == {"es": "Hola"}


def test_answer_becomes_the_fixed_reply_in_the_language_of_the_conversation(visit: Visit, model: FakeModel) -> None:
    shop, stage = visit.shop, f"/stages/{visit.shop.stages['Greeting']}"
    settings = {"settings": {"languages": ["en", "de"]}}
    assert shop.put(f"/businesses/{shop.business_id}", settings).status_code == 200
    assert shop.put(stage, {"fixed_reply": "How can we help?"}).status_code == 200
    answer = shop.say("Guten Tag, haben Sie heute geöffnet? Ich möchte gerne vorbeikommen.").get_json()
    page = visit.open(f"/conversations/{answer['conversation_id']}?turn={answer['turn_id']}")
    page.get_by_role("button", name="Response").click()
    page.get_by_role("button", name="Use as fixed reply").click()
    dialog = page.get_by_role("dialog", name="Use as fixed reply")
    language = dialog.get_by_role("combobox", name="Language")
    expect(language).to_have_value("de")
    language.select_option("All other languages")
    expect(dialog.get_by_text("How can we help?")).to_be_visible()
    language.select_option("German (de)")
    expect(dialog.get_by_text("How can we help?")).to_have_count(0)
    visit.check_accessibility()
    dialog.get_by_role("textbox").fill("Wie können wir Ihnen helfen?")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    changed = shop.get(stage).get_json()
    assert changed["fixed_reply"] == "How can we help?"
    assert changed["fixed_reply_translations"] == {"de": "Wie können wir Ihnen helfen?"}
