"""Generic channels of tests: a signed sender, and a receiver of replies."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from standardwebhooks import Webhook
from werkzeug.test import TestResponse

from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.os_users import wait_for
from tests.support.web_server import Answer, WebServer, http

ACCEPTED = http(b'{"id": "p-1"}')
DOWN = http(b"", "503 Service Unavailable")


class Chat(WebServer):
    """A system that is connected as a generic channel: it receives replies, and its customers write."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(*(answers or (ACCEPTED,)))
        self.channel_id = self.secret = ""

    def connect_to(self, shop: Shop, name: str = "Chat", **settings: Any) -> None:
        """Create the channel."""
        body = {"kind": "generic", "name": name, "settings": {"url": f"http://127.0.0.1:{self.port}/", **settings}}
        created = made(shop.post("/channels", body))
        self.channel_id, self.secret = created["channel_id"], created["secrets"]["signing_secret"]

    @property
    def path(self) -> str:
        return f"/api/v1/channels/{self.channel_id}/webhook"

    def signed(self, body: Any, at: datetime | None = None) -> tuple[bytes, dict[str, str]]:
        """The body of a request and its headers."""
        raw, at, request_id = json.dumps(body, ensure_ascii=False), at or datetime.now(UTC), str(uuid4())
        headers = {
            "content-type": "application/json",
            "webhook-id": request_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(request_id, at, raw),
        }
        return raw.encode(), headers

    def deliver(self, shop: Shop, body: Any, at: datetime | None = None) -> TestResponse:
        """Send a signed request to the channel."""
        raw, headers = self.signed(body, at)
        return shop.client.post(self.path, data=raw, headers=headers)

    def say(self, shop: Shop, message_id: str, text: str, sender_id: str = "a", **values: Any) -> TestResponse:
        """Let a customer write."""
        message = {"message_id": message_id, "sender_id": sender_id, "text": text, **values}
        return self.deliver(shop, {"messages": [message]})

    def received(self) -> list[dict[str, Any]]:
        """The messages that were sent to customers so far. Each signature was valid."""
        return [self._verified(request) for request in list(self.requests)]

    def texts(self) -> list[str]:
        return [message["text"] for message in self.received()]

    def _verified(self, request: bytes) -> dict[str, Any]:
        head, _, body = request.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        message: dict[str, Any] = Webhook(self.secret).verify(body, headers)
        return message


def unsent_messages(shop: Shop, chat: Chat) -> list[dict[str, Any]]:
    """A new customer's message with an image, and the reply, which could not be sent because the application may not
    call this machine."""
    sender_id = uuid4().hex
    image = {"kind": "image", "url": "http://127.0.0.1:9/"}
    assert chat.say(shop, sender_id, "Hello", sender_id, attachments=[image]).status_code == 200

    def find() -> list[dict[str, Any]]:
        user = shop.get("/users", q=f"{chat.channel_id}:{sender_id}").get_json()[0]
        [conversation] = shop.get(f"/users/{user['user_id']}/conversations").get_json()
        page: list[dict[str, Any]] = shop.get(f"/conversations/{conversation['conversation_id']}/messages").get_json()
        return page if page[-1]["delivery"] and page[-1]["delivery"]["status"] == "failed" else []

    found: list[dict[str, Any]] = wait_for(find, "the failure")
    return found


def advance_clock(sql: Connection, shop: Shop, seconds: float) -> None:
    """Let time pass for the messages of a business: all its times move into the past."""
    parameters = {"business_id": UUID(shop.business_id), "seconds": seconds}
    sql.execute(
        """
        UPDATE channel_sends SET deadline = deadline - make_interval(secs => %(seconds)s)
        WHERE business_id = %(business_id)s
        """,
        parameters,
    )
    sql.execute(
        "UPDATE jobs SET run_at = run_at - make_interval(secs => %(seconds)s) WHERE business_id = %(business_id)s",
        parameters,
    )
