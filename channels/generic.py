"""Channels of systems that ICMP does not know: two requests, both signed as in the Standard Webhooks specification.
`docs/channels/generic.md` describes them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker
from standardwebhooks import Webhook, WebhookVerificationError

from channels.base import (
    Attachment,
    Capabilities,
    Config,
    Edited,
    Forged,
    Http,
    Inbound,
    Kind,
    Outgoing,
    Parsed,
    Receipt,
    Request,
    Secret,
    SendFailed,
    Sent,
)
from channels.payloads import read_object

_MAX_BUTTONS = 10
_MAX_TEXT = 4000  # characters of a message
_BODY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "messages": {
            "type": "array",
            "maxItems": 100,
            "items": {
                "type": "object",
                "properties": {
                    "message_id": {"type": "string", "minLength": 1, "maxLength": 500},
                    "sender_id": {"type": "string", "minLength": 1, "maxLength": 500},
                    "text": {"type": "string"},
                    "sender_name": {"type": "string"},
                    "language": {"type": "string", "maxLength": 35},
                    "sent_at": {"type": "string", "format": "date-time"},
                    "thread": {"type": "string", "minLength": 1, "maxLength": 500},
                    "details": {"type": "object"},
                    "answer": {"type": "boolean"},
                    "attachments": {
                        "type": "array",
                        "maxItems": 20,
                        "items": {
                            "type": "object",
                            "properties": {
                                "kind": {
                                    "enum": ["image", "voice", "video", "file", "location", "sticker", "contact"],
                                },
                                "url": {"type": "string", "maxLength": 4000},
                                "media_type": {"type": "string"},
                                "name": {"type": "string"},
                            },
                            "required": ["kind"],
                        },
                    },
                },
                "required": ["message_id", "sender_id"],
            },
        },
        "edits": {
            "type": "array",
            "maxItems": 100,
            "items": {
                "type": "object",
                "properties": {"message_id": {"type": "string"}, "text": {"type": "string"}},
                "required": ["message_id", "text"],
            },
        },
        "receipts": {
            "type": "array",
            "maxItems": 100,
            "items": {
                "type": "object",
                "properties": {
                    "send_id": {"type": "string", "format": "uuid"},
                    "status": {"enum": ["sent", "delivered", "read", "failed"]},
                    "at": {"type": "string", "format": "date-time"},
                    "error": {"type": "string", "maxLength": 500},
                },
                "required": ["send_id", "status"],
            },
        },
    },
}
_VALIDATOR = Draft202012Validator(_BODY, format_checker=FormatChecker())


class Generic(Kind):
    """A system that sends and receives signed JSON."""

    name = "generic"
    title = "Generic webhook"
    settings_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "url": {
                "type": "string",
                "title": "URL for replies",
                "description": "Where ICMP sends each reply with a POST request.",
                "format": "uri",
                "pattern": "^https?://",
                "maxLength": 2000,
            },
        },
        "required": ["url"],
        "additionalProperties": False,
    }
    secrets = (
        Secret(
            "signing_secret",
            "Signing secret",
            "Signs the requests in both directions. Enter it in your Standard Webhooks library.",
            generated=True,
            pattern="(whsec_)?(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2,3})?={0,2}",  # no length that base64 never has
        ),
    )
    capabilities = Capabilities(buttons=_MAX_BUTTONS, images=True, receipts=True, max_text=_MAX_TEXT)

    def verify(self, request: Request, config: Config) -> None:
        """Checks the signature, and that the request is not older than five minutes."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            Webhook(config.secrets["signing_secret"]).verify(request.body, headers, json_parse=False)
        except (WebhookVerificationError, ValueError) as error:
            raise Forged(str(error) or "The signature is wrong.") from error

    def parse(self, request: Request, config: Config) -> Parsed:
        """Reads messages, edits and receipts."""
        body = read_object(request.body)
        if error := next(_VALIDATOR.iter_errors(body), None):
            raise ValueError(error.json_path)
        return Parsed(
            messages=tuple(_inbound(each) for each in body.get("messages", ())),
            edits=tuple(Edited(each["message_id"], each["text"]) for each in body.get("edits", ())),
            receipts=tuple(_receipt(each, request.received_at) for each in body.get("receipts", ())),
        )

    def send(self, message: Outgoing, config: Config, http: Http) -> Sent:
        """Posts the message to the owner's URL. The response may contain an `id`."""
        body = json.dumps(
            {
                "send_id": str(message.send_id),
                "recipient_id": message.recipient_id,
                "text": message.text,
                "buttons": list(message.buttons),
                "template": message.template,
                "thread": message.thread,
                "details": message.details,
                "sender_name": message.sender_name,
            },
            ensure_ascii=False,
        )
        now = datetime.now(UTC)
        signature = Webhook(config.secrets["signing_secret"]).sign(str(message.send_id), now, body)
        headers = {
            "content-type": "application/json",
            "webhook-id": str(message.send_id),
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        response = http.send("POST", config.settings["url"], headers=headers, body=body.encode())
        response.raise_for_status(f"The receiver answered with the status {response.status}.")
        provider_id = response.json.get("id") if isinstance(response.json, dict) else None
        return Sent(provider_id if isinstance(provider_id, str) else None)

    def download(self, attachment: Attachment, config: Config, http: Http) -> bytes:
        """Fetches an image from its URL."""
        if attachment.reference is None:
            raise SendFailed("The image has no URL.", permanent=True)
        return http.download(attachment.reference)


def _inbound(values: Mapping[str, Any]) -> Inbound:
    return Inbound(
        message_id=values["message_id"],
        sender_id=values["sender_id"],
        text=values.get("text", ""),
        sender_name=values.get("sender_name"),
        language=values.get("language"),
        sent_at=datetime.fromisoformat(values["sent_at"]) if "sent_at" in values else None,
        attachments=tuple(
            Attachment(each["kind"], each.get("media_type"), each.get("url"), name=each.get("name"))
            for each in values.get("attachments", ())
        ),
        thread=values.get("thread"),
        details=values.get("details", {}),
        answer=values.get("answer", True),
    )


def _receipt(values: Mapping[str, Any], received_at: datetime) -> Receipt:
    at = datetime.fromisoformat(values["at"]) if "at" in values else received_at
    return Receipt(values["status"], at, send_id=UUID(values["send_id"]), error=values.get("error"))


KIND = Generic()
