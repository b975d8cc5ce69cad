"""Requests and responses of channels that nobody would send by mistake."""

import base64
import io
import json
import socket
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from standardwebhooks import Webhook
from werkzeug.test import TestResponse

from routes.channel_webhooks import MAX_BODY_KB
from tests.support import fake_graph, fake_telegram
from tests.support.channel_load import Providers
from tests.support.channels import Chat
from tests.support.database import Connection, connect
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.meta_channels import SETTINGS
from tests.support.os_users import wait_for
from tests.support.web_server import http

DEEP = "[" * 100_000 + "]" * 100_000
LONG = "".join(uuid.uuid4().hex for _ in range(320))  # more than an index takes, also compressed
SIGNED = {"X-Telegram-Bot-Api-Secret-Token": fake_telegram.WEBHOOK_SECRET}


@pytest.fixture
def sql(hooks_database: str) -> Iterator[Connection]:
    with connect(hooks_database) as conn:
        yield conn


@pytest.fixture
def shop(provider_app: Flask, fake_model: FakeModel, master: dict[str, str]) -> Shop:
    return make_shop(provider_app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")


def make_channel(shop: Shop, kind: str, settings: dict[str, Any], secrets: dict[str, str]) -> dict[str, Any]:
    body = {"kind": kind, "name": kind, "settings": settings, "secrets": secrets}
    channel: dict[str, Any] = made(shop.post("/channels", body))
    return channel


def telegram(shop: Shop) -> str:
    """A new channel; returns its ID."""
    return str(make_channel(shop, "telegram", {}, fake_telegram.SECRETS)["channel_id"])


def deliver(shop: Shop, channel_id: str, body: str | bytes, headers: dict[str, str]) -> TestResponse:
    return shop.client.post(f"/api/v1/channels/{channel_id}/webhook", data=body, headers=headers)


def post_signed(shop: Shop, chat: Chat, body: str) -> TestResponse:
    """Send a body to a generic channel as it is."""
    now, request_id = datetime.now(UTC), str(uuid.uuid4())
    headers = {
        "webhook-id": request_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(chat.secret).sign(request_id, now, body),
    }
    return deliver(shop, chat.channel_id, body, headers)


def messages(shop: Shop) -> list[dict[str, Any]]:
    """The messages of the only conversation."""
    [conversation] = shop.get("/conversations").get_json()
    found: list[dict[str, Any]] = shop.get(f"/conversations/{conversation['conversation_id']}/messages").get_json()
    return found


def delivery(shop: Shop) -> dict[str, Any]:
    """The delivery of the latest message; empty if it is the customer's."""
    return messages(shop)[-1]["delivery"] or {}


@pytest.mark.parametrize("value", ["Basic \xe9", "Basic =", "Basic A", "Bearer \xe9", "Basic /zo="])
def test_unreadable_credentials_are_refused(shop: Shop, value: str) -> None:
    settings = {"address": "shop@example.com", "smtp_host": "smtp.example.com"}
    channel = make_channel(shop, "email", settings, {})
    assert deliver(shop, channel["channel_id"], b"x", {"Authorization": value}).status_code == 401


def test_chunked_body_that_is_too_large_is_not_cut_off(shop: Shop) -> None:
    email = make_channel(shop, "email", {"address": "shop@example.com", "smtp_host": "smtp.example.com"}, {})
    mail = b"From: a@example.com\nMessage-ID: <1@example.com>\n\nHello\n" + b"x" * (MAX_BODY_KB * 1024)
    response = shop.client.post(
        f"/api/v1/channels/{email['channel_id']}/webhook",
        input_stream=io.BytesIO(mail),
        headers={"Authorization": f"Bearer {email['secrets']['webhook_password']}", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert response.status_code == 413
    assert shop.get("/conversations").get_json() == []


def test_deeply_nested_json_is_refused(shop: Shop) -> None:
    with Chat() as chat:
        chat.connect_to(shop)
        assert post_signed(shop, chat, DEEP).status_code == 400
        assert deliver(shop, telegram(shop), DEEP, SIGNED).status_code == 400
        email = make_channel(shop, "email", {"address": "shop@example.com", "smtp_host": "smtp.example.com"}, {})
        password = base64.b64encode(f"x:{email['secrets']['webhook_password']}".encode()).decode()
        headers = {"Authorization": f"Basic {password}", "Content-Type": "application/json"}
        assert deliver(shop, email["channel_id"], DEEP, headers).status_code == 400


def test_message_that_cannot_be_stored_is_left_out_and_the_others_are_stored(shop: Shop) -> None:
    deep = json.loads('{"a":' * 60 + "1" + "}" * 60)
    unstorable: list[dict[str, Any]] = [
        {"sender_id": "a\0b"},
        {"sender_id": "\ud800"},
        {"thread": "t\0"},
        {"details": deep},
        {"details": {"a": 10**400}},
    ]
    with Chat() as chat:
        chat.connect_to(shop)
        hostile = [{"message_id": f"m-{number}", "sender_id": "a", **each} for number, each in enumerate(unstorable)]
        good = {"message_id": "good", "sender_id": "good", "text": "\0😀 \u202eשלום", "language": "d\0e"}
        assert post_signed(shop, chat, json.dumps({"messages": [*hostile, good]})).status_code == 200
        assert messages(shop)[0]["message_content"] == "😀 \u202eשלום"
        assert "cannot be stored" in shop.get(f"/channels/{chat.channel_id}").get_json()["status"]["last_error"]


@pytest.mark.parametrize(
    "changes", [{"chat": {"id": LONG, "type": "private"}}, {"chat": {"id": "\0", "type": "private"}}]
)
def test_update_that_cannot_be_stored_does_not_block_the_next_one(shop: Shop, changes: dict[str, Any]) -> None:
    """Telegram repeats an update until it gets 200, and sends no other one meanwhile."""
    channel_id = telegram(shop)
    update = fake_telegram.telegram_message(1, 7, {"text": "Hello"})
    hostile = {**update, "message": {**update["message"], **changes}}
    assert deliver(shop, channel_id, json.dumps(hostile), SIGNED).status_code == 200
    assert shop.get("/conversations").get_json() == []
    assert deliver(shop, channel_id, json.dumps(update), SIGNED).status_code == 200
    assert len(shop.get("/conversations").get_json()) == 1


@pytest.mark.parametrize(
    "changes",
    [{"id": "x\0"}, {"id": LONG}, {"errors": [{"code": [1]}]}, {"errors": [{"code": {}, "message": "\0\ud800"}]}],
)
def test_unusual_receipt_changes_nothing(shop: Shop, changes: dict[str, Any]) -> None:
    channel = make_channel(shop, "whatsapp", SETTINGS["whatsapp"], fake_graph.SECRETS)
    status = {"id": "wamid.x", "status": "failed", **changes}
    value = {"metadata": {"phone_number_id": fake_graph.NUMBER_ID}, "statuses": [status]}
    signed = fake_graph.signed({"entry": [{"changes": [{"field": "messages", "value": value}]}]})
    assert deliver(shop, channel["channel_id"], signed.body, signed.headers).status_code == 200


@pytest.mark.parametrize("body", [b'{"id": "\\u0000"}', b'{"id": ""}', b'{"id": "%s"}' % LONG.encode(), b"[" * 100_000])
def test_reply_is_sent_whatever_id_the_receiver_returns(shop: Shop, body: bytes) -> None:
    with Chat(http(body)) as chat:
        chat.connect_to(shop)
        assert chat.say(shop, "m-1", "Hello").status_code == 200
        wait_for(lambda: delivery(shop).get("status") == "sent", "the reply")
        assert len(chat.requests) == 1


def test_receiver_cannot_have_a_message_repeated_without_a_pause(shop: Shop, sql: Connection) -> None:
    overloaded = http(b"", "429 Too Many Requests", "Retry-After: 0")
    with Chat(overloaded) as chat:
        chat.connect_to(shop)
        chat.say(shop, "m-1", "Hello")
        wait_for(lambda: delivery(shop).get("error"), "the failed attempt")
        pause = sql.execute(
            """
            SELECT j.run_at - s.attempted_at >= interval '1 second' AS is_long
            FROM channel_sends s
            JOIN jobs j ON j.unique_key = 'send_channel_messages ' || s.conversation_id::text
            WHERE s.business_id = %(business_id)s
            """,
            {"business_id": uuid.UUID(shop.business_id)},
        ).fetchone()
        assert pause is not None
        assert pause["is_long"]


def test_message_waits_at_most_an_hour_for_its_next_attempt(shop: Shop, providers: Providers) -> None:
    channel_id = telegram(shop)
    providers.telegram.failures.append(fake_telegram.too_many_requests(10**12))
    update = fake_telegram.telegram_message(1, 7, {"text": "Hello"})
    assert deliver(shop, channel_id, json.dumps(update), SIGNED).status_code == 200
    wait_for(lambda: delivery(shop).get("error_code") == "rate_limited", "the failed attempt")
    assert delivery(shop)["status"] == "pending"


def test_test_message_has_an_unknown_outcome_if_the_response_cannot_be_processed(
    shop: Shop, providers: Providers
) -> None:
    channel_id = telegram(shop)
    providers.telegram.failures.append(fake_telegram.too_many_requests(10**400))
    response = shop.post(f"/channels/{channel_id}/test", {"recipient_id": "7", "text": "Hello"})
    assert response.status_code == 200
    assert (response.get_json()["status"], response.get_json()["error_code"]) == ("unknown", "internal_error")


def test_signing_secret_that_cannot_be_decoded_is_refused(shop: Shop) -> None:
    body = {"kind": "generic", "name": "Chat", "settings": {"url": "https://example.com/"}}
    assert shop.post("/channels", {**body, "secrets": {"signing_secret": "A" * 33}}).status_code == 400
    for name, secret in enumerate(("A" * 32, "A" * 43 + "=", "whsec_" + "A" * 34 + "==")):
        channel = made(shop.post("/channels", {**body, "name": str(name), "secrets": {"signing_secret": secret}}))
        assert Webhook(secret).sign("id", datetime.now(UTC), "")
        assert channel["channel_id"]


class Interrupted:
    """A receiver's response, before which something else happens once."""

    def __init__(self) -> None:
        self.act: Callable[[], TestResponse] | None = None
        self.status: int | None = None

    def __call__(self, connection: socket.socket) -> None:
        if self.act is not None and self.status is None:
            self.status = self.act().status_code
        connection.sendall(http(b'{"id": "p-1"}'))


def jobs_of(sql: Connection, shop: Shop) -> int:
    row = sql.execute(
        "SELECT count(*) AS count FROM jobs WHERE business_id = %(business_id)s AND kind = 'send_channel_messages'",
        {"business_id": uuid.UUID(shop.business_id)},
    ).fetchone()
    assert row is not None
    return int(row["count"])


@pytest.mark.parametrize("erased", ["channel", "customer"])
def test_channel_or_customer_can_be_deleted_while_a_reply_is_sent(shop: Shop, sql: Connection, erased: str) -> None:
    answer = Interrupted()
    with Chat(answer) as chat:
        chat.connect_to(shop)

        def delete() -> TestResponse:
            if erased == "channel":
                return shop.delete(f"/channels/{chat.channel_id}")
            [user] = shop.get("/users", q=f"{chat.channel_id}:a").get_json()
            return shop.delete(f"/users/{user['user_id']}")

        answer.act = delete
        assert chat.say(shop, "m-1", "Hello").status_code == 200
        wait_for(lambda: answer.status, "the deletion")
        assert answer.status == 204
        wait_for(lambda: jobs_of(sql, shop) == 0, "the end of the job")
        assert len(chat.requests) == 1
        assert chat.say(shop, "m-2", "Hello").status_code == (401 if erased == "channel" else 200)


def test_reply_is_sent_again_once_if_two_people_ask_for_it_at_once(shop: Shop) -> None:
    with Chat(http(b"", "400 Bad Request"), http(b'{"id": "p-1"}')) as chat:
        chat.connect_to(shop)
        chat.say(shop, "m-1", "Hello")
        wait_for(lambda: delivery(shop).get("status") == "failed", "the failure")
        path = f"/messages/{messages(shop)[-1]['message_id']}/resend"
        with ThreadPoolExecutor(4) as pool:
            statuses = list(pool.map(lambda _: shop.post(path).status_code, range(4)))
        assert sorted(statuses) == [200, 409, 409, 409]
        wait_for(lambda: delivery(shop).get("status") == "sent", "the reply")
        assert len(chat.requests) == 2


def test_message_of_another_business_cannot_be_sent_again(shop: Shop, master: dict[str, str]) -> None:
    with Chat(http(b"", "400 Bad Request")) as chat:
        chat.connect_to(shop)
        chat.say(shop, "m-1", "Hello")
        wait_for(lambda: delivery(shop).get("status") == "failed", "the failure")
        other = make_shop(shop.client, master, f"Other Books {uuid.uuid4().hex[:8]}")
        assert other.post(f"/messages/{messages(shop)[-1]['message_id']}/resend").status_code == 404
        assert other.get(f"/channels/{chat.channel_id}").status_code == 404
        assert other.put(f"/channels/{chat.channel_id}", {"enabled": False}).status_code == 404
        assert other.delete(f"/channels/{chat.channel_id}").status_code == 404
        test = {"recipient_id": "a", "text": "Hello"}
        assert other.post(f"/channels/{chat.channel_id}/test", test).status_code == 404
        assert len(chat.requests) == 1
