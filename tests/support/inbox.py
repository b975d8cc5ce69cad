"""Conversations for tests of the inbox, and what staff do there in a browser."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from tests.support.factories import Shop
from tests.support.visit import Visit


def start(shop: Shop, text: str = "Hello!", **values: Any) -> str:
    """The ID of a conversation that the assistant has answered."""
    conversation_id: str = shop.say(text, **values).get_json()["conversation_id"]
    return conversation_id


def start_waiting(shop: Shop, text: str = "I want to talk to a human") -> str:
    """The ID of a conversation that was handed over by a keyword, in which the customer waits."""
    settings = {"speculation": "off", "handover": {"keywords": ["human"]}}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    conversation_id = start(shop, text)
    hold_message(shop, "Is anybody there?")
    return conversation_id


def hold_message(shop: Shop, text: str) -> None:
    """The customer writes while people handle the conversation."""
    answer = shop.say(text)
    assert answer.status_code == 202, answer.text


def open_conversation(visit: Visit, conversation_id: str) -> Page:
    page = visit.open(f"/inbox/{conversation_id}")
    expect(page.get_by_role("log")).to_be_visible()
    return page


def write(page: Page, text: str, kind: str = "Reply") -> None:
    page.get_by_role("textbox", name=kind, exact=True).fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text(text)).to_be_visible()


def messages(shop: Shop, conversation_id: str, **query: Any) -> list[tuple[str, str | None, str]]:
    """The sender, the sender's name and the text of each message."""
    rows = shop.get(f"/conversations/{conversation_id}/messages", **query).get_json()
    return [(row["sender_type"], row["sender_name"], row["message_content"]) for row in rows]


@contextmanager
def customer_stream(visit: Visit, conversation_id: str) -> Iterator[Iterator[dict[str, Any]]]:
    """The messages of a conversation from now on and before, as the customer's chat window receives them."""
    address = f"{visit.server.url}/api/v1/conversations/{conversation_id}/stream"
    with urlopen(Request(address, headers=visit.shop.headers), timeout=30) as response:
        yield (json.loads(line.removeprefix(b"data: ")) for line in response if line.startswith(b"data: "))
