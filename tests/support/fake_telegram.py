"""A fake of Telegram's Bot API, as https://core.telegram.org/bots/api describes it."""

import itertools
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.fake_provider import Accepted, Answer, Call, Delivery, FakeProvider

BOT_TOKEN, WEBHOOK_SECRET = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11", "webhook-secret-0123456789"
SECRETS = {"bot_token": BOT_TOKEN, "webhook_secret": WEBHOOK_SECRET}
_MAX_TEXT = 4096


def telegram_error(status: int, description: str, **parameters: int) -> Answer:
    """An error as the Bot API returns it."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return Answer(status, {**body, "parameters": parameters} if parameters else body)


def too_many_requests(seconds: int) -> Answer:
    return telegram_error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


BLOCKED = telegram_error(403, "Forbidden: bot was blocked by the user")


def signed(update: dict[str, Any], secret: str = WEBHOOK_SECRET) -> Delivery:
    """A webhook request of Telegram."""
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
    return Delivery(json.dumps(update).encode(), headers)


class FakeTelegram(FakeProvider):
    """Accepts messages of one bot. `files` are those that customers have sent, by ID."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.bot_token = BOT_TOKEN
        self.files: dict[str, bytes] = {}
        self.actions: list[dict[str, Any]] = []  # typing indicators
        self._ids = itertools.count(1000)

    def answer(self, call: Call) -> Answer:
        match call.path.strip("/").split("/"):
            case ["file", bot, "photos", file_id] if bot == f"bot{self.bot_token}" and file_id in self.files:
                return Answer(200, self.files[file_id], {"Content-Type": "application/octet-stream"})
            case [bot, _] if bot != f"bot{self.bot_token}":
                return telegram_error(401, "Unauthorized")
            case [_, "sendMessage"]:
                return self._send(call.json)
            case [_, "sendChatAction"]:
                self.actions.append(call.json)
                return Answer(200, {"ok": True, "result": True})
            case [_, get_file] if get_file.partition("?")[0] == "getFile":
                file_id = parse_qs(urlsplit(call.path).query)["file_id"][0]
                if file_id not in self.files:
                    return telegram_error(400, "Bad Request: invalid file_id")
                result = {"file_id": file_id, "file_size": len(self.files[file_id]), "file_path": f"photos/{file_id}"}
                return Answer(200, {"ok": True, "result": result})
        return telegram_error(404, "Not Found")

    def random_failure(self) -> Answer:
        bad_gateway = telegram_error(502, "Bad Gateway")
        return self.random.choice([too_many_requests(1), bad_gateway])

    def _send(self, body: dict[str, Any]) -> Answer:
        chat_id, text = str(body.get("chat_id", "")), body.get("text")
        if not chat_id.lstrip("-").isdecimal():
            return telegram_error(400, "Bad Request: chat not found")
        if not text or not text.strip():
            return telegram_error(400, "Bad Request: message text is empty")
        if len(text) > _MAX_TEXT:
            return telegram_error(400, "Bad Request: message is too long")
        if failure := self.next_failure():
            return failure
        message_id = next(self._ids)
        result = {"message_id": message_id, "date": int(time.time()), "chat": {"id": int(chat_id), "type": "private"}}
        answer = Answer(200, {"ok": True, "result": {**result, "text": text}})
        return self.accept(Accepted(f"{chat_id}:{message_id}", chat_id, text, body), answer)


def telegram_message(update_id: int, chat_id: int, content: dict[str, Any], key: str = "message") -> dict[str, Any]:
    """An update with a message that has the same number, such as `{"text": "Hello"}`."""
    sender = {"id": chat_id, "is_bot": False, "first_name": "Ada", "last_name": "King", "language_code": "de"}
    message = {
        "message_id": update_id,
        "from": sender,
        "chat": {"id": chat_id, "first_name": "Ada", "type": "private"},
        "date": int(time.time()),
        **content,
    }
    return {"update_id": update_id, key: message}
