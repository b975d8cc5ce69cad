"""Channels of chat widgets, and requests as the widget sends them."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from werkzeug.test import TestResponse

from tests.support.factories import Shop, made

ORIGIN = "https://www.example.com"


@dataclass
class Widget:
    """The widget of a channel, on a page of ORIGIN."""

    shop: Shop
    channel_id: str
    secret: str
    origin: str = ORIGIN
    token: str | None = field(default=None, repr=False)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a request of the widget, as the visitor if there is one."""
        given = {"Origin": self.origin, **headers}
        if self.token:
            given.setdefault("Authorization", f"Bearer {self.token}")
        url = f"/api/v1/widget/{self.channel_id}/{path}"
        return self.shop.client.open(url, method=method, json=body, headers=given)

    def start(self, **body: Any) -> dict[str, Any]:
        """Start a session, and be its visitor from now on."""
        response = self.send("POST", "sessions", body)
        assert response.status_code == 200, response.text
        session: dict[str, Any] = response.get_json()
        self.token = session["token"]
        return session

    def say(self, text: str, message_id: str | None = None) -> list[tuple[str, dict[str, Any]]]:
        """Send a message; returns the events of the response, by name."""
        response = self.send("POST", "messages", {"message_id": message_id or str(uuid4()), "text": text})
        assert response.status_code == 200, response.text
        return read_events(response.text)

    def page(self, **query: Any) -> dict[str, Any]:
        """The visitor's messages and the state of their conversation."""
        names = "&".join(f"{name}={value}" for name, value in query.items())
        page: dict[str, Any] = self.send("GET", f"messages?{names}").get_json()
        return page

    def texts(self) -> list[str]:
        return [each["text"] for each in self.page()["messages"]]


def make_widget(shop: Shop, name: str = "Website", **settings: Any) -> Widget:
    """Create a channel of the kind `widget`."""
    body = {"kind": "widget", "name": name, "settings": {"allowed_origins": [ORIGIN], **settings}}
    channel = made(shop.post("/channels", body))
    return Widget(shop, channel["channel_id"], channel["secrets"]["identity_secret"])


def read_events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """The names and data of server-sent events."""
    events = []
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith(":")]
        if lines:
            name, data = (line.partition(": ")[2] for line in lines)
            events.append((name, json.loads(data)))
    return events
