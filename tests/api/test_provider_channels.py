"""WhatsApp, Messenger, Instagram and Telegram, from the customer's message to the receipt of the reply."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from background import runner
from tests.conftest import make_config, running_app
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_graph import OUTAGE, VERIFY_TOKEN, graph_error
from tests.support.fake_model import FakeModel
from tests.support.fake_provider import Delivery
from tests.support.fake_telegram import BOT_TOKEN, too_many_requests
from tests.support.os_users import wait_for
from tests.support.provider_channels import FIRST_CUSTOMERS, ProviderChannel, Providers, channel_body, fake_providers

LAST_STATUS = {"whatsapp": "read", "messenger": "delivered", "instagram": "read", "telegram": "sent"}


@pytest.fixture(scope="module")
def providers() -> Iterator[Providers]:
    with fake_providers() as started:
        yield started


@pytest.fixture(scope="module")
def provider_app(database_url: str, model_server: FakeModel, providers: Providers) -> Iterator[Flask]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "POLL_INTERVAL", 0.05)
        config = make_config(database_url, OPENAI_BASE_URL=model_server.base_url, **providers.settings)
        with running_app(config) as app:
            yield app


@pytest.fixture
def shop(provider_app: Flask, fake_model: FakeModel, master: dict[str, str]) -> Shop:
    return make_shop(provider_app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")


@dataclass
class Connected(ProviderChannel):
    """A channel of a shop."""

    shop: Shop

    def deliver(self, *deliveries: Delivery) -> list[TestResponse]:
        return [self.shop.client.post(self.path, data=each.body, headers=each.headers) for each in deliveries]

    def messages(self) -> list[dict[str, Any]]:
        """The messages of all conversations of the shop."""
        conversations = self.shop.get("/conversations").get_json()
        pages = [self.shop.get(f"/conversations/{each['conversation_id']}/messages") for each in conversations]
        return [message for page in pages for message in page.get_json()]

    def delivery(self) -> list[str]:
        """The delivery state of each reply."""
        return [each["delivery"]["status"] for each in self.messages() if each["sender_type"] != "user"]


def connect(kind: str, shop: Shop, providers: Providers) -> Connected:
    provider = providers.of(kind)
    provider.messages.clear()
    provider.deliveries.clear()
    return Connected(kind, made(shop.post("/channels", channel_body(kind)))["channel_id"], provider, shop)


@pytest.fixture(params=FIRST_CUSTOMERS)
def channel(request: pytest.FixtureRequest, shop: Shop, providers: Providers) -> Connected:
    return connect(request.param, shop, providers)


def test_reply_is_sent_and_receipts_in_any_order_update_it(channel: Connected) -> None:
    answers = channel.deliver(channel.message(1, "Hello 👋"), channel.message(1, "Hello 👋"))
    assert [answer.status_code for answer in answers] == [200, 200]
    wait_for(lambda: channel.delivery() == ["sent"], "the reply")
    question, reply = channel.messages()
    assert question["message_content"] == "Hello 👋"
    assert channel.received() == [reply["message_content"]]
    assert all(answer.status_code == 200 for answer in channel.deliver(*channel.receipts()))
    assert channel.delivery() == [LAST_STATUS[channel.kind]]


def test_forged_requests_and_those_of_another_tenant_store_nothing(
    channel: Connected, provider_app: Flask, master: dict[str, str], providers: Providers
) -> None:
    other_shop = make_shop(provider_app.test_client(), master, f"Harbour Tea {uuid.uuid4().hex[:8]}")
    other = connect(channel.kind, other_shop, providers)
    name = "webhook_secret" if channel.kind == "telegram" else "app_secret"
    assert (
        other_shop.put(f"/channels/{other.channel_id}", {"secrets": {name: "another-secret-0123"}}).status_code == 200
    )
    sent = channel.message(1, "Hello")
    forged = [replace(sent, headers={"Content-Type": "application/json"})]
    if channel.kind != "telegram":  # which signs no body
        forged.append(replace(sent, body=sent.body.replace(b"Hello", b"Hullo")))
    assert {answer.status_code for answer in [*channel.deliver(*forged), *other.deliver(sent)]} == {401}
    assert channel.messages() == other.messages() == []
    assert other_shop.get(f"/channels/{other.channel_id}").get_json()["status"]["state"] == "error"


def test_errors_and_lost_responses_never_send_a_reply_twice(channel: Connected) -> None:
    is_telegram = channel.kind == "telegram"
    channel.provider.failures.append(too_many_requests(1) if is_telegram else graph_error(*OUTAGE))
    channel.provider.lost_answers = 1
    channel.deliver(channel.message(1, "Hello"))
    wait_for(lambda: channel.delivery() == ["unknown"], "the lost response")
    assert len(channel.received()) == 1
    channel.deliver(*channel.receipts())
    assert channel.delivery() == ["unknown" if is_telegram else LAST_STATUS[channel.kind]]


def test_new_token_sends_waiting_messages(shop: Shop, providers: Providers) -> None:
    channel = connect("telegram", shop, providers)
    path = f"/channels/{channel.channel_id}"
    assert shop.put(path, {"secrets": {"bot_token": "123456:revoked"}}).status_code == 200
    channel.deliver(channel.message(1, "Hello"))
    wait_for(lambda: shop.get(path).get_json()["status"]["last_error"] == "Unauthorized", "the error")
    assert channel.delivery() == ["pending"]
    assert shop.put(path, {"secrets": {"bot_token": BOT_TOKEN}}).status_code == 200
    wait_for(lambda: channel.delivery() == ["sent"], "the reply")


def test_url_is_confirmed_with_the_verify_token(shop: Shop, providers: Providers) -> None:
    channel = connect("whatsapp", shop, providers)
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "<b>42"}
    answer = shop.client.get(channel.path, query_string=query)
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "<b>42", "text/plain")
    assert shop.client.get(channel.path, query_string={**query, "hub.verify_token": "x"}).status_code == 401
