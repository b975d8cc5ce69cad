"""WhatsApp, through the Cloud API of Meta."""

import re
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

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
    Rated,
    Receipt,
    ReceiptStatus,
    Request,
    SendFailed,
    Sent,
)
from channels.http import Http
from channels.payloads import JsonObject, child, children, read_object, text_in, time_in

_MAX_REPLY_BUTTONS, _MAX_REPLY_BUTTON_TITLE, _MAX_REPLY_BUTTONS_TEXT = 3, 20, 1024
_MAX_ROWS, _MAX_ROW_TITLE = 10, 24
_GOOD, _BAD = "👍", "👎"
_RATING = re.compile(r"rate:(good|bad):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")  # the ID of such a button
_OPEN_LIST = "⌄"  # the button that opens a list; an arrow needs no translation
_IGNORED = ("reaction", "system", "revoke", "request_welcome")
_KINDS: dict[str, AttachmentKind] = {
    "image": "image",
    "audio": "voice",
    "video": "video",
    "document": "file",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact",
}
_STATUSES: dict[str, ReceiptStatus] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}


class WhatsApp(Kind):
    """A phone number of the WhatsApp Business Platform."""

    name = "whatsapp"
    title = "WhatsApp"
    settings_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "phone_number_id": {
                "type": "string",
                "title": "Phone number ID",
                "description": "The ID below the number in the app's settings, under WhatsApp, API Setup. It is not"
                " the number itself.",
                "pattern": "^[0-9]{5,30}$",
            },
            "ratings": {
                "type": "boolean",
                "title": "Ratings",
                "description": f"Answers have the buttons {_GOOD} and {_BAD}, unless they have other buttons or more"
                f" than {_MAX_REPLY_BUTTONS_TEXT:,} characters.",
                "default": False,
            },
        },
        "required": ["phone_number_id"],
        "additionalProperties": False,
    }
    secrets = graph.SECRETS
    capabilities = Capabilities(
        buttons=_MAX_ROWS, images=True, typing=True, receipts=True, window=timedelta(hours=24), max_text=4096
    )

    def verify(self, request: Request, config: Config) -> None:
        graph.verify(request, config)

    def parse(self, request: Request, config: Config) -> Parsed:
        if request.method == "GET":
            return graph.handshake(request)
        messages: list[Inbound] = []
        edits: list[Edited] = []
        ratings: list[Rated] = []
        receipts: list[Receipt] = []
        for entry in children(read_object(request.body), "entry"):
            for change in children(entry, "changes"):
                value = child(change, "value")
                number = text_in(child(value, "metadata"), "phone_number_id")
                if change.get("field") != "messages" or number != config.settings["phone_number_id"]:
                    continue  # of another number of the same app
                contacts = children(value, "contacts")
                for message in children(value, "messages"):
                    if message.get("type") == "edit":
                        edits += _edited(message)
                    elif rated := _rated(message):
                        ratings.append(rated)
                    else:
                        messages += _inbound(message, contacts)
                for status in children(value, "statuses"):
                    receipts += _receipt(status, request)
        return Parsed(tuple(messages), tuple(receipts), tuple(edits), tuple(ratings))

    def send(self, message: Outgoing, config: Config, http: Http) -> Sent:
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **_recipient(message),
            **_content(message),
            "biz_opaque_callback_data": str(message.send_id),
        }
        response = graph.post(f"{config.settings['phone_number_id']}/messages", body, config, http)
        return Sent(next((text_in(each, "id") for each in children(response, "messages")), None))

    def download(self, attachment: Attachment, config: Config, http: Http) -> bytes:
        number = config.settings["phone_number_id"]
        media = graph.download(f"{config.graph_url}/{attachment.reference}?phone_number_id={number}", config, http)
        try:
            return graph.download(text_in(read_object(media), "url"), config, http)
        except ValueError as error:
            raise SendFailed("WhatsApp has not described the file.", code="invalid_response") from error

    def acknowledge(self, message: Inbound, config: Config, http: Http) -> None:
        body = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": message.message_id,
            "typing_indicator": {"type": "text"},
        }
        graph.post(f"{config.settings['phone_number_id']}/messages", body, config, http)


def _inbound(message: JsonObject, contacts: list[JsonObject]) -> list[Inbound]:
    """The message, or nothing if it is not one that is answered.

    People who hide their phone number have only a user ID, so that is what identifies them. Older requests contain the
    number alone.
    """
    phone, user_id, kind = text_in(message, "from"), text_in(message, "from_user_id"), text_in(message, "type")
    if not text_in(message, "id") or not (user_id or phone) or kind in _IGNORED:
        return []
    contact = next((each for each in contacts if _is_of(each, phone, user_id)), {})
    text, attachments = _contents(message, kind)
    return [
        Inbound(
            message_id=text_in(message, "id"),
            sender_id=user_id or phone,
            text=text,
            sender_name=text_in(child(contact, "profile"), "name") or None,
            sent_at=time_in(message, "timestamp"),
            attachments=attachments,
            details={"phone": phone} if phone else {},
            phone=f"+{phone}" if phone else None,
        )
    ]


def _is_of(contact: JsonObject, phone: str, user_id: str) -> bool:
    return bool((user_id and contact.get("user_id") == user_id) or (phone and contact.get("wa_id") == phone))


def _contents(message: JsonObject, kind: str) -> tuple[str, tuple[Attachment, ...]]:
    """The text and the attachments of a message. The text of a button is that of the message."""
    content = child(message, kind)
    match kind:
        case "text":
            return text_in(content, "body"), ()
        case "button":
            return text_in(content, "text"), ()
        case "interactive":
            reply = child(content, "button_reply") or child(content, "list_reply")
            if reply:
                return text_in(reply, "title"), ()
    attachment = Attachment(
        kind=_KINDS.get(kind, "unknown"),
        media_type=text_in(content, "mime_type") or None,
        reference=text_in(content, "id") or None,
        name=text_in(content, "filename") or None,
    )
    return text_in(content, "caption"), (attachment,)


def _edited(message: JsonObject) -> list[Edited]:
    edit = child(message, "edit")
    changed = child(edit, "message")
    text, _ = _contents(changed, text_in(changed, "type"))
    original = text_in(edit, "original_message_id")
    return [Edited(original, text)] if original and text else []


def _rated(message: JsonObject) -> Rated | None:
    """The rating, if the message is a press of one of our buttons."""
    button = child(child(message, "interactive"), "button_reply")
    match = _RATING.fullmatch(text_in(button, "id"))
    sender_id = text_in(message, "from_user_id") or text_in(message, "from")
    if match is None or not sender_id:
        return None
    return Rated(sender_id, UUID(match[2]), "good" if match[1] == "good" else "bad")


def _receipt(status: JsonObject, request: Request) -> list[Receipt]:
    name = _STATUSES.get(text_in(status, "status"))
    if name is None or not text_in(status, "id"):
        return []
    error: JsonObject = next(iter(children(status, "errors")), {}) if name == "failed" else {}
    return [
        Receipt(
            status=name,
            at=time_in(status, "timestamp") or request.received_at,
            provider_id=text_in(status, "id"),
            send_id=graph.send_id(text_in(status, "biz_opaque_callback_data")),
            code=graph.code_of(error) if error else None,
            error=graph.describe(error) if error else None,
        )
    ]


def _recipient(message: Outgoing) -> dict[str, str]:
    """The phone number if it is known, as WhatsApp recommends, because then it stays known; otherwise the user ID."""
    phone = message.details.get("phone") or message.recipient_id.removeprefix("+")
    return {"to": phone} if phone.isdecimal() else {"recipient": message.recipient_id}


def _content(message: Outgoing) -> dict[str, Any]:
    if message.template is not None:
        return {"type": "template", "template": _template(message.template)}
    titles = list(dict.fromkeys(message.buttons))
    longest, is_short = max(map(len, titles), default=0), len(message.text) <= _MAX_REPLY_BUTTONS_TEXT
    if is_short and 0 < len(titles) <= _MAX_REPLY_BUTTONS and longest <= _MAX_REPLY_BUTTON_TITLE:
        buttons = [{"type": "reply", "reply": {"id": title, "title": title}} for title in titles]
        return _interactive("button", message.text, {"buttons": buttons})
    if is_short and message.text and not titles and message.rated_message_id:
        ids = {title: f"rate:{name}:{message.rated_message_id}" for name, title in (("good", _GOOD), ("bad", _BAD))}
        buttons = [{"type": "reply", "reply": {"id": each, "title": title}} for title, each in ids.items()]
        return _interactive("button", message.text, {"buttons": buttons})
    if 0 < len(titles) <= _MAX_ROWS and longest <= _MAX_ROW_TITLE:
        rows = [{"id": title, "title": title} for title in titles]
        return _interactive("list", message.text, {"button": _OPEN_LIST, "sections": [{"rows": rows}]})
    return {"type": "text", "text": {"body": message.text, "preview_url": True}}


def _interactive(kind: str, text: str, action: dict[str, Any]) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": text}, "action": action}}


def _template(template: Any) -> dict[str, Any]:
    """The template with the texts for its body, by position or by name."""
    parameters = template.get("parameters") or []
    if isinstance(parameters, dict):
        texts = [{"type": "text", "parameter_name": name, "text": str(text)} for name, text in parameters.items()]
    else:
        texts = [{"type": "text", "text": str(text)} for text in parameters]
    components = [{"type": "body", "parameters": texts}] if texts else []
    language = template["language"].replace("-", "_")  # WhatsApp writes en_GB
    return {"name": template["name"], "language": {"code": language}, "components": components}


KIND = WhatsApp()
