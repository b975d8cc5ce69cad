"""Formats messages and summaries of a conversation for a prompt."""

import re
from typing import Any

_NEW_LINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SPEAKERS = {"user": "Customer", "assistant": "Assistant", "agent": "Human agent"}


def transcript_lines(rows: list[dict[str, Any]]) -> list[str]:
    """Returns the messages, each with its speaker.

    Further lines of a message are indented, so that a customer cannot imitate a message of another speaker.
    """
    return [_NEW_LINE.sub("\n    ", f"{_SPEAKERS[row['sender_type']]}: {row['message_content']}") for row in rows]


def as_summary(summary: dict[str, Any] | None) -> str | None:
    """Returns a stored summary as text: its overview, then its lists."""
    if not summary:
        return None
    lists = {"key_points": "Key points", "decisions": "Decisions", "pending_items": "Pending", "next_steps": "Next"}
    parts = [str(summary.get("overview") or "")]
    parts += [f"{label}: {'; '.join(map(str, summary[name]))}" for name, label in lists.items() if summary.get(name)]
    return "\n".join(part for part in parts if part) or None
