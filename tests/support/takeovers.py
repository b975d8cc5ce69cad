"""Conversations that people take over, in tests."""

from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.os_users import wait_for


def start(shop: Shop) -> str:
    """A conversation with one answered message; returns its path."""
    conversation_id = shop.say("hello").get_json()["conversation_id"]
    return f"/conversations/{conversation_id}"


def texts(shop: Shop, conversation: str) -> list[str]:
    return [row["message_content"] for row in shop.get(f"{conversation}/messages").get_json()]


def last_prompt(fake_model: FakeModel) -> str:
    return str(fake_model.requests[-1]["messages"])


def wait_for_texts(shop: Shop, conversation: str, count: int) -> list[str]:
    """Waits until the conversation has this number of messages."""
    found: list[str] = wait_for(
        lambda: rows if len(rows := texts(shop, conversation)) >= count else [], f"{count} messages", pause=0.05
    )
    assert len(found) == count
    return found
