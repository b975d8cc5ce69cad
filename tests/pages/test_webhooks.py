"""The pages of webhooks and their deliveries."""

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import expect

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.visit import Visit, choose
from tests.support.web_server import http
from tests.support.webhooks import Receiver, add_webhook

DOWN = http(b"", "503 Service Unavailable")
ACCEPTED = http(b"", "204 No Content")


def test_webhook_is_created_tested_changed_and_deleted(visit: Visit) -> None:
    with Receiver(ACCEPTED) as receiver:
        page = visit.open("/webhooks")
        expect(page.get_by_text("No webhooks yet")).to_be_visible()
        page.get_by_role("button", name="New webhook").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("URL").fill("example.com")
        dialog.get_by_role("button", name="Create").click()
        expect(dialog.get_by_text("Enter a URL that starts with")).to_be_visible()
        expect(dialog.get_by_text("Choose at least one type of event.")).to_be_visible()
        visit.check_accessibility()
        dialog.get_by_label("URL").fill(receiver.url)
        dialog.get_by_label("Someone writes a message").check()
        dialog.get_by_role("button", name="Create").click()
        expect(dialog.get_by_role("heading", name="Signing secret")).to_be_visible()
        visit.check_accessibility()
        receiver.secret = dialog.get_by_role("region", name="Signing secret").inner_text()
        dialog.get_by_role("button", name="Done").click()
        expect(page.get_by_role("heading", name=receiver.url, level=1)).to_be_visible()
        assert receiver.secret not in page.content()
        expect(page.get_by_text("No deliveries yet")).to_be_visible()
        page.get_by_role("button", name="Send test").click()
        expect(page.get_by_text("Test delivered.")).to_be_visible()
        row = page.get_by_role("list", name="Deliveries").get_by_role("listitem")
        expect(row).to_contain_text("Delivered")
        assert [event["type"] for event in receiver.events()] == ["webhook.test"]
        visit.check_accessibility()
        row.get_by_role("button", name="Details of “Test”").click()
        expect(dialog.get_by_role("region", name="Body")).to_contain_text('"type": "webhook.test"')
        expect(dialog.get_by_role("button", name="Send again")).to_have_count(0)
        visit.check_accessibility()
        dialog.get_by_role("button", name="Close").click()
        page.get_by_role("button", name="Edit").click()
        dialog.get_by_label("An order changes").check()
        dialog.get_by_role("button", name="Save").click()
        expect(page.get_by_role("main").get_by_text("An order changes")).to_be_visible()
        page.get_by_role("button", name="Delete").click()
        dialog.get_by_role("button", name="Delete").click()
        expect(page.get_by_text("No webhooks yet")).to_be_visible()
        assert visit.shop.get("/webhooks").get_json() == []


def test_failed_delivery_is_explained_and_sent_again(visits: Callable[..., Visit], shop: Shop) -> None:
    with Receiver(DOWN, ACCEPTED) as receiver:
        webhook_id = add_webhook(shop, receiver, ("conversation.started",))
        shop.say("Hello")
        page = visits(shop).open(f"/webhooks/{webhook_id}")
        row = page.get_by_role("list", name="Deliveries").get_by_role("listitem")
        expect(row).to_contain_text("The server answered with status 503.")
        expect(row).to_contain_text("Next attempt")
        row.get_by_role("button", name="Details of “A conversation starts”").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("1 attempt")).to_be_visible()
        dialog.get_by_role("button", name="Send again").click()
        expect(row).to_contain_text("Delivered")
        choose(page.get_by_label("Status"), "Failed")
        expect(page.get_by_text("No deliveries with this status")).to_be_visible()


def test_owner_sees_on_each_page_that_a_webhook_was_disabled(
    visits: Callable[..., Visit], shop: Shop, sql: Connection
) -> None:
    with Receiver(ACCEPTED) as receiver:
        webhook_id = add_webhook(shop, receiver, ("conversation.started",))
        sql.execute(
            """
            UPDATE webhooks SET enabled = false, disabled_reason = 'failing', disabled_at = now()
            WHERE webhook_id = %(id)s
            """,
            {"id": UUID(webhook_id)},
        )
        visit = visits(shop)
        page = visit.open("/stages")
        notice = page.get_by_role("status").filter(has_text="A webhook was disabled because it failed.")
        expect(notice).to_be_visible()
        visit.check_accessibility()
        notice.get_by_role("link", name="Show").click()
        expect(page.get_by_text("It was disabled because it failed for three days.")).to_be_visible()
        page.get_by_role("button", name="Enable").click()
        expect(page.get_by_text("It was disabled because it failed for three days.")).to_have_count(0)
        expect(notice).to_have_count(0)
