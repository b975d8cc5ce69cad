"""A fake of Meta's Graph API: WhatsApp, Messenger and Instagram, with the webhooks of an app.

It checks requests as https://developers.facebook.com/documentation/business-messaging describes.
"""

import hashlib
import hmac
import itertools
import json
import time
from typing import Any

from tests.support.fake_provider import Accepted, Answer, Call, Delivery, FakeProvider

ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN = "EAAB-token", "app-secret-0123456789", "verify-0123456789"
NUMBER_ID, PAGE_ID, INSTAGRAM_ID = "106540352242922", "112233445566778", "17841400000000001"
SECRETS = {"access_token": ACCESS_TOKEN, "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN}
VERSION = "/v23.0"
_MAX_WHATSAPP_TEXT, _MAX_PAGE_TEXT, _MAX_INSTAGRAM_BYTES = 4096, 2000, 1000

RATE_LIMIT = (400, 130429, "Rate limit hit")
PAIR_LIMIT = (400, 131056, "(Business Account, Consumer Account) pair rate limit hit")
WINDOW_CLOSED = (400, 131047, "Re-engagement message")
OUTAGE = (500, 131000, "Something went wrong")
TOKEN_EXPIRED = (401, 190, "Error validating access token")


def graph_error(status: int, code: int, message: str, subcode: int | None = None, details: str = "") -> Answer:
    """An error as the Graph API returns it."""
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, "fbtrace_id": "Az8or2yhqkZf"}
    if subcode is not None:
        error["error_subcode"] = subcode
    if details:
        error["error_data"] = {"messaging_product": "whatsapp", "details": details}
    return Answer(status, {"error": error})


def signed(payload: dict[str, Any], secret: str = APP_SECRET) -> Delivery:
    """A webhook request of Meta, which escapes all characters outside of ASCII."""
    body = json.dumps(payload).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}
    return Delivery(body, headers)


class FakeGraph(FakeProvider):
    """Accepts messages of one phone number and one page, and queues the webhook requests about them in `deliveries`.

    `instagram_users` are recipients with the limits of Instagram; `closed_windows` are those who last wrote
    more than 24 hours ago; `media` are the files that customers have sent, by ID.
    """

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.access_token = ACCESS_TOKEN
        self.closed_windows: set[str] = set()
        self.instagram_users: set[str] = set()
        self.media: dict[str, bytes] = {}
        self.acknowledged: list[dict[str, Any]] = []  # read receipts and typing indicators
        self._ids = itertools.count(1)

    @property
    def graph_url(self) -> str:
        """The value of GRAPH_API_URL."""
        return self.url + VERSION

    def answer(self, call: Call) -> Answer:
        path = call.path.partition("?")[0].removeprefix(VERSION)
        needs_token = not path.startswith("/cdn/")  # attachments of Messenger are public
        if needs_token and call.headers.get("authorization") != f"Bearer {self.access_token}":
            return graph_error(*TOKEN_EXPIRED)
        match call.method, path.strip("/").split("/"):
            case "POST", [account, "messages"] if account == NUMBER_ID:
                return self._whatsapp(call.json)
            case "POST", [account, "messages"] if account == PAGE_ID:
                return self._page(call.json)
            case "GET", ["media" | "cdn", media_id] if media_id in self.media:
                return Answer(200, self.media[media_id], {"Content-Type": "image/jpeg"})
            case "GET", [media_id] if media_id in self.media:
                size = len(self.media[media_id])
                url = f"{self.url}/media/{media_id}"
                return Answer(200, {"id": media_id, "url": url, "mime_type": "image/jpeg", "file_size": size})
        return graph_error(400, 100, "Unsupported request", 33)

    def random_failure(self) -> Answer:
        return graph_error(*self.random.choice([RATE_LIMIT, OUTAGE]))

    def _whatsapp(self, body: dict[str, Any]) -> Answer:
        if body.get("messaging_product") != "whatsapp":
            return graph_error(400, 100, "The parameter messaging_product is required.")
        if body.get("status") == "read":
            self.acknowledged.append(body)
            return Answer(200, {"success": True})
        recipient = body.get("to") or body.get("recipient")
        text = _whatsapp_text(body)
        if not recipient or text is None:
            return graph_error(400, 131009, "Parameter value is not valid")
        if recipient in self.closed_windows and body["type"] != "template":
            details = "Message failed to send because more than 24 hours have passed since the customer last replied."
            return graph_error(*WINDOW_CLOSED, details=details)
        if failure := self.next_failure():
            return failure
        message_id = f"wamid.{next(self._ids)}"
        for status in ("sent", "delivered", "read"):
            self.deliveries.append(signed(whatsapp_status(message_id, status, body, str(recipient))))
        answer = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": recipient, "wa_id": recipient}],
            "messages": [{"id": message_id}],
        }
        return self.accept(Accepted(message_id, str(recipient), text, body), Answer(200, answer))

    def _page(self, body: dict[str, Any]) -> Answer:
        recipient = (body.get("recipient") or {}).get("id")
        if not recipient:
            return graph_error(400, 100, "Invalid parameter: recipient")
        if "sender_action" in body:
            self.acknowledged.append(body)
            return Answer(200, {"recipient_id": recipient})
        message = body.get("message") or {}
        text, replies = message.get("text"), message.get("quick_replies") or []
        is_instagram = recipient in self.instagram_users
        if not text or len(text) > _MAX_PAGE_TEXT or (is_instagram and len(text.encode()) > _MAX_INSTAGRAM_BYTES):
            return graph_error(400, 100, "Length of param message[text] must be less than or equal to the limit")
        if len(replies) > 13 or any(len(reply["title"]) > 20 for reply in replies):
            return graph_error(400, 100, "Invalid parameter: quick_replies")
        if body.get("messaging_type") not in ("RESPONSE", "MESSAGE_TAG"):
            return graph_error(400, 100, "Invalid parameter: messaging_type")
        if recipient in self.closed_windows and body.get("tag") != "HUMAN_AGENT":
            return graph_error(400, 10, "This message is sent outside of allowed window.", 2018278)
        if failure := self.next_failure():
            return failure
        message_id = f"m_{next(self._ids)}"
        self.deliveries.append(signed(page_event(recipient, _echo(message_id, message), is_instagram, is_echo=True)))
        receipt = {"read": {"mid": message_id}} if is_instagram else {"delivery": {"mids": [message_id]}}
        self.deliveries.append(signed(page_event(recipient, receipt, is_instagram)))
        answer = {"recipient_id": recipient, "message_id": message_id}
        return self.accept(Accepted(message_id, recipient, text, body), Answer(200, answer))


def _echo(message_id: str, message: dict[str, Any]) -> dict[str, Any]:
    echo = {"mid": message_id, "text": message["text"], "is_echo": True, "app_id": 1517776481860111}
    return {"message": {**echo, "metadata": message["metadata"]} if "metadata" in message else echo}


def _whatsapp_text(body: dict[str, Any]) -> str | None:
    """The text of a message that respects the limits; None for another one."""
    match body:
        case {"type": "text", "text": {"body": str(text)}} if 0 < len(text) <= _MAX_WHATSAPP_TEXT:
            return text
        case {"type": "template", "template": {"name": str(name), "language": {"code": str()}}}:
            return name
        case {"type": "interactive", "interactive": {"type": "button", "body": {"text": str(text)}, "action": action}}:
            titles = [button["reply"]["title"] for button in action["buttons"]]
            is_valid = len(titles) <= 3 and all(len(title) <= 20 for title in titles) and 0 < len(text) <= 1024
            return text if is_valid else None
        case {"type": "interactive", "interactive": {"type": "list", "body": {"text": str(text)}, "action": action}}:
            titles = [row["title"] for section in action["sections"] for row in section["rows"]]
            is_valid = len(titles) <= 10 and all(len(title) <= 24 for title in titles) and 0 < len(text) <= 4096
            return text if is_valid and 0 < len(action["button"]) <= 20 else None
    return None


def whatsapp(value: dict[str, Any], number_id: str = NUMBER_ID) -> dict[str, Any]:
    """A webhook payload of WhatsApp with one change."""
    metadata = {"display_phone_number": "15550783881", "phone_number_id": number_id}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]}


def whatsapp_message(message_id: str, phone: str, content: dict[str, Any], name: str = "Sheena") -> dict[str, Any]:
    """A webhook payload with a message, such as `{"type": "text", "text": {"body": "Hello"}}`."""
    message = {"from": phone, "id": message_id, "timestamp": str(int(time.time())), **content}
    return whatsapp({"contacts": [{"profile": {"name": name}, "wa_id": phone}], "messages": [message]})


def whatsapp_text(message_id: str, phone: str, text: str) -> dict[str, Any]:
    return whatsapp_message(message_id, phone, {"type": "text", "text": {"body": text}})


def whatsapp_status(message_id: str, status: str, body: dict[str, Any], recipient: str) -> dict[str, Any]:
    """A webhook payload with a receipt for the message that the request `body` has sent."""
    found = {"id": message_id, "status": status, "timestamp": str(int(time.time())), "recipient_id": recipient}
    if "biz_opaque_callback_data" in body:
        found["biz_opaque_callback_data"] = body["biz_opaque_callback_data"]
    return whatsapp({"statuses": [found]})


def page_event(
    user_id: str, event: dict[str, Any], is_instagram: bool = False, *, is_echo: bool = False
) -> dict[str, Any]:
    """A webhook payload of Messenger or Instagram, such as `{"message": {"mid": "m_1", "text": "Hello"}}`."""
    account_id, now = INSTAGRAM_ID if is_instagram else PAGE_ID, time.time_ns() // 1_000_000
    sender, recipient = (account_id, user_id) if is_echo else (user_id, account_id)
    messaging = [{"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": now, **event}]
    entry = {"id": account_id, "time": now, "messaging": messaging}
    return {"object": "instagram" if is_instagram else "page", "entry": [entry]}
