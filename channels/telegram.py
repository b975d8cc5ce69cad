"""Telegram, through the Bot API."""

import hmac
from typing import Any, ClassVar
from urllib.parse import quote

from channels.base import (
    Attachment,
    AttachmentKind,
    Capabilities,
    Config,
    Edited,
    Forged,
    Inbound,
    Kind,
    OutcomeUnknown,
    Outgoing,
    Parsed,
    Request,
    Secret,
    SendFailed,
    Sent,
)
from channels.http import MAX_FILE_BYTES, Http
from channels.payloads import JsonObject, child, children, read_object, text_in, time_in

_KINDS: dict[str, AttachmentKind] = {
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "document": "file",
    "sticker": "sticker",
    "venue": "location",
    "location": "location",
    "contact": "contact",
}


class Telegram(Kind):
    """A bot. It answers in private chats only."""

    name = "telegram"
    title = "Telegram"
    settings_schema: ClassVar[dict[str, Any]] = {"type": "object", "properties": {}, "additionalProperties": False}
    secrets = (
        Secret(
            "bot_token",
            "Bot token",
            "@BotFather sends it to you when you create the bot.",
            pattern="[0-9]+:[A-Za-z0-9_-]+",
        ),
        Secret(
            "webhook_secret",
            "Webhook secret",
            "Telegram sends it with each request. Use letters, digits, - and _ only.",
            generated=True,
            pattern="[A-Za-z0-9_-]{16,256}",
        ),
    )
    capabilities = Capabilities(buttons=20, images=True, typing=True, max_text=4096)

    def verify(self, request: Request, config: Config) -> None:
        secret = config.secrets.get("webhook_secret", "")
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token") or ""
        if not secret or request.method != "POST" or not hmac.compare_digest(given.encode(), secret.encode()):
            raise Forged("The secret token is wrong. Call setWebhook again with the channel's webhook secret.")

    def parse(self, request: Request, config: Config) -> Parsed:
        update = read_object(request.body)
        return Parsed(messages=_inbound(child(update, "message")), edits=_edited(child(update, "edited_message")))

    def send(self, message: Outgoing, config: Config, http: Http) -> Sent:
        result = _call("sendMessage", _content(message), config, http)
        return Sent(f"{message.recipient_id}:{text_in(child(result, 'result'), 'message_id')}")

    def download(self, attachment: Attachment, config: Config, http: Http) -> bytes:
        bot, file_id = f"bot{config.secrets['bot_token']}", quote(attachment.reference or "", safe="")
        found = http.download(f"{config.telegram_url}/{bot}/getFile?file_id={file_id}")
        try:
            path = text_in(child(read_object(found), "result"), "file_path")
        except ValueError as error:
            raise SendFailed("Telegram has not described the file.", code="invalid_response") from error
        return http.download(f"{config.telegram_url}/file/{bot}/{path}")

    def acknowledge(self, message: Inbound, config: Config, http: Http) -> None:
        _call("sendChatAction", {"chat_id": message.sender_id, "action": "typing"}, config, http)


def _inbound(message: JsonObject) -> tuple[Inbound, ...]:
    """The message in an update, or nothing if it is not one of a person in a private chat."""
    if not _is_private(message) or child(message, "from").get("is_bot"):
        return ()
    sender, text = child(message, "from"), _text(message)
    attachment = _attachment(message)
    if not text and attachment is None:
        attachment = Attachment("unknown")
    name = f"{text_in(sender, 'first_name')} {text_in(sender, 'last_name')}".strip()
    return (
        Inbound(
            message_id=_message_id(message),
            sender_id=text_in(child(message, "chat"), "id"),
            text=text,
            sender_name=name or None,
            language=text_in(sender, "language_code") or None,
            sent_at=time_in(message, "date"),
            attachments=() if attachment is None else (attachment,),
        ),
    )


def _edited(message: JsonObject) -> tuple[Edited, ...]:
    text = _text(message)
    return (Edited(_message_id(message), text),) if text and _is_private(message) else ()


def _is_private(message: JsonObject) -> bool:
    chat = child(message, "chat")
    return chat.get("type") == "private" and bool(chat.get("id")) and bool(message.get("message_id"))


def _message_id(message: JsonObject) -> str:
    """The ID of a message with that of its chat, because it is unique in the chat only."""
    return f"{text_in(child(message, 'chat'), 'id')}:{text_in(message, 'message_id')}"


def _text(message: JsonObject) -> str:
    return text_in(message, "text") or text_in(message, "caption")


def _attachment(message: JsonObject) -> Attachment | None:
    """What is attached to a message. A photo comes in several sizes: the largest one that is not too large."""
    photos = children(message, "photo")
    if photos:
        sizes = [each for each in photos if _size(each) <= MAX_FILE_BYTES] or photos[:1]
        return Attachment("image", "image/jpeg", text_in(max(sizes, key=_size), "file_id"))
    for name, kind in _KINDS.items():
        if content := child(message, name):
            media_type = text_in(content, "mime_type") or None
            if kind == "file" and (media_type or "").startswith("image/"):  # sent without compression
                kind = "image"
            return Attachment(
                kind, media_type, text_in(content, "file_id") or None, name=text_in(content, "file_name") or None
            )
    return None


def _size(photo: JsonObject) -> int:
    size = photo.get("file_size")
    return size if isinstance(size, int) else 0


def _content(message: Outgoing) -> JsonObject:
    """The message, with a keyboard of the texts to choose from, or without the one of an earlier message."""
    titles = list(dict.fromkeys(message.buttons))
    keyboard: JsonObject = {"remove_keyboard": True}
    if titles:
        keyboard = {
            "keyboard": [[{"text": title}] for title in titles],
            "one_time_keyboard": True,
            "resize_keyboard": True,
        }
    return {"chat_id": message.recipient_id, "text": message.text, "reply_markup": keyboard}


def _call(method: str, body: JsonObject, config: Config, http: Http) -> JsonObject:
    """The result of a method of the Bot API. Raises SendFailed and OutcomeUnknown."""
    url = f"{config.telegram_url}/bot{config.secrets.get('bot_token', '')}/{method}"
    response = http.send("POST", url, json_body=body)
    value = response.json
    result: JsonObject = value if isinstance(value, dict) else {}
    if response.is_ok and result.get("ok") is True:
        return result
    description = text_in(result, "description") or f"Telegram answered with status {response.status}."
    match response.status:
        case 429:
            seconds = child(result, "parameters").get("retry_after")
            delay = float(seconds) if isinstance(seconds, int) else response.retry_after
            raise SendFailed(description, code="rate_limited", retry_after=delay)
        case 401 | 404:  # of the token: with another one, the message can be sent
            raise SendFailed(description, code="unauthorized")
    response.raise_for_status(description)
    raise OutcomeUnknown(description, code="invalid_response")


KIND = Telegram()
