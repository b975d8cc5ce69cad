"""WhatsApp, Messenger and Instagram as channels of the fake Graph API."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from channels import instagram, messenger, whatsapp
from channels.base import Config, Kind, Outgoing, Request
from tests.support.fake_graph import APP_SECRET, INSTAGRAM_ID, NUMBER_ID, PAGE_ID, SECRETS, FakeGraph, signed

SETTINGS: dict[str, dict[str, Any]] = {
    "whatsapp": {"phone_number_id": NUMBER_ID},
    "messenger": {"page_id": PAGE_ID, "human_agent": False},
    "instagram": {"page_id": PAGE_ID, "instagram_account_id": INSTAGRAM_ID, "human_agent": False},
}
META_KINDS: dict[str, Kind] = {kind.name: kind for kind in (whatsapp.KIND, messenger.KIND, instagram.KIND)}
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def config_of(kind: str, graph: FakeGraph | None = None, **changes: Any) -> Config:
    """A channel of a kind, with other settings if `changes` are given."""
    return Config(
        channel_id=uuid4(),
        settings={**SETTINGS[kind], **changes},
        secrets=SECRETS,
        webhook_url="https://icmp.example/webhook",
        graph_url=graph.graph_url if graph else "",
        telegram_url="",
    )


def posted(payload: dict[str, Any], secret: str = APP_SECRET) -> Request:
    """A request of Meta that is signed with the secret."""
    delivery = signed(payload, secret)
    return Request("POST", {}, delivery.headers, delivery.body, NOW)


def outgoing(text: str = "Hello", **values: Any) -> Outgoing:
    return Outgoing(send_id=uuid4(), recipient_id="16505551234", text=text, **values)
