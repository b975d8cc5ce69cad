"""Messages of the assistant that wait for the end of quiet hours, in the inbox."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.support.factories import Shop
from tests.support.inbox import messages, open_conversation, start
from tests.support.visit import Visit


def keep_quiet_hours(shop: Shop) -> None:
    """Quiet hours that have begun, and last for hours."""
    now = datetime.now(UTC)
    start, end = (f"{now + timedelta(hours=hours):%H:%M}" for hours in (-2, 6))
    settings = {"quiet_hours": {"start": start, "end": end}, "timezone": "UTC"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200


def schedule(shop: Shop, conversation_id: str, text: str) -> None:
    answer = shop.post(f"/conversations/{conversation_id}/messages", {"message": text, "as": "assistant"})
    assert answer.status_code == 202, answer.text


def test_scheduled_message_is_shown_and_cancelled(anna: Visit, shop: Shop) -> None:
    keep_quiet_hours(shop)
    conversation_id = start(shop)
    page = open_conversation(anna, conversation_id)
    log = page.get_by_role("log")
    for text in ("Your book has arrived.", "We keep it for a week."):
        schedule(shop, conversation_id, text)
    first, second = (log.get_by_role("article").filter(has_text=text) for text in ("Your book", "We keep it"))
    expect(first).to_contain_text("Will be sent")
    expect(second.get_by_role("time")).to_be_visible()
    anna.check_accessibility()
    second.get_by_role("button", name="Do not send the message “We keep it for a week.”").click()
    dialog = page.get_by_role("dialog", name="Do not send this message?")
    anna.check_accessibility()
    dialog.get_by_role("button", name="Do not send").click()
    expect(page.get_by_text("The message is not sent.")).to_be_visible()
    expect(second).to_have_count(0)
    [left] = shop.get(f"/conversations/{conversation_id}/scheduled-messages").get_json()
    assert left["message_content"] == "Your book has arrived."
    # A colleague cancels the other one.
    assert shop.delete(f"/scheduled-messages/{left['scheduled_message_id']}").status_code == 204
    expect(first).to_have_count(0)
    assert [text for *_, text in messages(shop, conversation_id)].count("Your book has arrived.") == 0
