"""The pages of channels, and what the inbox shows of them."""

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import expect

from tests.support.channels import ACCEPTED, Chat, unsent_messages
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.visit import Visit
from tests.support.web_server import http

REFUSED = http(b"", "400 Bad Request")
WHATSAPP = {
    "kind": "whatsapp",
    "name": "Our number",
    "settings": {"phone_number_id": "10020030040050"},
    "secrets": {"access_token": "a" * 20, "app_secret": "b" * 32, "verify_token": "c" * 20},
}


def test_channel_is_added_tested_changed_and_deleted(visit: Visit) -> None:
    page = visit.open("/channels")
    expect(page.get_by_text("No channels yet")).to_be_visible()
    page.get_by_role("button", name="Add channel").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Kind of channel").select_option(label="WhatsApp")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("This field is required.")).to_have_count(4)
    visit.check_accessibility()
    dialog.get_by_role("combobox", name="Kind of channel").select_option(label="Generic webhook")
    dialog.get_by_label("Name").fill("Our app")
    dialog.get_by_label("URL for replies").fill("http://127.0.0.1:9/replies")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("heading", name="Channel created")).to_be_visible()
    url = dialog.get_by_label("Webhook URL", exact=True).input_value()
    secret = dialog.get_by_label("Signing secret", exact=True).input_value()
    visit.check_accessibility()
    dialog.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("heading", name="Our app", level=1)).to_be_visible()
    expect(page.get_by_label("Webhook URL", exact=True)).to_have_value(url)
    assert secret not in page.content()
    expect(page.get_by_text("Not used yet")).to_be_visible()
    visit.check_accessibility()
    page.get_by_role("button", name="Send test message").click()
    dialog.get_by_label("Recipient").fill("customer-1")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Not sent: ")
    visit.check_accessibility()
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("region", name="Status").get_by_role("alert")).to_contain_text("Last error")

    page.get_by_label("URL for replies").fill("https://example.com/replies")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="Replace “Signing secret”").click()
    dialog.get_by_label("New value").fill("A" * 32)
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Replaced. It applies immediately.")).to_be_visible()
    [channel] = visit.shop.get("/channels").get_json()
    assert channel["settings"] == {"url": "https://example.com/replies"}

    page.get_by_role("button", name="Disable").click()
    dialog.get_by_role("button", name="Disable").click()
    expect(page.get_by_role("region", name="Status")).to_contain_text("Disabled")
    page.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No channels yet")).to_be_visible()
    assert visit.shop.get("/channels").get_json() == []


def test_reply_that_was_not_sent_is_shown_and_sent_again(visits: Callable[..., Visit], shop: Shop) -> None:
    with Chat(REFUSED, ACCEPTED) as chat:
        chat.connect_to(shop)
        message_id = unsent_messages(shop, chat)[-1]["message_id"]
        visit = visits(shop)
        page = visit.open("/inbox?status=active")
        row = page.get_by_role("listitem").filter(has_text="Not sent")
        row.get_by_role("link").click()
        article = page.locator(f'[data-message="{message_id}"]')
        expect(article).to_contain_text("Not sent: ")
        visit.check_accessibility()
        article.get_by_role("button", name="Send again").click()
        expect(article).to_contain_text("Sent")
        expect(article.get_by_role("button", name="Send again")).to_have_count(0)


def test_inbox_says_when_the_time_for_free_text_has_ended(
    visits: Callable[..., Visit], shop: Shop, sql: Connection
) -> None:
    channel_id = made(shop.post("/channels", WHATSAPP))["channel_id"]
    conversation_id = shop.say("Where is my order?").get_json()["conversation_id"]
    values = {
        "business_id": UUID(shop.business_id),
        "conversation_id": UUID(conversation_id),
        "channel_id": UUID(channel_id),
    }
    sql.execute(
        """
        INSERT INTO channel_conversations (business_id, conversation_id, channel_id, recipient_id, last_inbound_at)
        VALUES (%(business_id)s, %(conversation_id)s, %(channel_id)s, '4915', now() - interval '23 hours')
        """,
        values,
    )
    visit = visits(shop)
    page = visit.open(f"/inbox/{conversation_id}")
    note = page.get_by_role("note")
    expect(note).to_contain_text("24 hours after the customer’s last message.")
    sql.execute(
        """
        UPDATE channel_conversations SET last_inbound_at = now() - interval '25 hours'
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        values,
    )
    page.reload()
    expect(note).to_contain_text("The customer last wrote more than 24 hours ago.")
    visit.check_accessibility()
