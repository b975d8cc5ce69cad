"""Telegram: what updates contain, and what is sent to the Bot API."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from channels.base import Attachment, Config, Edited, Outgoing, Parsed, Request
from channels.failures import Forged, OutcomeUnknown, SendFailed
from channels.http import Http
from channels.telegram import KIND
from core.outgoing.client import OutgoingClient
from tests.support.fake_provider import Answer
from tests.support.fake_telegram import (
    BLOCKED,
    BOT_TOKEN,
    SECRETS,
    FakeTelegram,
    signed,
    telegram_error,
    telegram_message,
    too_many_requests,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
def http(telegram: FakeTelegram) -> Http:
    return Http(OutgoingClient((telegram.host,)), "business")


def config_of(telegram: FakeTelegram | None = None) -> Config:
    url = telegram.url if telegram else ""
    return Config(uuid4(), {}, SECRETS, "https://icmp.example/webhook", "", url)


def parsed(update: dict[str, Any]) -> Parsed:
    delivery = signed(update)
    request = Request("POST", {}, delivery.headers, delivery.body, NOW)
    KIND.verify(request, config_of())
    return KIND.parse(request, config_of())


def outgoing(text: str = "Hallo", **values: Any) -> Outgoing:
    return Outgoing(send_id=uuid4(), recipient_id="42", text=text, **values)


def test_requests_without_the_secret_token_are_refused() -> None:
    delivery = signed(telegram_message(1, 42, {"text": "Hallo"}))
    without_secret = Config(uuid4(), {}, {"webhook_secret": ""}, "", "", "")
    for method, headers, config in (
        ("POST", signed({}, "guess").headers, config_of()),
        ("POST", {}, config_of()),
        ("GET", delivery.headers, config_of()),
        ("POST", signed({}, "").headers, without_secret),
    ):
        with pytest.raises(Forged):
            KIND.verify(Request(method, {}, headers, delivery.body, NOW), config)


PHOTO = [
    {"file_id": "s", "file_size": 900},
    {"file_id": "l", "file_size": 90_000},
    {"file_id": "xl", "file_size": 9_000_000},
]
CONTENTS: list[tuple[dict[str, Any], str, tuple[Attachment, ...]]] = [
    ({"text": "Wo ist mein Paket?"}, "Wo ist mein Paket?", ()),
    ({"photo": PHOTO, "caption": "Das hier"}, "Das hier", (Attachment("image", "image/jpeg", "l"),)),
    ({"voice": {"file_id": "v", "mime_type": "audio/ogg"}}, "", (Attachment("voice", "audio/ogg", "v"),)),
    (
        {"document": {"file_id": "d", "mime_type": "application/pdf", "file_name": "bill.pdf"}},
        "",
        (Attachment("file", "application/pdf", "d", name="bill.pdf"),),
    ),
    (
        {"document": {"file_id": "d", "mime_type": "image/png", "file_name": "a.png"}},
        "",
        (Attachment("image", "image/png", "d", name="a.png"),),
    ),
    ({"sticker": {"file_id": "t"}}, "", (Attachment("sticker", reference="t"),)),
    ({"location": {"latitude": 1.5, "longitude": 2.5}}, "", (Attachment("location"),)),
    ({"contact": {"phone_number": "+49170"}}, "", (Attachment("contact"),)),
    ({"dice": {"value": 6}}, "", (Attachment("unknown"),)),
]


@pytest.mark.parametrize(("content", "text", "attachments"), CONTENTS)
def test_each_type_of_message_is_read(content: dict[str, Any], text: str, attachments: tuple[Attachment, ...]) -> None:
    (message,) = parsed(telegram_message(7, 42, content)).messages
    assert (message.text, message.attachments) == (text, attachments)
    assert (message.message_id, message.sender_id) == ("42:7", "42")
    assert (message.sender_name, message.language) == ("Ada King", "de")


def test_edited_messages_change_the_message_with_the_same_id() -> None:
    assert parsed(telegram_message(7, 42, {"text": "Paket A-2"}, "edited_message")).edits == (
        Edited("42:7", "Paket A-2"),
    )


@pytest.mark.parametrize(
    "update",
    [
        telegram_message(7, 42, {"text": "Hi", "chat": {"id": -100, "type": "supergroup"}}),
        telegram_message(7, 42, {"text": "Hi", "from": {"id": 42, "is_bot": True}}),
        telegram_message(7, 42, {"text": "Hi"}, "channel_post"),
        {"update_id": 7, "message": {"chat": "private"}},
        {},
    ],
)
def test_updates_that_are_not_of_a_person_in_a_private_chat_contain_nothing(update: dict[str, Any]) -> None:
    assert parsed(update) == Parsed()


def test_buttons_are_a_keyboard_that_the_next_message_removes(telegram: FakeTelegram, http: Http) -> None:
    sent = KIND.send(outgoing(buttons=("Ja", "Nein", "Ja")), config_of(telegram), http)
    KIND.send(outgoing(), config_of(telegram), http)
    first, second = telegram.messages
    assert sent.provider_id == first.provider_id
    assert first.body["reply_markup"]["keyboard"] == [[{"text": "Ja"}], [{"text": "Nein"}]]
    assert second.body["reply_markup"] == {"remove_keyboard": True}


@pytest.mark.parametrize(
    ("answer", "code", "is_permanent", "delay"),
    [
        (too_many_requests(34), "rate_limited", False, 34.0),
        (telegram_error(502, "Bad Gateway"), "status_502", False, None),
        (Answer(500, b"<html></html>"), "status_500", False, None),
        (BLOCKED, "status_403", True, None),
        (telegram_error(400, "Bad Request: chat not found"), "status_400", True, None),
        (telegram_error(401, "Unauthorized"), "unauthorized", False, None),
    ],
)
def test_errors_say_whether_to_try_again(
    answer: Answer, code: str, is_permanent: bool, delay: float | None, telegram: FakeTelegram, http: Http
) -> None:
    telegram.failures.append(answer)
    with pytest.raises(SendFailed) as failed:
        KIND.send(outgoing(), config_of(telegram), http)
    error = failed.value
    assert (error.code, error.permanent, error.retry_after) == (code, is_permanent, delay)
    assert BOT_TOKEN not in error.message


def test_lost_response_leaves_the_outcome_unknown(telegram: FakeTelegram, http: Http) -> None:
    telegram.lost_answers = 1
    with pytest.raises(OutcomeUnknown) as unknown:
        KIND.send(outgoing(), config_of(telegram), http)
    assert BOT_TOKEN not in unknown.value.message


def test_images_are_downloaded_and_typing_is_shown(telegram: FakeTelegram, http: Http) -> None:
    telegram.files["l"] = b"\xff\xd8" + b"x" * 1_000_000
    content = KIND.download(Attachment("image", "image/jpeg", "l"), config_of(telegram), http)
    assert content == telegram.files["l"]
    (message,) = parsed(telegram_message(7, 42, {"text": "Hallo"})).messages
    KIND.acknowledge(message, config_of(telegram), http)
    assert telegram.actions == [{"chat_id": "42", "action": "typing"}]
