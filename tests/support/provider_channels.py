"""Channels that are connected to fake providers."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support import fake_graph, fake_telegram
from tests.support.fake_graph import FakeGraph, page_event, whatsapp_text
from tests.support.fake_provider import Delivery, FakeProvider
from tests.support.fake_telegram import FakeTelegram, telegram_message
from tests.support.meta_channels import SETTINGS

FIRST_CUSTOMERS = {"whatsapp": 10_000, "messenger": 20_000, "instagram": 30_000, "telegram": 40_000}


@dataclass
class Providers:
    """The fakes to which an application's GRAPH_API_URL and TELEGRAM_API_URL point."""

    graph: FakeGraph
    telegram: FakeTelegram

    @property
    def settings(self) -> dict[str, str]:
        return {"GRAPH_API_URL": self.graph.graph_url, "TELEGRAM_API_URL": self.telegram.url}

    def of(self, kind: str) -> FakeProvider:
        return self.telegram if kind == "telegram" else self.graph


@contextmanager
def fake_providers() -> Iterator[Providers]:
    with ExitStack() as stack:
        yield Providers(stack.enter_context(FakeGraph()), stack.enter_context(FakeTelegram()))


def channel_body(kind: str) -> dict[str, Any]:
    """What `POST /channels` needs to connect a channel to the fake provider."""
    secrets = fake_telegram.SECRETS if kind == "telegram" else fake_graph.SECRETS
    return {"kind": kind, "name": kind, "settings": SETTINGS.get(kind, {}), "secrets": secrets}


@dataclass
class ProviderChannel:
    """A channel, and customers who write in it: numbers that no other kind uses."""

    kind: str
    channel_id: str
    provider: FakeProvider

    @property
    def path(self) -> str:
        return f"/api/v1/channels/{self.channel_id}/webhook"

    def customer_id(self, customer: int = 0) -> str:
        """The provider's ID of a customer."""
        return str(FIRST_CUSTOMERS[self.kind] + customer)

    def message(self, number: int, text: str, customer: int = 0) -> Delivery:
        """The request with which the provider delivers a message."""
        sender_id = self.customer_id(customer)
        if self.kind == "telegram":
            return fake_telegram.signed(telegram_message(number, int(sender_id), {"text": text}))
        if self.kind == "whatsapp":
            return fake_graph.signed(whatsapp_text(f"wamid.in.{number}", sender_id, text))
        is_instagram = self.kind == "instagram"
        if is_instagram and isinstance(self.provider, FakeGraph):
            self.provider.instagram_users.add(sender_id)
        return fake_graph.signed(
            page_event(sender_id, {"message": {"mid": f"m_in_{number}", "text": text}}, is_instagram)
        )

    def received(self, customer: int = 0) -> list[str]:
        """The texts that a customer has received, in order."""
        return self.provider.to(self.customer_id(customer))

    def receipts(self) -> list[Delivery]:
        """What the provider has to say about sent messages, twice and in the wrong order."""
        with self.provider.lock:
            waiting = list(self.provider.deliveries)
            self.provider.deliveries.clear()
        return [*reversed(waiting), *waiting]
