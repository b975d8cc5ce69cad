"""How long data is kept, and what is masked, on the page of the settings."""

import re

from playwright.sync_api import expect

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.visit import Visit


def test_retention_is_changed_after_a_question(visit: Visit, shop: Shop) -> None:
    page = visit.open("/settings/privacy")
    card = page.get_by_role("region", name="How long data is kept")
    calls = card.get_by_label("Prompts and answers of models (days)")
    expect(calls).to_have_value("90")
    expect(card.get_by_label("Conversations (days)")).to_have_value("")
    card.get_by_label("Conversations (days)").fill("365")
    calls.fill("")
    visit.check_accessibility()
    card.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Delete older data?")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Cancel").click()
    assert "retention" not in shop.get(f"/businesses/{shop.business_id}").get_json()["settings"]
    card.get_by_role("button", name="Save").click()
    dialog.get_by_role("button", name="Save and delete").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(calls).to_have_value("")
    saved = {"messages": 365, "traces": None, "calls": None, "feedback": None, "events": None}
    assert shop.get(f"/businesses/{shop.business_id}").get_json()["settings"]["retention"] == saved

    card.get_by_label("Conversations (days)").fill("0")
    expect(card.get_by_role("button", name="Save")).to_be_disabled()
    card.get_by_label("Conversations (days)").fill("400")  # nothing is deleted that was kept before
    with page.expect_response(lambda response: response.request.method == "PUT"):
        card.get_by_role("button", name="Save").click()
    assert shop.get(f"/businesses/{shop.business_id}").get_json()["settings"]["retention"] == {**saved, "messages": 400}


def test_masking_takes_effect_with_the_next_message(visit: Visit, shop: Shop) -> None:
    page = visit.open("/settings/privacy")
    card = page.get_by_role("region", name="What is removed from messages")
    card.get_by_role("checkbox", name=re.compile("Replace card numbers")).check()
    card.get_by_role("button", name="Add a pattern").click()
    expect(card.get_by_role("button", name="Save")).to_be_disabled()
    card.get_by_label("Name").fill("customer ID")
    card.get_by_label("Pattern", exact=True).fill("(")
    visit.expect_problem("400")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_role("alert").filter(has_text="regular expression")).to_be_visible()
    card.get_by_label("Pattern", exact=True).fill(r"\bC-\d{6}\b")
    visit.check_accessibility()
    card.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    answer = shop.say("I am C-123456 and pay with 4111 1111 1111 1111.").get_json()
    visit.go(f"/conversations/{answer['conversation_id']}")
    expect(page.get_by_text("I am [customer ID] and pay with [card number].")).to_be_visible()
    visit.go("/settings/privacy")
    card.get_by_role("button", name="Remove the pattern “customer ID”").click()
    card.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    masking = shop.get(f"/businesses/{shop.business_id}").get_json()["settings"]["masking"]
    assert masking == {"card_numbers": True, "patterns": []}


def test_pages_say_what_was_deleted(visit: Visit, shop: Shop, sql: Connection) -> None:
    answer = shop.say("Where is my order A-10433?").get_json()
    [call, *_] = shop.get("/llm-calls", turn_id=answer["turn_id"]).get_json()
    turn_of = {"turn_id": answer["turn_id"]}
    clear = "UPDATE llm_calls SET request = '{}', response = NULL, parsed = NULL WHERE turn_id = %(turn_id)s"
    sql.execute(clear, turn_of)
    page = visit.open(f"/llm-calls/{call['call_id']}")
    expect(page.get_by_text("The prompt and the answer were deleted because of their age.")).to_be_visible()
    visit.check_accessibility()
    turn = f"/conversations/{answer['conversation_id']}?turn={answer['turn_id']}"
    visit.go(turn)
    page.get_by_role("button", name="Response").click()
    expect(page.get_by_text("The prompt and the answer were deleted because of their age.")).to_be_visible()
    sql.execute("DELETE FROM turn_steps WHERE turn_id = %(turn_id)s", turn_of)
    page.reload()
    expect(page.get_by_text("The steps of this reply are not stored.")).to_be_visible()
    visit.check_accessibility()
