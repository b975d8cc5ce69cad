"""Changes the form of messages for models that do not accept every sequence of roles. The text stays the same."""

from collections.abc import Sequence
from typing import Any

Message = dict[str, str]


def merge_system(messages: list[Message]) -> list[Message]:
    """Returns the messages with the system text at the beginning of the first user message."""
    system = "\n\n".join(message["content"] for message in messages if message["role"] == "system")
    others = [message for message in messages if message["role"] != "system"]
    if not system:
        return others
    if others and others[0]["role"] == "user":
        return [{"role": "user", "content": f"{system}\n\n{others[0]['content']}"}, *others[1:]]
    return [{"role": "user", "content": system}, *others]


def merge_consecutive(messages: list[Message]) -> list[Message]:
    """Returns the messages with consecutive messages of one role joined."""
    merged: list[Message] = []
    for message in messages:
        if merged and merged[-1]["role"] == message["role"]:
            merged[-1] = {**message, "content": f"{merged[-1]['content']}\n\n{message['content']}"}
        else:
            merged.append(message)
    return merged


def with_images(body: dict[str, Any], images: Sequence[str]) -> dict[str, Any]:
    """Returns the body of a request with images (URLs) in its last message."""
    if not images:
        return body
    *others, last = body["messages"]
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in images]
    return {**body, "messages": [*others, {**last, "content": [{"type": "text", "text": last["content"]}, *parts]}]}
