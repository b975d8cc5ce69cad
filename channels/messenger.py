"""Messenger, through the Messenger Platform of Meta. Instagram (`instagram.py`) works almost the same."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from channels import graph
from channels.base import (
    Attachment,
    AttachmentKind,
    Capabilities,
    Config,
    Edited,
    Inbound,
    Kind,
    Outgoing,
    Parsed,
    Receipt,
    ReceiptStatus,
    Request,
    Sent,
)
from channels.http import Http
from channels.payloads import JsonObject, child, children, read_object, text_in, time_in

MAX_QUICK_REPLIES, _MAX_QUICK_REPLY_TITLE = 13, 20
_MILLISECONDS = 1000
WINDOW, HUMAN_WINDOW = timedelta(hours=24), timedelta(days=7)
_KINDS: dict[str, AttachmentKind] = {
    "image": "image",
    "audio": "voice",
    "video": "video",
    "file": "file",
    "location": "location",
    "sticker": "sticker",
}
PAGE_ID = {
    "type": "string",
    "title": "Page ID",
    "description": "The ID of your Facebook page, in its settings, under Page transparency.",
    "pattern": "^[0-9]{5,30}$",
}
HUMAN_AGENT = {
    "type": "boolean",
    "title": "People may answer for seven days",
    "description": "Turn it on if Meta has approved the feature Human Agent for your app. Otherwise people, like the"
    " assistant, can answer for 24 hours after the customer's last message.",
    "default": False,
}


class Messenger(Kind):
    """A Facebook page."""

    name = "messenger"
    title = "Messenger"
    settings_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"page_id": PAGE_ID, "human_agent": HUMAN_AGENT},
        "required": ["page_id"],
        "additionalProperties": False,
    }
    secrets = graph.SECRETS
    capabilities = Capabilities(
        buttons=MAX_QUICK_REPLIES, images=True, typing=True, receipts=True, window=WINDOW, max_text=2000
    )
    account_setting: ClassVar[str] = "page_id"  # the setting with the ID of the account that receives messages

    def window(self, settings: Mapping[str, Any], is_person: bool) -> timedelta | None:
        return HUMAN_WINDOW if is_person and settings.get("human_agent") else WINDOW

    def verify(self, request: Request, config: Config) -> None:
        graph.verify(request, config)

    def parse(self, request: Request, config: Config) -> Parsed:
        if request.method == "GET":
            return graph.handshake(request)
        account_id = config.settings[self.account_setting]
        messages: list[Inbound] = []
        edits: list[Edited] = []
        receipts: list[Receipt] = []
        for entry in children(read_object(request.body), "entry"):
            if text_in(entry, "id") != account_id:
                continue  # of another page of the same app
            for event in children(entry, "messaging"):
                at = time_in(event, "timestamp", _MILLISECONDS) or request.received_at
                if child(event, "message").get("is_echo") or text_in(child(event, "sender"), "id") == account_id:
                    receipts += _echo(event, at)
                elif edit := child(event, "message_edit"):
                    edits += _edited(edit)
                elif sender_id := text_in(child(event, "sender"), "id"):
                    messages += _inbound(event, sender_id, at)
                    receipts += _receipts(event, sender_id, at)
        return Parsed(tuple(messages), tuple(receipts), tuple(edits))

    def send(self, message: Outgoing, config: Config, http: Http) -> Sent:
        body = {
            "recipient": {"id": message.recipient_id},
            **_type(message, config),
            "message": {**_content(message), "metadata": str(message.send_id)},
        }
        response = graph.post(f"{config.settings['page_id']}/messages", body, config, http)
        return Sent(text_in(response, "message_id") or None)

    def download(self, attachment: Attachment, config: Config, http: Http) -> bytes:
        return http.download(attachment.reference or "")

    def acknowledge(self, message: Inbound, config: Config, http: Http) -> None:
        for action in ("mark_seen", "typing_on"):
            body = {"recipient": {"id": message.sender_id}, "sender_action": action}
            graph.post(f"{config.settings['page_id']}/messages", body, config, http)


def _inbound(event: JsonObject, sender_id: str, at: datetime) -> list[Inbound]:
    """The message or the pressed button in an event, or nothing if it is about something else."""
    message, postback = child(event, "message"), child(event, "postback")
    if postback:
        message_id = text_in(postback, "mid") or f"postback {sender_id} {text_in(event, 'timestamp')}"
        text = text_in(postback, "title") or text_in(postback, "payload")
        return [Inbound(message_id, sender_id, text, sent_at=at)] if text else []
    if not text_in(message, "mid") or message.get("is_deleted"):
        return []
    text = text_in(message, "text")
    attachments = tuple(map(_attachment, children(message, "attachments")))
    if text:  # previews of links in the text
        attachments = tuple(each for each in attachments if each.kind != "unknown")
    elif not attachments:
        attachments = (Attachment("unknown"),)
    return [Inbound(text_in(message, "mid"), sender_id, text, sent_at=at, attachments=attachments)]


def _attachment(attachment: JsonObject) -> Attachment:
    payload = child(attachment, "payload")
    kind = _KINDS.get(text_in(attachment, "type"), "unknown")
    if payload.get("sticker_id"):
        kind = "sticker"
    return Attachment(kind, reference=text_in(payload, "url") or None)


def _edited(edit: JsonObject) -> list[Edited]:
    message_id, text = text_in(edit, "mid"), text_in(edit, "text")
    return [Edited(message_id, text)] if message_id and text else []


def _echo(event: JsonObject, at: datetime) -> list[Receipt]:
    """A copy of a message that the page has sent. If it was this channel, it proves that the message was sent."""
    message = child(event, "message")
    send_id = graph.send_id(text_in(message, "metadata"))
    return [Receipt("sent", at, text_in(message, "mid") or None, send_id)] if send_id else []


def _receipts(event: JsonObject, sender_id: str, at: datetime) -> list[Receipt]:
    """The receipts in an event. A watermark applies to all messages until that time."""
    found: list[Receipt] = []
    names: tuple[tuple[str, ReceiptStatus], ...] = (("delivery", "delivered"), ("read", "read"))
    for name, status in names:
        receipt = child(event, name)
        message_ids = [text_in(receipt, "mid")] if receipt.get("mid") else _texts(receipt.get("mids"))
        found += [Receipt(status, at, message_id) for message_id in message_ids]
        watermark = time_in(receipt, "watermark", _MILLISECONDS)
        if watermark is not None and not message_ids:
            found.append(Receipt(status, watermark, recipient_id=sender_id))
    return found


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _type(message: Outgoing, config: Config) -> dict[str, str]:
    """The kind of message for Meta, which lets only people write after the window has closed."""
    is_late = message.last_inbound_at is not None and datetime.now(UTC) - message.last_inbound_at >= WINDOW
    if is_late and message.sender_name is not None and config.settings.get("human_agent"):
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return {"messaging_type": "RESPONSE"}


def _content(message: Outgoing) -> dict[str, Any]:
    titles = list(dict.fromkeys(message.buttons))
    if not titles or len(titles) > MAX_QUICK_REPLIES or max(map(len, titles)) > _MAX_QUICK_REPLY_TITLE:
        return {"text": message.text}
    replies = [{"content_type": "text", "title": title, "payload": title} for title in titles]
    return {"text": message.text, "quick_replies": replies}


KIND = Messenger()
