"""Formats messages and summaries of a conversation for a prompt."""

import re
from typing import Any

_NEW_LINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
MAX_CHARACTERS = 100_000  # the default; exceeds the context of most models
_SPEAKERS = {"user": "Customer", "assistant": "Assistant", "agent": "Human agent"}


def as_transcript(rows: list[dict[str, Any]], max_characters: int = MAX_CHARACTERS) -> str:
    """Returns the messages, oldest first, each with its speaker.

    Further lines of a message are indented, so that a customer cannot imitate a message of another speaker.
    """
    lines = [_NEW_LINE.sub("\n    ", f"{_SPEAKERS[row['sender_type']]}: {row['message_content']}") for row in rows]
    return latest_that_fit(lines, max_characters)


def latest_that_fit(lines: list[str], max_characters: int = MAX_CHARACTERS) -> str:
    """Returns as many of the last lines as fit, and at least the beginning of the last one."""
    kept: list[str] = []
    characters_left = max_characters
    for line in reversed(lines):
        characters_left -= len(line) + 1
        if characters_left < 0:
            kept = kept or [f"{line[: max_characters - 1]}…"]
            break
        kept.append(line)
    return "\n".join(reversed(kept))


def as_summary(summary: dict[str, Any] | None) -> str | None:
    """Returns a stored summary as text: its overview, then its lists."""
    if not summary:
        return None
    lists = {"key_points": "Key points", "decisions": "Decisions", "pending_items": "Pending", "next_steps": "Next"}
    parts = [str(summary.get("overview") or "")]
    parts += [f"{label}: {'; '.join(map(str, summary[name]))}" for name, label in lists.items() if summary.get(name)]
    return "\n".join(part for part in parts if part) or None
