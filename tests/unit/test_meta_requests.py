"""Requests of WhatsApp, Messenger and Instagram: signatures, and what they contain."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from channels.base import Attachment, Config, Edited, Inbound, Parsed, Receipt, Request
from channels.failures import Forged
from tests.support import fake_graph
from tests.support.fake_graph import VERIFY_TOKEN, page_event, whatsapp_message, whatsapp_text
from tests.support.meta_channels import META_KINDS as KINDS
from tests.support.meta_channels import NOW, config_of, posted


def parsed(kind: str, payload: dict[str, Any]) -> Parsed:
    request, config = posted(payload), config_of(kind)
    KINDS[kind].verify(request, config)
    return KINDS[kind].parse(request, config)


@pytest.mark.parametrize("kind", KINDS)
def test_requests_that_meta_has_not_signed_are_refused(kind: str) -> None:
    request, config = posted(whatsapp_text("wamid.1", "1", "Hello")), config_of(kind)
    KINDS[kind].verify(request, config)
    for forged in (
        Request("POST", {}, request.headers, request.body + b" ", NOW),
        Request("POST", {}, {}, request.body, NOW),
        Request("POST", {}, {"X-Hub-Signature-256": "sha256="}, request.body, NOW),
        posted(whatsapp_text("wamid.1", "1", "Hello"), "secret of another app"),
    ):
        with pytest.raises(Forged):
            KINDS[kind].verify(forged, config)
    without_secret = Config(config.channel_id, config.settings, {"app_secret": ""}, "", "", "")
    with pytest.raises(Forged):
        KINDS[kind].verify(posted({}, ""), without_secret)


@pytest.mark.parametrize("kind", KINDS)
def test_handshake_needs_the_verify_token_and_returns_the_challenge(kind: str) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    request = Request("GET", query, {}, b"", NOW)
    KINDS[kind].verify(request, config_of(kind))
    response = KINDS[kind].parse(request, config_of(kind)).response
    assert response is not None and response.body == "1158201444"
    for change in ({"hub.verify_token": "guess"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}):
        with pytest.raises(Forged):
            KINDS[kind].verify(Request("GET", {**query, **change}, {}, b"", NOW), config_of(kind))


WHATSAPP_CONTENTS: list[tuple[dict[str, Any], str, tuple[Attachment, ...]]] = [
    ({"type": "text", "text": {"body": "¿Qué tal? 👋"}}, "¿Qué tal? 👋", ()),
    ({"type": "button", "button": {"text": "Yes", "payload": "yes"}}, "Yes", ()),
    (
        {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "y", "title": "Yes"}}},
        "Yes",
        (),
    ),
    (
        {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "1", "title": "Blue"}}},
        "Blue",
        (),
    ),
    (
        {"type": "image", "image": {"id": "m1", "mime_type": "image/jpeg", "caption": "This one"}},
        "This one",
        (Attachment("image", "image/jpeg", "m1"),),
    ),
    (
        {"type": "audio", "audio": {"id": "m2", "mime_type": "audio/ogg; codecs=opus", "voice": True}},
        "",
        (Attachment("voice", "audio/ogg; codecs=opus", "m2"),),
    ),
    (
        {"type": "document", "document": {"id": "m3", "mime_type": "application/pdf", "filename": "bill.pdf"}},
        "",
        (Attachment("file", "application/pdf", "m3", name="bill.pdf"),),
    ),
    ({"type": "location", "location": {"latitude": 1.5, "longitude": 2.5}}, "", (Attachment("location"),)),
    ({"type": "contacts", "contacts": [{"name": {}}]}, "", (Attachment("contact"),)),
    ({"type": "unsupported", "errors": [{"code": 131051}]}, "", (Attachment("unknown"),)),
]


@pytest.mark.parametrize(("content", "text", "attachments"), WHATSAPP_CONTENTS)
def test_each_type_of_whatsapp_message_is_read(
    content: dict[str, Any], text: str, attachments: tuple[Attachment, ...]
) -> None:
    (message,) = parsed("whatsapp", whatsapp_message("wamid.1", "16505551234", content)).messages
    assert (message.text, message.attachments) == (text, attachments)
    assert (message.message_id, message.sender_id, message.sender_name) == ("wamid.1", "16505551234", "Sheena")
    assert (message.phone, message.details) == ("+16505551234", {"phone": "16505551234"})


def test_whatsapp_batch_contains_messages_receipts_and_edits_of_this_number_only() -> None:
    status = {"id": "wamid.9", "timestamp": "1750000000", "recipient_id": "1"}
    send_id = "0198c3a4-0000-7000-8000-000000000001"
    error = {"code": 131047, "title": "Re-engagement message", "error_data": {"details": "More than 24 hours."}}
    payload = fake_graph.whatsapp(
        {
            "contacts": [{"profile": {"name": "Sheena"}, "user_id": "US.1"}],
            "messages": [
                {
                    "from_user_id": "US.1",
                    "id": "wamid.1",
                    "timestamp": "1750000000",
                    "type": "text",
                    "text": {"body": "a"},
                },
                {"from": "1", "id": "wamid.2", "type": "reaction", "reaction": {"emoji": "👍"}},
                {"from": "1", "id": "wamid.3", "type": "system", "system": {"type": "user_changed_number"}},
                {
                    "from": "1",
                    "id": "wamid.4",
                    "type": "edit",
                    "edit": {"original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "b"}}},
                },
                "not an object",
            ],
            "statuses": [
                {**status, "status": "delivered", "biz_opaque_callback_data": send_id},
                {**status, "status": "failed", "errors": [error]},
                {**status, "status": "deleted"},
            ],
        }
    )
    payload["entry"] += fake_graph.whatsapp({"messages": [{"from": "1", "id": "wamid.5"}]}, "999999")["entry"]
    payload["entry"] += whatsapp_text("wamid.6", "16505551234", "c")["entry"]
    at = datetime.fromtimestamp(1_750_000_000, UTC)
    found = parsed("whatsapp", payload)
    assert found.edits == (Edited("wamid.1", "b"),)
    assert found.messages[0] == Inbound("wamid.1", "US.1", "a", sender_name="Sheena", sent_at=at)
    assert [message.message_id for message in found.messages] == ["wamid.1", "wamid.6"]
    text = "(#131047) Re-engagement message More than 24 hours."
    assert found.receipts == (
        Receipt("delivered", at, "wamid.9", UUID(send_id)),
        Receipt("failed", at, "wamid.9", code="window_closed", error=text),
    )


@pytest.mark.parametrize("kind", ["messenger", "instagram"])
def test_page_events_are_read_and_echoes_are_not_messages(kind: str) -> None:
    is_instagram = kind == "instagram"
    send_id = "0198c3a4-0000-7000-8000-000000000001"
    image = {"type": "image", "payload": {"url": "https://cdn.example/1.jpg"}}
    link = {"type": "fallback", "payload": {"url": "https://shop.example"}}
    events: list[dict[str, Any]] = [
        {"message": {"mid": "m_1", "text": "Hello", "attachments": [link]}},
        {"message": {"mid": "m_2", "text": "Blue", "quick_reply": {"payload": "blue"}}},
        {"message": {"mid": "m_3", "attachments": [image, {"type": "audio", "payload": {"url": "https://a.example"}}]}},
        {"message": {"mid": "m_4", "is_unsupported": True}},
        {"message": {"mid": "m_1", "is_deleted": True}},
        {"postback": {"mid": "m_5", "title": "Track my order", "payload": "TRACK"}},
        {"message_edit": {"mid": "m_1", "text": "Hello!", "num_edit": 1}},
        {"reaction": {"mid": "m_9", "action": "react", "emoji": "❤"}},
        {"delivery": {"mids": ["m_7"], "watermark": 1_750_000_000_000}},
        {"read": {"mid": "m_8"} if is_instagram else {"watermark": 1_750_000_000_000}},
    ]
    payload = page_event("501", events[0], is_instagram)
    for event in events[1:]:
        payload["entry"][0]["messaging"] += page_event("501", event, is_instagram)["entry"][0]["messaging"]
    ours = {"message": {"mid": "m_10", "text": "Hi", "is_echo": True, "metadata": send_id}}
    theirs = {"message": {"mid": "m_11", "text": "Hi", "is_echo": True, "app_id": 1}}
    for event in (ours, theirs):
        payload["entry"] += page_event("501", event, is_instagram, is_echo=True)["entry"]
    payload["entry"] += [{"id": "1", "messaging": [{"sender": {"id": "501"}, "message": {"mid": "m_12", "text": "x"}}]}]
    found = parsed(kind, payload)
    assert [(message.message_id, message.text) for message in found.messages] == [
        ("m_1", "Hello"),
        ("m_2", "Blue"),
        ("m_3", ""),
        ("m_4", ""),
        ("m_5", "Track my order"),
    ]
    assert {message.sender_id for message in found.messages} == {"501"}
    assert found.messages[0].attachments == ()
    assert found.messages[2].attachments == (
        Attachment("image", reference="https://cdn.example/1.jpg"),
        Attachment("voice", reference="https://a.example"),
    )
    assert found.messages[3].attachments == (Attachment("unknown"),)
    assert found.edits == (Edited("m_1", "Hello!"),)
    delivered, read, echo = found.receipts
    assert (delivered.status, delivered.provider_id) == ("delivered", "m_7")
    if is_instagram:
        assert (read.status, read.provider_id) == ("read", "m_8")
    else:
        assert read == Receipt("read", datetime.fromtimestamp(1_750_000_000, UTC), recipient_id="501")
    assert (echo.status, echo.provider_id, echo.send_id) == ("sent", "m_10", UUID(send_id))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"[" * 100_000, b'{"entry": [{"changes": 1, "messaging": [{"sender": []}]}]}']
)
def test_bodies_of_another_form_contain_nothing(kind: str, body: bytes) -> None:
    try:
        found = KINDS[kind].parse(Request("POST", {}, {}, body, NOW), config_of(kind))
    except ValueError:
        assert not body.startswith(b"{")
    else:
        assert found == Parsed()


@pytest.mark.parametrize("kind", KINDS)
def test_settings_have_texts_for_the_form(kind: str) -> None:
    schema = KINDS[kind].settings_schema
    assert schema["additionalProperties"] is False
    assert all(each["title"] and each["description"] for each in schema["properties"].values())
    assert json.loads(json.dumps(schema)) == schema
