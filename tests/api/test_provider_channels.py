"""WhatsApp, Messenger, Instagram and Telegram, from the customer's message to the receipt of the reply."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support import database, fake_graph, fake_telegram
from tests.support.channel_load import Adapter, Providers, customer_id
from tests.support.database import Connection
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_graph import OUTAGE, VERIFY_TOKEN, graph_error
from tests.support.fake_model import FakeModel
from tests.support.fake_provider import Delivery
from tests.support.fake_telegram import BOT_TOKEN, too_many_requests
from tests.support.os_users import wait_for

LAST_STATUS = {"whatsapp": "read", "messenger": "delivered", "instagram": "read", "telegram": "sent"}
CUSTOMERS = {kind: number for number, kind in enumerate(LAST_STATUS)}  # Meta's channels share a provider
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100


@pytest.fixture
def sql(hooks_database: str) -> Iterator[Connection]:
    with database.connect(hooks_database) as conn:
        yield conn


@pytest.fixture
def shop(provider_app: Flask, fake_model: FakeModel, master: dict[str, str]) -> Shop:
    return make_shop(provider_app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")


@dataclass
class Channel:
    """A channel of a shop, in which one customer writes."""

    adapter: Adapter
    shop: Shop
    channel_id: str

    @property
    def path(self) -> str:
        return f"/api/v1/channels/{self.channel_id}/webhook"

    @property
    def customer(self) -> int:
        return CUSTOMERS[self.adapter.kind]

    def message(self, number: int, text: str) -> Delivery:
        return self.adapter.request(number, self.customer, text)

    def deliver(self, *deliveries: Delivery) -> list[TestResponse]:
        return [self.shop.client.post(self.path, data=each.body, headers=each.headers) for each in deliveries]

    def deliver_receipts(self) -> list[TestResponse]:
        """Deliver what the provider has to say about sent messages, twice and in the wrong order."""
        waiting = list(self.adapter.provider.deliveries)
        self.adapter.provider.deliveries.clear()
        return self.deliver(*reversed(waiting), *waiting)

    def received(self) -> list[str]:
        return self.adapter.received(self.customer)

    def messages(self) -> list[dict[str, Any]]:
        """The messages of all conversations of the shop."""
        conversations = self.shop.get("/conversations").get_json()
        pages = [self.shop.get(f"/conversations/{each['conversation_id']}/messages") for each in conversations]
        return [message for page in pages for message in page.get_json()]

    def delivery(self) -> list[str]:
        """The delivery state of each reply."""
        return [each["delivery"]["status"] for each in self.messages() if each["sender_type"] != "user"]


def connect(kind: str, shop: Shop, providers: Providers) -> Channel:
    adapter = providers.adapters()[kind]
    adapter.provider.messages.clear()
    adapter.provider.deliveries.clear()
    body = {"kind": kind, "name": kind, "settings": adapter.settings, "secrets": adapter.secrets}
    return Channel(adapter, shop, made(shop.post("/channels", body))["channel_id"])


@pytest.fixture(params=LAST_STATUS)
def channel(request: pytest.FixtureRequest, shop: Shop, providers: Providers) -> Channel:
    return connect(request.param, shop, providers)


def test_reply_is_sent_and_receipts_in_any_order_update_it(channel: Channel, providers: Providers) -> None:
    acknowledged = providers.telegram.actions if channel.adapter.kind == "telegram" else providers.graph.acknowledged
    acknowledged.clear()
    answers = channel.deliver(channel.message(1, "Hello 👋"), channel.message(1, "Hello 👋"))
    assert [answer.status_code for answer in answers] == [200, 200]
    wait_for(lambda: channel.delivery() == ["sent"], "the reply")
    question, reply = channel.messages()
    assert question["message_content"] == "Hello 👋"
    assert channel.received() == [reply["message_content"]]
    wait_for(lambda: len(acknowledged) > 0, "the typing indicator")
    assert all(answer.status_code == 200 for answer in channel.deliver_receipts())
    assert channel.delivery() == [LAST_STATUS[channel.adapter.kind]]


def test_forged_requests_and_those_of_another_tenant_store_nothing(
    channel: Channel, provider_app: Flask, master: dict[str, str], providers: Providers
) -> None:
    is_telegram = channel.adapter.kind == "telegram"
    other_shop = make_shop(provider_app.test_client(), master, f"Harbour Tea {uuid.uuid4().hex[:8]}")
    other = connect(channel.adapter.kind, other_shop, providers)
    secret = {"webhook_secret" if is_telegram else "app_secret": "another-secret-0123"}
    assert other_shop.put(f"/channels/{other.channel_id}", {"secrets": secret}).status_code == 200
    sent = channel.message(1, "Hello")
    forged = [replace(sent, headers={"Content-Type": "application/json"})]
    if not is_telegram:  # which signs no body
        forged.append(replace(sent, body=sent.body.replace(b"Hello", b"Hullo")))
    assert {answer.status_code for answer in [*channel.deliver(*forged), *other.deliver(sent)]} == {401}
    assert channel.messages() == other.messages() == []
    assert other_shop.get(f"/channels/{other.channel_id}").get_json()["status"]["state"] == "error"


def test_errors_and_lost_responses_never_send_a_reply_twice(channel: Channel) -> None:
    is_telegram = channel.adapter.kind == "telegram"
    channel.adapter.provider.failures.append(too_many_requests(1) if is_telegram else graph_error(*OUTAGE))
    channel.adapter.provider.lost_answers = 1
    channel.deliver(channel.message(1, "Hello"))
    wait_for(lambda: channel.delivery() == ["unknown"], "the lost response")
    assert len(channel.received()) == 1
    channel.deliver_receipts()
    assert channel.delivery() == ["unknown" if is_telegram else LAST_STATUS[channel.adapter.kind]]


@pytest.mark.parametrize("kind", ["whatsapp", "messenger", "telegram"])
def test_images_are_fetched_from_the_provider(
    kind: str, shop: Shop, providers: Providers, fake_model: FakeModel
) -> None:
    channel = connect(kind, shop, providers)
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": {"images": True}}).status_code == 200
    providers.graph.media["i1"] = providers.telegram.files["i1"] = JPEG
    sender_id = str(customer_id(channel.customer))
    photo = {"type": "image", "image": {"id": "i1", "mime_type": "image/jpeg", "caption": "This lamp"}}
    attachment = {"type": "image", "payload": {"url": f"{providers.graph.url}/cdn/i1"}}
    content = {"photo": [{"file_id": "i1", "file_size": len(JPEG)}], "caption": "This lamp"}
    event = {"message": {"mid": "m_1", "text": "This lamp", "attachments": [attachment]}}
    sent = {
        "whatsapp": fake_graph.signed(fake_graph.whatsapp_message("wamid.1", sender_id, photo)),
        "messenger": fake_graph.signed(fake_graph.page_event(sender_id, event)),
        "telegram": fake_telegram.signed(fake_telegram.telegram_message(1, int(sender_id), content)),
    }[kind]
    assert channel.deliver(sent)[0].status_code == 200
    wait_for(lambda: channel.delivery() == ["sent"], "the reply")
    [stored] = channel.messages()[0]["metadata"]["attachments"]
    assert shop.get(f"/attachments/{stored['attachment_id']}").data == JPEG
    assert fake_model.requests[-1]["messages"][-1]["content"][1]["type"] == "image_url"


def test_after_a_day_whatsapp_gets_templates_only(shop: Shop, providers: Providers, sql: Connection) -> None:
    channel = connect("whatsapp", shop, providers)
    channel.deliver(channel.message(1, "Hello"))
    wait_for(lambda: channel.delivery() == ["sent"], "the reply")
    sql.execute(
        """
        UPDATE channel_conversations SET last_inbound_at = last_inbound_at - interval '25 hours'
        WHERE business_id = %(business_id)s
        """,
        {"business_id": uuid.UUID(shop.business_id)},
    )
    [conversation] = shop.get("/conversations").get_json()
    path = f"/conversations/{conversation['conversation_id']}/messages"
    template = {"name": "order_shipped", "language": "en-GB", "parameters": ["Carla"]}
    assert shop.post(path, {"as": "assistant", "message": "Still there?"}).status_code == 201
    assert shop.post(path, {"as": "assistant", "message": "Hello Carla", "template": template}).status_code == 201
    wait_for(lambda: channel.delivery() == ["sent", "failed", "sent"], "the template")
    assert channel.messages()[2]["delivery"]["error_code"] == "window_closed"
    assert channel.adapter.provider.messages[-1].body["template"]["language"] == {"code": "en_GB"}


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
