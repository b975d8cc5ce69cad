"""Channels, with a generic one: messages are accepted once, and replies are sent once and in order."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from background import runner
from tests.support.channels import ACCEPTED, DOWN, Chat, advance_clock
from tests.support.database import Connection, connect
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Status
from tests.support.os_users import wait_for
from tests.support.web_server import WebServer, http

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(autouse=True)
def quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "POLL_INTERVAL", 0.05)


@pytest.fixture
def sql(hooks_database: str) -> Iterator[Connection]:
    with connect(hooks_database) as conn:
        yield conn


@pytest.fixture
def shop(hooks_app: Flask, fake_model: FakeModel, master: dict[str, str]) -> Shop:
    return make_shop(hooks_app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")


@pytest.fixture
def chat(shop: Shop) -> Iterator[Chat]:
    with Chat() as started:
        started.connect_to(shop)
        yield started


def messages(shop: Shop) -> list[dict[str, Any]]:
    """The messages of all conversations in order."""
    conversations = shop.get("/conversations").get_json()
    pages = [shop.get(f"/conversations/{each['conversation_id']}/messages").get_json() for each in conversations]
    return [message for page in pages for message in page]


def replies(shop: Shop) -> list[dict[str, Any]]:
    return [message for message in messages(shop) if message["sender_type"] != "user"]


def status_of(shop: Shop, chat: Chat) -> dict[str, Any]:
    status: dict[str, Any] = shop.get(f"/channels/{chat.channel_id}").get_json()["status"]
    return status


def test_reply_reaches_the_customer_and_receipts_update_it(shop: Shop, chat: Chat) -> None:
    assert status_of(shop, chat)["state"] == "unused"
    assert chat.say(shop, "m-1", "Hello", sender_name="Carla Diaz").get_json() == {"status": "ok"}
    wait_for(lambda: len(chat.requests) == 1, "the reply")
    [sent] = chat.received()
    [message] = replies(shop)
    assert (sent["text"], sent["recipient_id"]) == (message["message_content"], "a")
    [conversation] = shop.get("/conversations").get_json()
    assert (conversation["channel"], conversation["customer_name"]) == ("generic", "Carla Diaz")
    wait_for(lambda: replies(shop)[0]["delivery"]["status"] == "sent", "the record")

    receipt = {"send_id": sent["send_id"], "status": "read"}
    assert chat.deliver(shop, {"receipts": [receipt, {**receipt, "status": "delivered"}]}).status_code == 200
    assert replies(shop)[0]["delivery"]["status"] == "read"
    assert status_of(shop, chat)["state"] == "ok"


def test_repeated_delivery_stores_nothing_new(shop: Shop, chat: Chat) -> None:
    for text in ("Hello", "Hello", "Changed"):
        assert chat.say(shop, "m-1", text).status_code == 200
    assert chat.say(shop, "m-2", "And again").status_code == 200
    wait_for(lambda: len(chat.requests) == 2, "the replies")
    assert [m["message_content"] for m in messages(shop) if m["sender_type"] == "user"] == ["Hello", "And again"]


def test_forged_request_is_refused_and_the_owner_sees_why(shop: Shop, chat: Chat, other_shop_chat: Chat) -> None:
    body = {"messages": [{"message_id": "m-1", "sender_id": "a", "text": "Hello"}]}
    raw, headers = chat.signed(body)
    changed = raw.replace(b"Hello", b"Hella")
    old, old_headers = chat.signed(body, datetime.now(UTC) - timedelta(minutes=6))
    answers = [
        shop.client.post(chat.path, data=changed, headers=headers),
        shop.client.post(chat.path, data=raw),
        shop.client.post(chat.path, data=old, headers=old_headers),
        shop.client.post(other_shop_chat.path, data=raw, headers=headers),
        shop.client.post(f"/api/v1/channels/{uuid.uuid4()}/webhook", data=raw, headers=headers),
    ]
    assert {answer.status_code for answer in answers} == {401}
    bodies = [{**answer.get_json(), "request_id": None} for answer in answers]
    assert all(each == bodies[0] for each in bodies)
    assert messages(shop) == []
    assert "too old" in status_of(shop, chat)["last_error"]
    assert shop.put(f"/channels/{chat.channel_id}", {"enabled": False}).status_code == 200
    assert shop.client.post(chat.path, data=raw, headers=headers).status_code == 401


def test_outage_delays_replies_and_keeps_their_order(shop: Shop, chat: Chat, sql: Connection) -> None:
    chat.answers[:] = [DOWN]
    for number in range(3):
        chat.say(shop, f"m-{number}", f"Question {number}")
    wait_for(lambda: len(replies(shop)) == 3, "the replies")
    wait_for(lambda: status_of(shop, chat)["state"] == "error", "the error")
    assert status_of(shop, chat)["pending"] == 3
    waiting = replies(shop)[0]["delivery"]
    assert (waiting["status"], waiting["error_code"]) == ("pending", "status_503")
    chat.requests.clear()
    chat.answers[:] = [ACCEPTED]
    advance_clock(sql, shop, 60)
    wait_for(lambda: len(chat.requests) == 3, "the replies")
    assert chat.texts() == [reply["message_content"] for reply in replies(shop)]
    wait_for(lambda: status_of(shop, chat)["pending"] == 0, "the end")
    assert status_of(shop, chat)["state"] == "ok"


def test_refused_message_fails_at_once_and_can_be_sent_again(shop: Shop, chat: Chat) -> None:
    chat.answers[:] = [http(b"", "403 Forbidden"), ACCEPTED]
    chat.say(shop, "m-1", "Hello")
    wait_for(lambda: replies(shop) and replies(shop)[0]["delivery"]["status"] == "failed", "the failure")
    [message] = replies(shop)
    path = f"/messages/{message['message_id']}/resend"
    assert shop.post(path).get_json()["status"] == "pending"
    wait_for(lambda: replies(shop)[0]["delivery"]["status"] == "sent", "the second attempt")
    assert shop.get("/audit-log", resource="message").get_json()[0]["action"] == "resend"
    assert [each["send_id"] for each in chat.received()] == [chat.received()[0]["send_id"]] * 2
    assert shop.post(path).status_code == 409
    assert shop.post(f"/messages/{uuid.uuid4()}/resend").status_code == 404


def test_reply_without_an_answer_is_not_sent_again_until_a_receipt(shop: Shop, chat: Chat) -> None:
    chat.answers[:] = [lambda connection: connection.close(), ACCEPTED]
    chat.say(shop, "m-1", "Hello")
    wait_for(lambda: replies(shop) and replies(shop)[0]["delivery"]["status"] == "unknown", "the outcome")
    chat.say(shop, "m-2", "Are you there?")
    wait_for(lambda: len(chat.requests) == 2, "the second reply")
    first, second = chat.received()
    assert first["send_id"] != second["send_id"]
    chat.deliver(shop, {"receipts": [{"send_id": first["send_id"], "status": "delivered"}]})
    assert replies(shop)[0]["delivery"]["status"] == "delivered"


def test_long_reply_is_split_at_sentences_and_staff_are_named(shop: Shop, chat: Chat) -> None:
    chat.say(shop, "m-1", "Hello")
    wait_for(lambda: len(chat.requests) == 1, "the reply")
    [conversation] = shop.get("/conversations").get_json()
    sentences = [f"{'This is a long message. ' * 50}{number}!" for number in range(6)]
    sent = made(
        shop.post(f"/conversations/{conversation['conversation_id']}/messages", {"message": " ".join(sentences)})
    )
    assert sent["delivery"]["status"] == "pending"
    wait_for(lambda: replies(shop)[-1]["delivery"]["status"] == "sent", "all parts")
    parts = chat.texts()[1:]
    assert len(parts) == 2 and " ".join(parts) == " ".join(sentences)
    assert all(len(part) <= 4000 and part[-1] in ".!" for part in parts)
    assert replies(shop)[-1]["delivery"]["parts_sent"] == len(parts)


def test_channel_is_created_with_the_settings_and_secrets_of_its_kind(shop: Shop) -> None:
    kinds = {kind["name"]: kind for kind in shop.get("/channels/kinds").get_json()}
    assert kinds["generic"]["secrets"][0]["generated"]
    settings = {"url": "https://chat.example.com/"}
    assert shop.post("/channels", {"kind": "pigeon", "name": "P"}).status_code == 400
    assert shop.post("/channels", {"kind": "generic", "name": "P", "settings": {}}).status_code == 400
    wrong = {"kind": "generic", "name": "P", "settings": settings, "secrets": {"other": "x"}}
    assert shop.post("/channels", wrong).status_code == 400
    created = made(shop.post("/channels", {"kind": "generic", "name": "P", "settings": settings}))
    channel = shop.get(f"/channels/{created['channel_id']}").get_json()
    assert (channel["settings"], channel["secrets_set"]) == (settings, ["signing_secret"])
    assert created["secrets"]["signing_secret"] not in json.dumps(channel)
    assert shop.post("/channels", {"kind": "generic", "name": "P", "settings": settings}).status_code == 409
    assert shop.delete(f"/channels/{created['channel_id']}").status_code == 204
    assert shop.get("/channels").get_json() == []


def test_voice_message_is_stored_with_its_type_and_the_assistant_asks_for_text(
    shop: Shop, chat: Chat, fake_model: FakeModel
) -> None:
    chat.say(shop, "m-1", "Guten Tag, wo ist meine Bestellung?")
    wait_for(lambda: len(chat.requests) == 1, "the reply")
    calls = len(fake_model.requests)
    chat.say(shop, "m-2", "", attachments=[{"kind": "voice", "media_type": "audio/ogg"}])
    wait_for(lambda: len(chat.requests) == 2, "the reply")
    assert chat.texts()[1] == "Ich kann keine Sprachnachrichten anhören. Bitte schreiben Sie mir."
    assert len(fake_model.requests) == calls
    voice = messages(shop)[2]
    [attachment] = voice["metadata"]["attachments"]
    assert (voice["message_content"], attachment["kind"], attachment["media_type"]) == ("[voice]", "voice", "audio/ogg")


def test_image_is_fetched_once_for_a_model_that_accepts_images(shop: Shop, chat: Chat, fake_model: FakeModel) -> None:
    with WebServer(http(PNG)) as photos:
        image = {"kind": "image", "url": f"http://127.0.0.1:{photos.port}/photo"}
        chat.say(shop, "m-1", "", attachments=[image])
        wait_for(lambda: len(chat.requests) == 1, "the reply")
        assert (chat.texts(), fake_model.requests) == (["I cannot see images. Please write to me."], [])
        assert shop.put(f"/businesses/{shop.business_id}", {"settings": {"images": True}}).status_code == 200
        chat.say(shop, "m-2", "Which lamp is this?", attachments=[image])
        wait_for(lambda: len(chat.requests) == 2, "the reply")
        assert len(photos.requests) == 1
    for request in fake_model.requests:
        text, picture = request["messages"][-1]["content"]
        assert "Which lamp is this?" in text["text"]
        assert picture["image_url"]["url"].startswith("data:image/png;base64,")
    assert "base64" not in shop.get("/llm-calls").text
    [attachment] = messages(shop)[2]["metadata"]["attachments"]
    shown = shop.get(f"/attachments/{attachment['attachment_id']}")
    assert (shown.data, shown.mimetype) == (PNG, "image/png")


def test_failed_turn_runs_again_and_then_needs_a_person(
    shop: Shop, chat: Chat, fake_model: FakeModel, sql: Connection
) -> None:
    fake_model.respond = lambda _: Status(400)
    chat.say(shop, "m-1", "Hello")
    job = "SELECT FROM jobs WHERE business_id = %(id)s AND unique_key LIKE 'retry_channel_turn %% ' || %(attempts)s"
    for attempts in ("1", "2", "3"):
        values = {"id": uuid.UUID(shop.business_id), "attempts": attempts}
        wait_for(lambda values=values: sql.execute(job, values).fetchall(), "the next attempt")
        advance_clock(sql, shop, 600)
    found = wait_for(lambda: shop.get("/conversations", needs_person="true").get_json(), "the reason")
    assert found[0]["needs_person_reason"] == "turn_failed"
    assert chat.requests == []


def test_customer_is_known_after_a_merge_and_nothing_stays_after_their_deletion(
    shop: Shop, chat: Chat, sql: Connection
) -> None:
    chat.say(shop, "m-1", "Hello", attachments=[{"kind": "location"}])
    wait_for(lambda: len(chat.requests) == 1, "the reply")
    [conversation] = shop.get("/conversations").get_json()
    merged = {"other_user_id": conversation["user_id"]}
    assert shop.post(f"/users/{shop.user_id}/merge", merged).status_code == 200
    chat.say(shop, "m-2", "It is me again")
    wait_for(lambda: len(chat.requests) == 2, "the reply")
    assert {row["user_id"] for row in shop.get("/conversations").get_json()} == {shop.user_id}
    assert shop.delete(f"/users/{shop.user_id}").status_code == 204
    for table in ("channel_conversations", "channel_sends", "attachments"):
        left = sql.execute(f"SELECT FROM {table} WHERE business_id = %(id)s", {"id": uuid.UUID(shop.business_id)})
        assert left.fetchall() == [], table
    assert chat.say(shop, "m-1", "Hello").status_code == 200  # a delivery of the past


@pytest.fixture
def other_shop_chat(hooks_app: Flask, master: dict[str, str]) -> Iterator[Chat]:
    other = make_shop(hooks_app.test_client(), master, f"Other Books {uuid.uuid4().hex[:8]}", with_stages=False)
    with Chat() as started:
        started.connect_to(other)
        yield started
